import { readFileSync, writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

import program from "../index";
import type { ResourceGraph } from "../simulator/graph";
import { simulate } from "../simulator/simulate";
import { readStackFile } from "../simulator/stack-files";
import { networkMatrix } from "./network-matrix";
import { sideBySide } from "./side-by-side";

/** The document that holds what is generated here, between its marks. */
const file = "docs/architecture.md";
/** What is written from the graphs of both clouds, by the words in its marks. */
const parts: Readonly<Record<string, (aws: ResourceGraph, azure: ResourceGraph) => string>> = {
  "who may speak to whom": networkMatrix,
  "side by side": sideBySide,
};

/** Writes what the two delivered stacks are, or with `--check` says that it is stale. */
async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  const aws = await graphOf("aws-prod");
  const azure = await graphOf("azure-prod");
  const before = readFileSync(file, "utf8");
  const filled = Object.entries(parts).reduce((document, [part, write]) => between(document, part, write(aws, azure)), before);
  const text = await format(filled, { ...(await resolveConfig(file)), filepath: file });
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

function between(document: string, part: string, table: string): string {
  const marks = [`<!-- ${part}: written by \`npm run generate\` -->`, `<!-- end of ${part} -->`] as const;
  const [start, end] = [document.indexOf(marks[0]), document.indexOf(marks[1])];
  if (start < 0 || end < start) throw new Error(`${file} has lost its marks: ${marks.join(" … ")}`);
  return `${document.slice(0, start + marks[0].length)}\n\n${table}\n\n${document.slice(end)}`;
}

void main().then((code) => {
  process.exitCode = code;
});
