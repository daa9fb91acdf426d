import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { root } from "../support/simulated";

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Writes a tree of small files to a folder of its own, removed when the process ends.
 *
 * @param files texts by path
 * @param packages whether the files find the project's packages
 * @returns the folder
 */
export function temporaryTree(files: Readonly<Record<string, string>>, { packages = false } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "rocketchat-pulumi-")));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  if (packages) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
  return folder;
}
