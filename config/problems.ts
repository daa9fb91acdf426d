import { z } from "zod";

import { show, type Problem } from "../components/configuration-error";
import type { FieldMeta } from "./fields";
import { schemas, type Cloud } from "./schema";

/** Writes a path below a section as it stands in the stack's file: `nodes.min`, `zones[0]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text === "" ? String(step) : `${text}.${String(step)}`),
    "",
  );
}

/** The schema behind a path, as it was written; `undefined` where the schema has no such path. */
function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  const inner = strip(schema);
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as z.core.$ZodShape;
    const next = Object.hasOwn(shape, step) ? shape[String(step)] : undefined;
    return next === undefined ? undefined : schemaAt(next, rest);
  }
  if (inner instanceof z.ZodArray) return schemaAt(inner.element, rest);
  return inner instanceof z.ZodRecord ? schemaAt(inner.valueType, rest) : undefined;
}

/** Takes off what wraps a schema without changing what may be written in the file. */
export function strip(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return strip(schema.unwrap());
  return schema;
}

/** What a field's meta data say; the outermost wrapper that says anything wins. */
export function metaOf(schema: z.core.$ZodType | undefined): Partial<FieldMeta> {
  if (schema === undefined) return {};
  const meta = z.globalRegistry.get(schema) as Partial<FieldMeta> | undefined;
  if (meta !== undefined) return meta;
  const inner =
    schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault ? schema.unwrap() : undefined;
  return inner === undefined ? {} : metaOf(inner);
}

/** Whether the field is a secret, or a map with a secret anywhere below. */
export function holdsSecret(schema: z.core.$ZodType | undefined): boolean {
  if (schema === undefined) return false;
  if (metaOf(schema).secret === true) return true;
  const inner = strip(schema);
  return inner instanceof z.ZodObject && Object.values(inner.shape).some(holdsSecret);
}

/**
 * A value as text. Of a value where a secret may stand, also by mistake (`smtp: "smtp://user:password@host"`, `smtp.pasword`), only its kind
 * is told.
 */
function shown(value: unknown, mayBeSecret: boolean): string {
  return mayBeSecret ? `${kindOf(value)}, not shown` : show(value);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isMap(value)) return "a map";
  if (typeof value === "string") return "a text";
  return value === null ? "null" : `a ${typeof value}`;
}

/**
 * Puts what zod found into words.
 *
 * @param issues what zod says of `value`
 * @param schema schema of the whole section
 * @param key full key of the section (`rocketchat:network`)
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  value: unknown,
  key: string,
  cloud: Cloud,
): Problem[] {
  return issues.flatMap((issue) => {
    const at = (path: readonly PropertyKey[]): string => (path.length === 0 ? key : `${key}.${formatPath(path)}`);
    const found = valueAt(value, issue.path);
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((unknown) =>
        unknownKey(at([...issue.path, unknown]), valueAt(found, [unknown]), schemaAt(schema, issue.path), cloud),
      );
    }
    const field = schemaAt(schema, issue.path);
    const meta = metaOf(field);
    const given = found === undefined ? {} : { value: shown(found, holdsSecret(field)) };
    return [{ key: at(issue.path), ...given, limit: limitOf(schema, issue.path, at), cure: cureFor(at(issue.path), found, meta) }];
  });
}

/** What a value must be, in the words of its field or, where that has none (a single tag), of the field around it. */
function limitOf(schema: z.core.$ZodType, path: readonly PropertyKey[], at: (path: readonly PropertyKey[]) => string): string {
  const length = path.findLastIndex((_, index) => metaOf(schemaAt(schema, path.slice(0, index + 1))).limits !== undefined) + 1;
  const { limits, description } = metaOf(schemaAt(schema, path.slice(0, length)));
  const subject = length === path.length ? "It" : `It does not fit ${at(path.slice(0, length))}, which`;
  return `${subject} must be ${limits ?? "what docs/configuration.md says"}: ${lowerFirst(description ?? "no more is known")}.`;
}

function cureFor(key: string, found: unknown, meta: Partial<FieldMeta>): string {
  if (meta.secret === true) return `Set it with \`pulumi config set --secret --path ${key}\`.`;
  if (meta.cure !== undefined) return `${meta.cure}.`;
  // YAML reads 1.36 as a number, and 1.40 as 1.4.
  if (typeof found === "number" && meta.limits?.includes("1.36")) return `Write it in quotes: "${found.toFixed(2)}".`;
  return found === undefined ? "Add it." : "Change it; docs/configuration.md lists every key with its limits.";
}

/** A key that the schema does not know: perhaps the other cloud's, perhaps misspelt. */
export function unknownKey(key: string, value: unknown, parent: z.core.$ZodType | undefined, cloud: Cloud): Problem {
  const other: Cloud = cloud === "aws" ? "azure" : "aws";
  const elsewhere = schemaAt(schemas[other], key.slice(key.indexOf(":") + 1).split("."));
  if (elsewhere !== undefined) {
    const limit = `This key belongs to stacks on ${other}; this stack is on ${cloud}.`;
    return { key, value: shown(value, holdsSecret(elsewhere)), limit, cure: "Remove it." };
  }
  const limit = `There is no such key. Known here: ${knownKeys(parent)}.`;
  const wish = impossibleWishes.find(({ pattern }) => pattern.test(key));
  return {
    key,
    value: shown(value, holdsSecret(parent)),
    limit: wish === undefined ? limit : `${limit} ${wish.limit}`,
    cure: wish?.cure ?? "Correct its name or remove it.",
  };
}

function knownKeys(parent: z.core.$ZodType | undefined): string {
  const section = parent === undefined ? undefined : strip(parent);
  if (section instanceof z.ZodObject) return Object.keys(section.shape).join(", ");
  if (section instanceof z.ZodRecord && section.keyType instanceof z.ZodEnum) return section.keyType.options.join(", ");
  return "none";
}

/** Keys that people look for and that the program leaves out on purpose. */
const impossibleWishes: readonly { readonly pattern: RegExp; readonly limit: string; readonly cure: string }[] = [
  {
    pattern: /^rocketchat:cluster\.nodes\.(spot|capacity|capacityType)$/,
    limit: "These nodes carry the database, which never runs on spot capacity.",
    cure: "Describe a further pool of spot nodes under rocketchat:cluster.spot, or remove the key.",
  },
];

/** Whether a value is a map, as YAML has them. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path, `undefined` where the path leads nowhere. */
function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}

/** As it follows a colon; names of products keep their capital. */
function lowerFirst(text: string): string {
  return /^(?!Rocket\.Chat|Kubernetes|Prometheus)[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
