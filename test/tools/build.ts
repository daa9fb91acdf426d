/** Builds one tool from its Go module into the cache folder. */

import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import type { Tool } from "./catalogue";
import { goEnvironment, modulePath, pinProblem } from "./go";
import { askVersion, cachedPath } from "./locate";

/** Why a tool could not be built. */
export class BuildError extends Error {
  /**
   * @param tool what was being built.
   * @param reason one line.
   * @param output the last lines that Go wrote, empty when it was not Go that failed.
   */
  constructor(
    readonly tool: Tool,
    reason: string,
    readonly output: readonly string[] = [],
  ) {
    super(reason);
    this.name = "BuildError";
  }
}

/** How many of Go's lines a failure shows: enough for the first errors of a package, few enough for a terminal. */
const shownLines = 20;

/** What a line that Go prints during a build says it is doing; undefined when the line is not about progress. */
function activityIn(line: string): string | undefined {
  const download = /^go: (?:downloading|extracting) (\S+ \S+)$/.exec(line);
  if (download !== null) {
    return `downloading ${download[1] ?? ""}`;
  }
  // With -v Go prints the import path of each package it compiles, alone on a line.
  return /^[\w.~/-]+$/.test(line) ? `compiling ${line}` : undefined;
}

function buildArguments(tool: Tool, output: string): string[] {
  const variables = Object.entries(tool.linkerVariables).map(([name, value]) => `-X ${name}=${value}`);
  return [
    "build",
    "-v",
    "-mod=readonly", // the go.sum in the repository is the whole truth about what gets compiled
    "-trimpath", // no path of this machine in the binary
    "-buildvcs=false", // the commit of this repository says nothing about the vendor's code
    ...(tool.tags.length > 0 ? ["-tags", tool.tags.join(",")] : []),
    "-ldflags",
    ["-s", "-w", ...variables].join(" "),
    "-o",
    output,
    tool.package,
  ];
}

function runGo(tool: Tool, output: string, onActivity: (activity: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const messages: string[] = [];
    const go = spawn("go", buildArguments(tool, output), {
      cwd: modulePath(tool.module),
      env: goEnvironment(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    createInterface({ input: go.stderr }).on("line", (line) => {
      const activity = activityIn(line);
      if (activity === undefined) {
        messages.push(line);
      } else {
        onActivity(activity);
      }
    });
    go.on("error", (error) => reject(new BuildError(tool, `go could not be started: ${error.message}`)));
    go.on("close", (code, signal) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new BuildError(tool, `go build ended with ${signal ?? `exit code ${code ?? "unknown"}`}`, messages.slice(-shownLines)));
      }
    });
  });
}

/**
 * Builds a tool and puts it into the cache folder. The binary appears there whole or not at all, so that a broken build or a second one at the same time
 * leaves nothing half-written for a test to run.
 *
 * @param onActivity is called with what Go is doing, often several times a second.
 * @returns the path of the binary.
 * @throws {BuildError} when Go fails, or when the binary is not of the catalogue's version.
 */
export async function buildTool(tool: Tool, onActivity: (activity: string) => void): Promise<string> {
  const problem = pinProblem(tool.module);
  if (problem !== undefined) {
    throw new BuildError(tool, problem);
  }
  const path = cachedPath(tool);
  // In the same folder, because a rename is atomic only within one file system.
  const unfinished = join(dirname(path), `.${tool.binary}-${process.pid}`);
  mkdirSync(dirname(path), { recursive: true });
  try {
    await runGo(tool, unfinished, onActivity);
    const version = askVersion(tool, unfinished);
    if (tool.versionQuestion !== undefined && version !== tool.version) {
      throw new BuildError(tool, `the binary says that it is version ${version ?? "unknown"}, not ${tool.version}`);
    }
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return path;
}
