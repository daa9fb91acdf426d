/** Go as this machine has it: whether it can build the modules beside this file, and the environment it is run with. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type ModuleFolder, pinnedModules } from "./catalogue";
import { platform } from "./locate";

/** Absolute path of a module folder. */
export function modulePath(folder: ModuleFolder): string {
  return join(process.cwd(), "test", "tools", folder);
}

/** The environment Go runs with: the user's proxy, checksum and cache settings stay, what would change the binaries does not. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // The folder in the cache is named after the platform, so cross-compilation settings of the user's shell must not decide it.
    GOOS: platform.os,
    GOARCH: platform.arch,
    // The vendors' releases are built without C as well, and a C compiler is one thing less to install.
    CGO_ENABLED: "0",
    // A workspace file further up would replace the requirements of these modules.
    GOWORK: "off",
    GOFLAGS: "",
  };
}

function goModFile(folder: ModuleFolder): string {
  return readFileSync(join(modulePath(folder), "go.mod"), "utf8");
}

/** The lowest Go version that a module asks for, from its `go` line, for example `1.26.0`. */
export function goVersionNeededBy(folder: ModuleFolder): string {
  const version = /^go (\S+)$/m.exec(goModFile(folder))?.[1];
  if (version === undefined) {
    throw new Error(`${join(modulePath(folder), "go.mod")} has no "go" line`);
  }
  return version;
}

/**
 * Whether the catalogue and the module's go.mod pin the same release. A linker variable would otherwise give one release the other's version.
 *
 * @returns what differs, undefined when nothing does.
 */
export function pinProblem(folder: ModuleFolder): string | undefined {
  const { path, version } = pinnedModules[folder];
  const required = goModFile(folder)
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^require\s+/, "")
        .split(/\s+/),
    )
    .find(([name]) => name === path)?.[1];
  return required === `v${version}`
    ? undefined
    : `test/tools/catalogue.ts pins ${path} at v${version}, test/tools/${folder}/go.mod at ${required ?? "no version"}; make them the same`;
}

/** Whether a version such as `1.26.8` is at least another such as `1.26.0`. */
export function isAtLeast(version: string, lowest: string): boolean {
  const parts = (text: string): number[] => text.split(".").map((part) => Number.parseInt(part, 10));
  const have = parts(version);
  for (const [index, need] of parts(lowest).entries()) {
    const got = have[index] ?? 0;
    if (got !== need) {
      return got > need;
    }
  }
  return true;
}

/**
 * Whether this machine's Go can build a module.
 *
 * @returns what is missing, undefined when nothing is.
 */
export function goProblem(folder: ModuleFolder): string | undefined {
  const needed = goVersionNeededBy(folder);
  // Inside the module, because that is where Go since 1.21 decides to fetch a newer toolchain of itself when the user's settings let it:
  // https://go.dev/doc/toolchain
  const asked = spawnSync("go", ["env", "GOVERSION"], { cwd: modulePath(folder), env: goEnvironment(), encoding: "utf8" });
  if (asked.error !== undefined) {
    return `Go is not on PATH; Go ${needed} or newer is needed`;
  }
  if (asked.status !== 0) {
    return asked.stderr.trim();
  }
  const version = /^go(\d+(?:\.\d+)*)/.exec(asked.stdout)?.[1];
  return version !== undefined && isAtLeast(version, needed)
    ? undefined
    : `Go on PATH is ${asked.stdout.trim()}; Go ${needed} or newer is needed`;
}
