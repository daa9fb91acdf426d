// Starts a TypeScript entry of this project without waiting for a type check: `node simulator/start.mjs simulator/preview/main.ts ARGUMENTS`.
// The project's own files are bundled in some 60 ms, packages are left where they are. Loading each file through a hook takes a second longer.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { buildSync } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [entry = "", ...args] = process.argv.slice(2);

// Below node_modules, so that the bundles find the packages; a folder of its own, so that two runs never read each other's.
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "start-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// What an entry runs in processes of its own.
const workers = { "simulator/preview/main.ts": ["simulator/preview/run-stack.ts"], "test/rehearsal/main.ts": ["test/rehearsal/play.ts"] };

buildSync({
  entryPoints: [entry, ...(workers[entry] ?? [])].map((file) => join(root, file)),
  absWorkingDir: root,
  outbase: root,
  outdir: folder,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "cjs",
  target: "node20",
  sourcemap: "inline",
  logLevel: "error",
});

const main = join(folder, entry.replace(/\.ts$/, ".js"));
process.argv.splice(1, process.argv.length - 1, main, ...args);
createRequire(main)(main);
