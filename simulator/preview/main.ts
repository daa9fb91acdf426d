import { fork } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { toDocument, type ResourceGraph } from "../graph";
import { readStackFile, StackFileError, stacksIn, type StackFile } from "../stack-files";
import { renderStack } from "./render";
import type { StackResult } from "./run-stack";

const usage = `Usage: npm run preview [-- --stack NAME] [-- --json]

Shows what each stack would create, without an account, a network or the Pulumi CLI: the clouds are simulated.

  --stack NAME  only this stack (default: every Pulumi.NAME.yaml)
  --json        one document for machines instead of the picture
`;

/** Exit codes of the command. */
const exitCodes = { done: 0, programFailed: 1, badInput: 2 } as const;

async function main(): Promise<number> {
  const started = performance.now();
  let options: { stack?: string | undefined; json?: boolean | undefined; help?: boolean | undefined };
  try {
    options = parseArgs({ options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } } }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${usage}`, exitCodes.badInput);
  }
  if (options.help === true) {
    process.stdout.write(usage);
    return exitCodes.done;
  }
  const folder = process.cwd();
  const stacks = options.stack === undefined ? stacksIn(folder) : [options.stack];
  if (stacks.length === 0)
    return fail("There is no stack here: a stack is a file Pulumi.NAME.yaml beside Pulumi.yaml.", exitCodes.badInput);

  const files: StackFile[] = [];
  for (const stack of stacks) {
    try {
      files.push(readStackFile(folder, stack));
    } catch (error) {
      if (error instanceof StackFileError) return fail(error.message, exitCodes.badInput);
      throw error;
    }
  }
  const results = await Promise.all(files.map((file) => runStack(file)));
  const configuration = results.flatMap((result) => (result.kind === "configuration" ? [result.message] : []));
  if (configuration.length > 0) return fail(configuration.join("\n"), exitCodes.badInput);
  const graphs: ResourceGraph[] = [];
  for (const [index, result] of results.entries()) {
    const file = files[index];
    if (result.kind === "program" && file !== undefined) return fail(await explain(file, result), exitCodes.programFailed);
    if (result.kind === "graph") graphs.push(result.graph);
  }
  if (options.json === true) {
    process.stdout.write(toDocument(graphs));
    return exitCodes.done;
  }
  const width = process.stdout.isTTY ? process.stdout.columns : 100;
  for (const result of results) if (result.kind === "graph") process.stdout.write(`${renderStack(result, width)}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`Simulated in ${seconds} s: no account was asked, no network used, nothing created.\n`);
  return exitCodes.done;
}

function runStack(file: StackFile, flags: readonly string[] = ["--stack-trace-limit=0"]): Promise<StackResult> {
  return new Promise((resolve) => {
    // Traces are off at first: the SDK takes one for every promise, which costs as much as the program itself.
    const child = fork(join(__dirname, "run-stack.js"), {
      execArgv: [...flags],
      env: { ...process.env, NODE_COMPILE_CACHE: join(__dirname, "compiled") },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.once("message", (result) => resolve(result as StackResult));
    child.once("exit", (code) =>
      resolve({
        kind: "program",
        place: undefined,
        reason: `the program's process ended with code ${code ?? "none"} before it answered`,
      }),
    );
    child.send(file);
  });
}

/** A failed program once more, with traces, so that the message can say where. */
async function explain(file: StackFile, first: Extract<StackResult, { kind: "program" }>): Promise<string> {
  const again = await runStack(file, ["--enable-source-maps", "--stack-trace-limit=40"]);
  const { place, reason } = again.kind === "program" ? again : first;
  return `The program failed for stack ${file.stack}${place === undefined ? "" : `, in ${place}`}:\n${reason}`;
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message.trimEnd()}\n`);
  return code;
}

void main().then((code) => {
  process.exitCode = code;
});
