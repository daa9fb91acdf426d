import { readFileSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

import program from "../index";
import type { ResourceGraph } from "../simulator/graph";
import { simulate } from "../simulator/simulate";
import { readStackFile } from "../simulator/stack-files";
import { sideBySide } from "./side-by-side";

/** The document that holds what is generated here, between its marks. */
const file = "docs/architecture.md";
const marks = ["<!-- side by side: written by `npm run generate` -->", "<!-- end of side by side -->"] as const;

/** Writes what the two delivered stacks are, or with `--check` says that it is stale. */
async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  const aws = await graphOf("aws-prod");
  const azure = await graphOf("azure-prod");
  const before = readFileSync(file, "utf8");
  const text = await format(between(before, sideBySide(aws, azure)), { ...(await resolveConfig(file)), filepath: file });
  if (text === before) {
    process.stdout.write(`${file} is fresh.\n`);
    return 0;
  }
  if (check) {
    process.stderr.write(`Stale: ${file}. Run \`npm run generate\` and commit what it writes.\n`);
    return 1;
  }
  writeFileSync(file, text);
  process.stdout.write(`${file} was written anew.\n`);
  return 0;
}

async function graphOf(stack: string): Promise<ResourceGraph> {
  const { graph } = await simulate({ ...readStackFile(process.cwd(), stack), preview: true, program });
  return graph;
}

function between(document: string, table: string): string {
  const [start, end] = marks.map((mark) => document.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start)
    throw new Error(`${file} has lost its marks: ${marks.join(" … ")}`);
  return `${document.slice(0, start + marks[0].length)}\n\n${table}\n\n${document.slice(end)}`;
}

void main().then((code) => {
  process.exitCode = code;
});
