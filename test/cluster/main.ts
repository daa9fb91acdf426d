/**
 * `npm run test:cluster -- [--stack NAME] [--kubeconfig FILE] [--charts DIR] [--graph FILE]`: every Kubernetes object of the stacks on a real control
 * plane. Exit code 0 when all was accepted, 1 when something was refused, 2 when the test could not run.
 */
import { accessSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { requireTools } from "../tools/locate";
import { deliveredDocument } from "./delivered-stacks";
import { type StackGraph, parseGraphDocument } from "./graph-document";
import { companionTools, controlPlaneTools } from "./needed-tools";
import { type Report, closingLine, renderReport } from "./report";
import { judgeStack } from "./run";
import { readRunbooks } from "./runbooks";

/** A mistake of the caller or of the machine, told in one message. */
class CannotRun extends Error {}

interface Arguments {
  readonly stack?: string;
  readonly kubeconfig?: string;
  readonly charts?: string;
  /** A saved graph document, `-` for standard input; else the delivered stacks are simulated. */
  readonly graph?: string;
}

async function main(): Promise<number> {
  const args = readArguments();
  const { kubeconfig } = args;
  orCannotRun("tools are missing", () =>
    requireTools(kubeconfig === undefined ? [...controlPlaneTools, ...companionTools] : ["kubectl", ...companionTools]),
  );
  if (kubeconfig !== undefined) orCannotRun("--kubeconfig", () => accessSync(kubeconfig));
  const stacks = await readStacks(args);
  const reports: Report[] = [];
  for (const graph of stacks) {
    const started = Date.now();
    const seconds = (): number => (Date.now() - started) / 1000;
    const progress = (line: string): void => console.log(`[${graph.stack} ${seconds().toFixed(1).padStart(5)} s] ${line}`);
    const report = await judgeStack(graph, {
      progress,
      runbooks: readRunbooks("docs/runbooks"),
      ...(args.kubeconfig === undefined ? {} : { kubeconfig: args.kubeconfig }),
      ...(args.charts === undefined ? {} : { charts: args.charts }),
    });
    console.log(renderReport(`Stack ${graph.stack} on a real control plane`, report, seconds()));
    reports.push(report);
  }
  console.log(`\n${closingLine(reports)}`);
  return reports.some((report) => report.of("failed").length > 0) ? 1 : 0;
}

function orCannotRun<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new CannotRun(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readArguments(): Arguments {
  const text = { type: "string" } as const;
  const usage = "usage: [--stack NAME] [--kubeconfig FILE] [--charts DIR] [--graph FILE]";
  return orCannotRun(
    usage,
    () => parseArgs({ options: { stack: text, kubeconfig: text, charts: text, graph: text }, strict: true }).values,
  );
}

async function readStacks({ stack, graph }: Arguments): Promise<readonly StackGraph[]> {
  const document = await orCannotRun("the graph cannot be read", () => readGraph(graph)).catch((error: unknown) => {
    throw new CannotRun(`the program cannot be simulated: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { stacks } = orCannotRun("the graph cannot be used", () => parseGraphDocument(document));
  const chosen = stack === undefined ? stacks : stacks.filter((each) => each.stack === stack);
  if (chosen.length === 0)
    throw new CannotRun(`no stack ${stack ?? ""} in the graph; it has ${stacks.map((each) => each.stack).join(", ")}`);
  return chosen;
}

/** A saved graph, or those of the delivered stacks as simulated deployments: a preview would not know half of the values. */
function readGraph(file: string | undefined): Promise<string> {
  return file === undefined ? deliveredDocument() : Promise.resolve(readFileSync(file === "-" ? 0 : file, "utf8"));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof CannotRun ? error.message : error);
    process.exitCode = 2;
  },
);
