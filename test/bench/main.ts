import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

import { stacks } from "../support/simulated";
import { cloudPackages, loadedPackages } from "./loaded-packages";
import { timeEngine } from "./rehearsal";

const usage = `Usage: npm run bench [-- --runs N] [-- --engine]

Measures how long a preview takes, beside a program that only loads @pulumi/pulumi and registers nothing.

  --runs N  how often each is measured, in turns (default: 7)
  --engine  instead: preview, deployment and unchanged preview on the real engine, beside a program that registers nothing on the same engine
`;

/** What a preview of all stacks may take, in terms of the program that registers nothing: there is as much again to do for each 300 resources. */
const limit = 3;

interface Contestant {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly limit?: number;
  /** Seconds that each run took. */
  readonly seconds: number[];
}

async function main(): Promise<void> {
  const { runs, engine, help } = parseArgs({
    options: {
      runs: { type: "string", default: "7" },
      engine: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
  if (help || !/^[1-9]\d*$/.test(runs)) process.stdout.write(usage);
  else if (engine) await benchEngine(Number(runs));
  else benchPreview(Number(runs));
}

/** The real engine: what the program's resources cost it. */
async function benchEngine(runs: number): Promise<void> {
  // The SDK takes a trace for every promise; a rehearsal plays without.
  Error.stackTraceLimit = 0;
  for (const stack of stacks) {
    const times = await timeEngine(stack, runs);
    if (times === undefined) {
      process.stderr.write("The engine is not measured: there is no Pulumi CLI; `npm run tools -- --only pulumi` builds it.\n");
      return;
    }
    const { program, empty } = times;
    print([`${stack}, ${program.resources} resources`, "minimum s", "median s", "of minimum", "of median"]);
    for (const what of ["preview", "up", "unchanged"] as const) {
      const ratios = [minimum, median].map((of) => of(program[what]) / of(empty[what]));
      print([`  ${what}`, ...[minimum(program[what]), median(program[what]), ...ratios].map((number) => number.toFixed(2))]);
    }
  }
}

function benchPreview(runs: number): void {
  const root = process.cwd();
  // npm takes its own time to start, whatever it starts; a ratio compares two commands that were started alike.
  const preview = [process.execPath, "simulator/start.mjs", "simulator/preview/main.ts"] as const;
  const empty: Contestant = { name: "load @pulumi/pulumi only", command: [process.execPath, "test/bench/only-pulumi.cjs"], seconds: [] };
  const contestants: readonly Contestant[] = [
    empty,
    { name: "preview", command: preview, limit, seconds: [] },
    ...stacks.map((stack): Contestant => ({ name: `  only ${stack}`, command: [...preview, "--stack", stack], seconds: [] })),
    { name: "npm run preview", command: ["npm", "run", "preview"], seconds: [] },
  ];
  // The first round fills the disk's cache and is not counted. Then in turns, so that a busy minute of the machine is everybody's.
  for (const contestant of contestants) measure(contestant.command);
  for (let round = 0; round < runs; round++) for (const { command, seconds } of contestants) seconds.push(measure(command));

  print(["", "minimum s", "median s", "of minimum", "of median", "limit"]);
  for (const { name, limit: most, seconds } of contestants) {
    const ratios = [minimum, median].map((of) => of(seconds) / of(empty.seconds));
    const numbers = [minimum(seconds), median(seconds), ...ratios].map((number) => number.toFixed(2));
    print([name, ...numbers, most === undefined ? "" : String(most)]);
  }
  process.stdout.write("\nClouds' packages that a stack's process loads, with the number of their modules:\n");
  for (const stack of stacks) {
    const packages = loadedPackages(root, stack);
    process.stdout.write(
      `  ${stack}: ${cloudPackages(packages)
        .map((name) => `${name} (${packages[name] ?? 0})`)
        .join(", ")}\n`,
    );
  }
}

/** Seconds that a command takes. */
function measure([file, ...args]: Contestant["command"]): number {
  const started = performance.now();
  const { status } = spawnSync(file, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${[file, ...args].join(" ")} failed: it ended with ${status ?? "a signal"}`);
  return (performance.now() - started) / 1000;
}

function minimum(numbers: readonly number[]): number {
  return Math.min(...numbers);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

function print([first = "", ...cells]: readonly string[]): void {
  process.stdout.write(`${[first.padEnd(26), ...cells.map((cell) => cell.padStart(16))].join("").trimEnd()}\n`);
}

void main();
