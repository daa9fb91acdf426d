import program from "../../index";
import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { ProgramError, simulate, type Simulation } from "../../simulator/simulate";
import { readStackFile, type StackFile } from "../../simulator/stack-files";

/** Root of the project: npm starts every script there. */
export const root = process.cwd();

/** The two stacks that the project delivers, and so the two clouds. */
export const stacks = ["aws-prod", "azure-prod"] as const;
export type StackName = (typeof stacks)[number];

export interface SimulatedStackOptions {
  readonly preview?: boolean;
  /** Changes the stack's configuration: full keys to values. */
  readonly change?: Readonly<Record<string, unknown>>;
  readonly secretKeys?: readonly string[];
}

/** What takes the place of the placeholders in a deployment: values that are nobody's either, but look like somebody's. */
const decided: Readonly<Record<StackName, Readonly<Record<string, unknown>>>> = {
  "aws-prod": {
    "rocketchat:domain": "chat.acme.io",
    "rocketchat:tls": { certificateArn: "arn:aws:acm:us-east-1:999999999999:certificate/01234567-89ab-cdef-0123-456789abcdef" },
    "rocketchat:alerts": { email: "ops@acme.io" },
  },
  "azure-prod": {
    "rocketchat:domain": "chat.acme.io",
    "rocketchat:tls": {
      keyVaultId: "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls",
      secretName: "chat-acme-io",
    },
    "rocketchat:alerts": { email: "ops@acme.io" },
    "rocketchat:access": { admins: [{ id: "11111111-2222-4333-8444-555555555555", type: "Group" }] },
  },
};

/** The file of a stack as delivered, changed as asked. */
function deliveredStack(stack: StackName, change: Readonly<Record<string, unknown>> = {}): StackFile {
  const file = readStackFile(root, stack);
  return { ...file, config: { ...file.config, ...texts(change) } };
}

/** The same with every placeholder decided. */
export function decidedStack(stack: StackName, change: Readonly<Record<string, unknown>> = {}): StackFile {
  return deliveredStack(stack, {
    ...decided[stack],
    "rocketchat:cluster": sectionOf(stack, "rocketchat:cluster"),
    "rocketchat:app": sectionOf(stack, "rocketchat:app"),
    ...change,
  });
}

/** A section of a stack's file as delivered, its placeholders decided. */
export function sectionOf(stack: StackName, key: "rocketchat:cluster" | "rocketchat:app"): Record<string, unknown> {
  const section = JSON.parse(readStackFile(root, stack).config[key] ?? "{}") as Record<string, unknown>;
  const own = {
    "rocketchat:cluster": { apiServerCidrs: ["198.18.7.0/24"] },
    "rocketchat:app": { admin: { username: "admin", email: "admin@acme.io" } },
  };
  return { ...section, ...own[key] };
}

/** Values as Pulumi hands them over: structures as JSON. */
function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
}

/** Without traces: the SDK takes one for every promise, which costs as much as the program itself. */
async function withoutTraces<T>(run: () => Promise<T>): Promise<T> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await run();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Runs the program for a delivered stack: a preview takes its file as it is, a deployment with the placeholders decided. */
export function simulateStack(
  stack: StackName,
  { preview = true, change = {}, secretKeys = [] }: SimulatedStackOptions = {},
): Promise<Simulation> {
  return withoutTraces(() => simulate({ ...(preview ? deliveredStack : decidedStack)(stack, change), secretKeys, preview, program }));
}

/** Builds one component, or whatever `build` makes, and returns what was registered. */
export async function simulateComponent(
  build: () => unknown,
  { preview = false, region = "eu-central-1" }: { readonly preview?: boolean; readonly region?: string } = {},
): Promise<ResourceGraph> {
  const program = async (): Promise<Record<string, unknown>> => {
    await build();
    return {};
  };
  const args = { project: "rocketchat", stack: "test", config: { "aws:region": region }, preview, program };
  return (await withoutTraces(() => simulate(args))).graph;
}

/** What the program threw. */
export async function errorOf(run: Promise<unknown>): Promise<Error> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ProgramError)) throw new Error("the program threw nothing", { cause: error });
  return error.cause instanceof Error ? error.cause : error;
}

/** Resources of a type. */
export function ofType(graph: ResourceGraph, type: string): GraphResource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** The one resource of that name and type. */
export function named(graph: ResourceGraph, name: string, type?: string): GraphResource {
  const found = graph.resources.filter((resource) => resource.name === name && (type === undefined || resource.type === type));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} resources are called ${name}`);
  return only;
}

/** What a component holds: the names of its resources by type, both in alphabetical order. */
export function contents(graph: ResourceGraph, component: string): Record<string, string[]> {
  const { urn } = named(graph, component);
  const held = graph.resources.filter(({ parent }) => parent === urn);
  const types = [...new Set(held.map(({ type }) => type))].sort();
  return Object.fromEntries(
    types.map((type) => [
      type,
      ofType({ ...graph, resources: held }, type)
        .map(({ name }) => name)
        .sort(),
    ]),
  );
}

/** Names of what a resource waits for itself, not through others, in alphabetical order. */
export function waitedFor(graph: ResourceGraph, resource: GraphResource): string[] {
  return graph.resources.flatMap(({ urn, name }) => (resource.dependencies.includes(urn) ? [name] : [])).sort();
}

/** What the JSON text in an input says. */
export function json(text: unknown): unknown {
  if (typeof text !== "string") throw new TypeError(`${String(text)} is not a text`);
  return JSON.parse(text);
}

/** Whether `from` waits for `to`, directly or through others; a component waits for what it holds. */
export function waitsFor(graph: ResourceGraph, from: GraphResource, to: GraphResource): boolean {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const seen = new Set<string>();
  const open = [from];
  for (let resource = open.pop(); resource !== undefined; resource = open.pop()) {
    if (seen.has(resource.urn)) continue;
    seen.add(resource.urn);
    const next = [...resource.dependencies, ...(resource.provider === undefined ? [] : [resource.provider])];
    if (next.includes(to.urn)) return true;
    open.push(...next.flatMap((urn) => byUrn.get(urn) ?? []));
  }
  return false;
}
