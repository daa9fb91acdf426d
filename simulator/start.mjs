// Starts a TypeScript entry of this project without waiting for a type check: `node simulator/start.mjs simulator/preview/main.ts ARGUMENTS`.
// The project's own files are bundled, packages are left where they are: to load each file through a hook takes a second longer. A bundle is kept
// until a file of the project changes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [entry = "", ...args] = process.argv.slice(2);

// What an entry runs in processes of its own.
const workers = {
  "simulator/preview/main.ts": ["simulator/preview/run-stack.ts"],
  "test/rehearsal/main.ts": ["test/rehearsal/play.ts"],
};

/** Every file that a bundle can hold or depend on, with what changes when it does. */
function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((found) => {
    const path = join(folder, found.name);
    if (found.isDirectory()) return found.name === "node_modules" || found.name.startsWith(".") ? [] : sources(path);
    if (!/\.(ts|mjs|json)$/.test(found.name)) return [];
    const { mtimeMs, size } = statSync(join(root, path));
    return [`${path} ${mtimeMs} ${size}`];
  });
}

// Below node_modules, so that the bundles find the packages.
const cache = join(root, "node_modules", ".cache", "start");
const key = createHash("sha256")
  .update([entry, process.version, ...sources(".")].join("\n"))
  .digest("hex")
  .slice(0, 16);
const folder = join(cache, key);

if (!existsSync(folder)) {
  const { buildSync } = await import("esbuild");
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, "new-"));
  buildSync({
    entryPoints: [entry, ...(workers[entry] ?? [])].map((file) => join(root, file)),
    absWorkingDir: root,
    outbase: root,
    outdir: fresh,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "error",
  });
  try {
    renameSync(fresh, folder);
  } catch {
    // Another run made the same bundle meanwhile.
    rmSync(fresh, { recursive: true, force: true });
  }
  // Bundles of an hour ago belong to files that have changed since; a younger one may still be in use.
  for (const name of readdirSync(cache)) {
    const old = statSync(join(cache, name), { throwIfNoEntry: false });
    if (old !== undefined && old.mtimeMs < Date.now() - 3_600_000) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

const main = join(folder, entry.replace(/\.ts$/, ".js"));
process.argv.splice(1, process.argv.length - 1, main, ...args);
createRequire(main)(main);
