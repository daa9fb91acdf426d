/**
 * `npm run tools`: brings the vendor commands that the test suites run onto this machine, in the versions of the catalogue. What is on PATH or already in
 * the cache folder is used as it is; the rest is built with Go.
 */

import { constants, setPriority } from "node:os";
import { parseArgs } from "node:util";

import { BuildError, buildTool } from "./build";
import { type Tool, tools, toolNamed } from "./catalogue";
import { goProblem, goVersionNeededBy, isAtLeast } from "./go";
import { binaryOnPath, cachedPath, cacheFolder, findTool } from "./locate";
import { BuildProgress } from "./progress";

const usage = `Usage: npm run tools [-- [--list] [--only NAME[,NAME]...]]

Brings the command-line tools of the test suites onto this machine: those missing from PATH are built with Go into
${cacheFolder()}

  --list        print each tool, its version and where it is, and build nothing
  --only NAMES  only these tools; names are separated by commas
  --help        print this text

Tools: ${tools.map((tool) => tool.name).join(", ")}

Exit codes: 0 all there, 1 a build failed, 2 Go is missing or too old, or the arguments were not understood.
`;

interface Request {
  readonly action: "build" | "help" | "list";
  readonly chosen: readonly Tool[];
}

/** @throws with a message for the person when the arguments are not understood. */
function readArguments(args: readonly string[]): Request {
  const { values } = parseArgs({
    args: [...args],
    options: { help: { type: "boolean" }, list: { type: "boolean" }, only: { type: "string", multiple: true } },
  });
  const names = values.only?.flatMap((list) => list.split(",")).map((name) => name.trim());
  const wanted = names === undefined ? undefined : new Set(names.map((name) => toolNamed(name)));
  return {
    action: values.help === true ? "help" : values.list === true ? "list" : "build",
    chosen: wanted === undefined ? tools : tools.filter((tool) => wanted.has(tool)),
  };
}

/** Why the binary on PATH was passed over, empty when there is none of that name. */
function passedOver(tool: Tool): string {
  const onPath = binaryOnPath(tool);
  return onPath === undefined ? "" : ` (${onPath.path} is ${onPath.version ?? "of an unknown version"})`;
}

function whereabouts(tool: Tool): string {
  const found = findTool(tool);
  if (found === undefined) {
    return `not built${passedOver(tool)}`;
  }
  return found.source === "PATH" ? `${found.path} (PATH)` : found.path;
}

/** Rows as lines of text, with columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(width(column)))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** The one message of a machine whose Go cannot build what is missing; undefined when it can. */
function cannotBuild(missing: readonly Tool[]): string | undefined {
  const problem = missing.map((tool) => goProblem(tool.module)).find((candidate) => candidate !== undefined);
  if (problem === undefined) {
    return undefined;
  }
  const needed = missing
    .map((tool) => goVersionNeededBy(tool.module))
    .reduce((highest, next) => (isAtLeast(highest, next) ? highest : next));
  return (
    `Not on this machine: ${missing.map((tool) => `${tool.name} ${tool.version}`).join(", ")}.\n` +
    `They cannot be built: ${problem}.\n` +
    `Install Go ${needed} or newer (https://go.dev/doc/install), or put binaries of exactly these versions on PATH.\n` +
    missing
      .filter((tool) => tool.versionQuestion === undefined)
      .map((tool) => `A binary of ${tool.name} cannot be asked for its version: put it at ${cachedPath(tool)} instead.\n`)
      .join("")
  );
}

async function buildMissing(missing: readonly Tool[]): Promise<void> {
  for (const [index, tool] of missing.entries()) {
    const progress = new BuildProgress(process.stdout, `[${index + 1}/${missing.length}] ${tool.name} ${tool.version}`, tool.buildMinutes);
    try {
      const path = await buildTool(tool, (activity) => progress.report(activity));
      progress.done(path);
    } catch (error) {
      progress.stop();
      throw error;
    }
  }
}

async function install(chosen: readonly Tool[]): Promise<number> {
  const missing = chosen.filter((tool) => findTool(tool) === undefined);
  const problem = missing.length > 0 ? cannotBuild(missing) : undefined;
  if (problem !== undefined) {
    process.stderr.write(problem);
    return 2;
  }
  try {
    await buildMissing(missing);
  } catch (error) {
    if (!(error instanceof BuildError)) {
      throw error;
    }
    const output = error.output.map((line) => `  ${line}\n`).join("");
    process.stderr.write(`${error.tool.name} ${error.tool.version} could not be built: ${error.message}\n${output}`);
    return 1;
  }
  process.stdout.write(table(chosen.map((tool) => [tool.name, tool.version, whereabouts(tool)])));
  return 0;
}

async function main(args: readonly string[]): Promise<number> {
  let request: Request;
  try {
    request = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  switch (request.action) {
    case "help":
      process.stdout.write(usage);
      return 0;
    case "list":
      process.stdout.write(
        table([["TOOL", "VERSION", "WHERE"], ...request.chosen.map((tool) => [tool.name, tool.version, whereabouts(tool)])]),
      );
      return 0;
    case "build":
      // Compilers take every core for minutes; the person's other programs come first.
      setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
      return install(request.chosen);
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
