import { styleText } from "node:util";

import type { GraphResource, ResourceGraph } from "../graph";
import type { StackResult } from "./run-stack";

type Drawn = Extract<StackResult, { kind: "graph" }>;

/** Colours only where a person looks; `NO_COLOR` turns them off (https://no-color.org). */
const coloured = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;

function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return coloured ? styleText(style, text) : text;
}

/** One stack as a person reads it: the tree of its components, its outputs, what is left to decide, and the totals. */
export function renderStack({ graph, placeholders, region }: Drawn, width: number): string {
  const components = graph.resources.filter((resource) => isTopComponent(resource, graph));
  const custom = graph.resources.filter(({ custom }) => custom).length;
  const kept = graph.resources.filter(({ protect }) => protect).length;
  const lines = [
    `${paint("bold", graph.stack)}  ${graph.cloud}, ${region}`,
    ...components.flatMap((component, index) => renderComponent(component, graph, index === components.length - 1, width)),
    "",
    paint("bold", "Outputs"),
    ...renderOutputs(graph.outputs, width),
    ...renderPlaceholders(placeholders, width),
    "",
    `${custom} resources in ${components.length} components; ${kept} of them protected from deletion.`,
  ];
  return `${lines.join("\n")}\n`;
}

function isTopComponent(resource: GraphResource, graph: ResourceGraph): boolean {
  return !resource.custom && !graph.resources.some(({ urn }) => urn === resource.parent);
}

function renderComponent(component: GraphResource, graph: ResourceGraph, last: boolean, width: number): string[] {
  const inside = descendants(component, graph);
  const counts = new Map<string, number>();
  for (const { type } of inside) counts.set(kindOf(type), (counts.get(kindOf(type)) ?? 0) + 1);
  const kinds = [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([kind, count]) => (count === 1 ? kind : `${count}\u00a0${kind}`));
  const className = component.type.split(":").at(-1) ?? "";
  const rest = last ? "   " : "│  ";
  return [
    `${last ? "└─" : "├─"} ${paint("cyan", component.name)}  ${className}, ${inside.length} resources`,
    ...wrap(kinds.join(", "), width - 6).map((line) => `${rest}   ${paint("dim", line)}`),
  ];
}

function descendants(component: GraphResource, graph: ResourceGraph): GraphResource[] {
  const children = graph.resources.filter(({ parent }) => parent === component.urn);
  return children.flatMap((child) => [child, ...descendants(child, graph)]);
}

/** What a type is called in its cloud: `aws:ec2/vpc:Vpc` is an ec2.Vpc, `kubernetes:apps/v1:Deployment` a Deployment. */
function kindOf(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  if (pkg === "kubernetes" || pkg === "random") return name;
  if (pkg === "pulumi") return module === "providers" ? `provider for ${name}` : name;
  return `${module.split("/")[0] ?? ""}.${name}`.replace(/^index\./, `${pkg}.`);
}

function renderOutputs(outputs: Readonly<Record<string, unknown>>, width: number): string[] {
  const leaves = flatten(outputs, "");
  const longest = Math.max(0, ...leaves.map(({ key }) => key.length));
  return leaves.flatMap(({ key, text }) => {
    const [first = "", ...more] = wrap(text, width - longest - 4);
    return [`  ${key.padEnd(longest)}  ${first}`, ...more.map((line) => `  ${" ".repeat(longest)}  ${line}`)];
  });
}

function flatten(value: unknown, key: string): { key: string; text: string }[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([name, inner]) => flatten(inner, key === "" ? name : `${key}.${name}`));
  }
  return [{ key, text: Array.isArray(value) ? value.map(String).join(", ") : String(value) }];
}

function renderPlaceholders(placeholders: Drawn["placeholders"], width: number): string[] {
  if (placeholders.length === 0) return [];
  return [
    "",
    paint("bold", "To decide before `pulumi up`, which refuses placeholders"),
    ...placeholders.flatMap(({ key, value, cure }) =>
      wrap(`${paint("yellow", key)} is ${value ?? "missing"}. ${cure}`, width - 4).map((line, index) =>
        index === 0 ? `  ${line}` : `    ${line}`,
      ),
    ),
  ];
}

/** Breaks a text at spaces so that no line is longer than `width`, but for words that are. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === "" ? lines : [...lines, line];
}
