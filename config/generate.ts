import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

import { configurationTable } from "./document";
import { stackFileSchema } from "./json-schema";

/** What is generated from the configuration's schema, by file. */
const generated: Readonly<Record<string, () => string>> = {
  "config/stack.schema.json": () => JSON.stringify(stackFileSchema()),
  "docs/configuration.md": configurationTable,
};

/** Writes the generated files, or with `--check` says which of them are stale. */
async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  const stale: string[] = [];
  for (const [file, generate] of Object.entries(generated)) {
    const text = await format(generate(), { ...(await resolveConfig(file)), filepath: file });
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    stale.push(file);
    if (!check) writeFileSync(file, text);
  }
  if (check && stale.length > 0) {
    process.stderr.write(`Stale: ${stale.join(", ")}. Run \`npm run generate\` and commit what it writes.\n`);
    return 1;
  }
  process.stdout.write(`${Object.keys(generated).length} generated files, ${stale.length} of them ${check ? "stale" : "written anew"}.\n`);
  return 0;
}

void main().then((code) => {
  process.exitCode = code;
});
