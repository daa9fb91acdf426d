import { z } from "zod";

import { metaOf, strip } from "./problems";
import { schemas, type Cloud } from "./schema";

/** One key of the configuration, as the table shows it. */
interface Row {
  readonly key: string;
  readonly meaning: string;
  readonly limits: string;
  readonly fallback: string;
}

/** The configuration of a stack as a page for operators: every key with its meaning, limits and default. */
export function configurationTable(): string {
  const [aws, azure] = [rowsOf("aws"), rowsOf("azure")];
  const same = (row: Row, others: readonly Row[]): boolean => others.some((other) => JSON.stringify(other) === JSON.stringify(row));
  return [
    "# Configuration",
    "",
    "Generated from the schemas in `config/` by `npm run generate`; CI checks that it is fresh.",
    "",
    "A stack is configured in its file: `Pulumi.aws-prod.yaml`, `Pulumi.azure-prod.yaml`, or one of your own beside them. Every key below stands",
    "under `config:` with the prefix `rocketchat:`, and its parts are nested: `cluster.nodes.min` is the key `min` in the map `nodes` in",
    "`rocketchat:cluster`. The region is Pulumi's own key: `aws:region` or `azure-native:location`. Editors that speak YAML complete and check",
    "the files by `config/stack.schema.json`. All problems of a configuration are reported at once, before anything is created.",
    "",
    "A secret is set with `pulumi config set --secret --path rocketchat:KEY` and stands encrypted in the file; as plain text it is refused.",
    "",
    "## Both clouds",
    "",
    ...table(aws.filter((row) => same(row, azure))),
    "",
    "## AWS",
    "",
    ...table(aws.filter((row) => !same(row, azure))),
    "",
    "## Azure",
    "",
    ...table(azure.filter((row) => !same(row, aws))),
    "",
  ].join("\n");
}

function table(rows: readonly Row[]): string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    "| Key | Meaning | Allowed | Default |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ key, meaning, limits, fallback }) => `| \`${key}\` | ${cell(meaning)} | ${cell(limits)} | ${cell(fallback)} |`),
  ];
}

function rowsOf(cloud: Cloud): Row[] {
  const shape: z.core.$ZodShape = schemas[cloud].shape;
  return Object.entries(shape).flatMap(([name, field]) => fieldRows(name, field));
}

/** A map is its keys; anything else is a row. */
function fieldRows(key: string, field: z.core.$ZodType, optionalMap?: string): Row[] {
  const inner = strip(field);
  if (inner instanceof z.ZodObject) {
    const within = field instanceof z.ZodOptional ? key : optionalMap;
    return Object.entries(inner.shape as z.core.$ZodShape).flatMap(([name, next]) => fieldRows(`${key}.${name}`, next, within));
  }
  if (inner instanceof z.ZodArray && strip(inner.element) instanceof z.ZodObject) {
    return [row(key, field, optionalMap), ...fieldRows(`${key}[]`, inner.element, optionalMap)];
  }
  return [row(key, field, optionalMap)];
}

function row(key: string, field: z.core.$ZodType, optionalMap: string | undefined): Row {
  const { description, unit, limits, secret } = metaOf(field);
  const allowed = secret === true ? "a secret" : (limits ?? "");
  return {
    key,
    meaning: description ?? "",
    limits: unit === undefined ? allowed : `${allowed}, in ${unit}`,
    fallback: fallbackOf(field, optionalMap),
  };
}

function fallbackOf(field: z.core.$ZodType, optionalMap: string | undefined): string {
  const result = z.safeParse(field, undefined);
  if (!result.success) return optionalMap === undefined ? "required" : `required where \`${optionalMap}\` is set`;
  return result.data === undefined ? "not set" : `\`${JSON.stringify(result.data)}\``;
}
