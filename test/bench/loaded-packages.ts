import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Previews a stack as `npm run preview` does and returns the packages that its process loaded, with the number of modules of each. */
export function loadedPackages(root: string, stack: string): Readonly<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "rocketchat-pulumi-"));
  const record = join(folder, "packages.json");
  try {
    execFileSync(process.execPath, ["simulator/start.mjs", "simulator/preview/main.ts", "--stack", stack], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, NODE_OPTIONS: `--require "${join(root, "test/bench/record-packages.cjs")}"`, RECORD_PACKAGES: record },
    });
    return JSON.parse(readFileSync(record, "utf8")) as Record<string, number>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The packages of clouds among them. */
export function cloudPackages(packages: Readonly<Record<string, number>>): string[] {
  return Object.keys(packages)
    .filter((name) => /^@pulumi\/(aws|eks|azure-native)$/.test(name))
    .sort();
}
