/** Where the tools of the catalogue are on this machine: on PATH, or in the cache folder that `npm run tools` fills. */

import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";

import { type Tool, type ToolName, toolNamed } from "./catalogue";

/** Names that Go gives operating systems and processors, where Node's differ: https://go.dev/doc/install/source#environment. */
const goNames: Readonly<Record<string, string>> = { win32: "windows", x64: "amd64", ia32: "386" };

/** This machine in Go's words, for example `{ os: "linux", arch: "amd64" }`. */
export const platform = {
  os: goNames[process.platform] ?? process.platform,
  arch: goNames[process.arch] ?? process.arch,
};

/** A binary found on PATH. */
export interface PathBinary {
  readonly path: string;
  /** What it says of itself, without the leading `v`; undefined when it did not answer as the catalogue expects. */
  readonly version: string | undefined;
}

/** Where a tool of the right version is. */
export interface FoundTool {
  readonly path: string;
  readonly source: "PATH" | "cache";
}

/** The folder of this user that keeps built tools: `rocketchat-pulumi/tools/<os>-<arch>` below the user's cache folder. */
export function cacheFolder(): string {
  // A relative or empty value is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/#variables
  const configured = process.env.XDG_CACHE_HOME;
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), ".cache");
  return join(base, "rocketchat-pulumi", "tools", `${platform.os}-${platform.arch}`);
}

/** Where the cache folder keeps a tool, whether it is there or not. */
export function cachedPath(tool: Tool): string {
  return join(cacheFolder(), `${tool.name}-${tool.version}`, tool.binary);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * What a binary says its version is.
 *
 * @returns the version without the leading `v`; undefined when the tool has no version question or the binary's answer is not understood.
 */
export function askVersion(tool: Tool, path: string): string | undefined {
  if (tool.versionQuestion === undefined) {
    return undefined;
  }
  const answer = spawnSync(path, [...tool.versionQuestion.args], {
    encoding: "utf8",
    timeout: 20_000,
    // Otherwise `pulumi version` asks its vendor for the newest release first.
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return answer.status === 0 ? tool.versionQuestion.pattern.exec(answer.stdout)?.[1] : undefined;
}

const pathBinaries = new Map<ToolName, PathBinary | undefined>();

/** The first binary of the tool's name on PATH, of whatever version; undefined when there is none. Asked once per process. */
export function binaryOnPath(tool: Tool): PathBinary | undefined {
  if (tool.versionQuestion === undefined) {
    return undefined;
  }
  if (!pathBinaries.has(tool.name)) {
    const path = (process.env.PATH ?? "")
      .split(delimiter)
      // npm puts this folder first on the PATH of its scripts. What npm packages install there are launchers that download the real binary when they
      // are asked anything (the package `pulumi` does), so even the question for the version would leave the machine.
      .filter((folder) => isAbsolute(folder) && !(basename(folder) === ".bin" && basename(dirname(folder)) === "node_modules"))
      .map((folder) => join(folder, tool.binary))
      .find(isExecutableFile);
    pathBinaries.set(tool.name, path === undefined ? undefined : { path, version: askVersion(tool, path) });
  }
  return pathBinaries.get(tool.name);
}

/** A tool of exactly the catalogue's version, from PATH or else from the cache folder; undefined when neither has it. */
export function findTool(tool: Tool): FoundTool | undefined {
  const onPath = binaryOnPath(tool);
  if (onPath !== undefined && onPath.version === tool.version) {
    return { path: onPath.path, source: "PATH" };
  }
  const cached = cachedPath(tool);
  return isExecutableFile(cached) ? { path: cached, source: "cache" } : undefined;
}

/** Absolute path of a tool of the catalogue's version; undefined when this machine has none. */
export function locateTool(name: ToolName): string | undefined {
  return findTool(toolNamed(name))?.path;
}

/**
 * Absolute paths of tools that a test cannot do without.
 *
 * @throws one error for all tools that are missing; its message says how to get them.
 */
export function requireTools<Name extends ToolName>(names: readonly Name[]): Record<Name, string> {
  const located = names.map((name) => [name, locateTool(name)] as const);
  const missing = located.filter(([, path]) => path === undefined).map(([name]) => `${name} ${toolNamed(name).version}`);
  if (missing.length > 0) {
    throw new Error(`these tools are neither on PATH nor built: ${missing.join(", ")}; run \`npm run tools\` once to build them`);
  }
  return Object.fromEntries(located) as Record<Name, string>;
}
