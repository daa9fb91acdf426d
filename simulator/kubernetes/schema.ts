import type { Failure } from "../resource-type";
import { pathTo, unknownValue } from "../values";
import { loadSchemas, type SchemaError, type Validator } from "./schema-bundle";

/** What a validator looked at in one object: its path, and the properties that it asked for. */
interface Seen {
  readonly path: string;
  readonly keys: readonly string[];
  readonly asked: Set<string>;
}

/**
 * The value, telling which properties are asked for. The validators refuse no unknown property, as the schemas that they are made of do not; but an
 * object of which they ask something, and never ask for one of its properties, has one that the schema does not know.
 */
function watched(value: unknown, path: string, seen: Seen[]): unknown {
  if (Array.isArray(value)) return value.map((item, index) => watched(item, `${path}[${index}]`, seen));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, watched(inner, pathTo(path, key), seen)] as const);
  const asked = new Set<string>();
  seen.push({ path, keys: entries.map(([key]) => key), asked });
  return new Proxy(Object.fromEntries(entries), {
    get: (target, key) => {
      if (typeof key === "string") asked.add(key);
      return Reflect.get(target, key) as unknown;
    },
  });
}

/** A JSON pointer as a property path, with the value that it points to. */
function follow(pointer: string, inputs: unknown): { readonly path: string; readonly value: unknown } {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  let [path, value] = ["", inputs];
  for (const step of steps) {
    path = Array.isArray(value) ? `${path}[${step}]` : pathTo(path, step);
    value = typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
  }
  return { path, value };
}

/** What is wanted instead, never what there is: it may be a secret. */
function wanted({ keyword, params }: SchemaError): string {
  if (keyword === "type") return `of type ${String(params["type"])}`;
  if (keyword === "format") return `a valid ${String(params["format"])}`;
  if (keyword === "enum") return `one of ${(params["allowedValues"] as unknown[]).join(", ")}`;
  return `valid (${keyword})`;
}

function failuresOf(errors: readonly SchemaError[], inputs: unknown): Failure[] {
  const wishes = new Map<string, string[]>();
  const missing: Failure[] = [];
  for (const error of errors) {
    const { path, value } = follow(error.instancePath, inputs);
    if (value === unknownValue) continue;
    const absent = error.params["missingProperty"];
    if (typeof absent === "string") missing.push({ property: pathTo(path, absent), reason: "it is required" });
    // Several wishes for one place are alternatives, which the validator names before it says that none was met.
    else wishes.set(path, [...(wishes.get(path) ?? []), ...(/^(one|any)Of$/.test(error.keyword) ? [] : [wanted(error)])]);
  }
  const malformed = [...wishes].map(([property, each]) => ({ property, reason: `it must be ${[...new Set(each)].join(" or ")}` }));
  return [...malformed, ...missing];
}

/**
 * The property that the packages' schemas lack everywhere, since their generator takes it for an explanation, as in PriorityClass:
 * https://github.com/tommy351/kubernetes-models-ts/blob/master/utils/generate/src/schema.ts
 */
const forgotten = "description";

/** What a schema refuses: types, required and unknown properties, formats. Unknown values are marked as such, and good for anything. */
export function schemaFailures(validator: Validator, inputs: Readonly<Record<string, unknown>>): Failure[] {
  const seen: Seen[] = [];
  const sound = validator(watched(inputs, "", seen));
  const unknown = seen.flatMap(({ path, keys, asked }) => {
    // Of an object that may hold anything nothing is asked.
    const strange = asked.size === 0 ? [] : keys.filter((key) => !asked.has(key) && key !== forgotten);
    return strange.map((key) => ({ property: pathTo(path, key), reason: `unknown field "${key}"` }));
  });
  return [...(sound ? [] : failuresOf(validator.errors ?? [], inputs)), ...unknown];
}

/** Schemas by type, loaded when the first object is checked. */
export class Schemas {
  private loaded: ReadonlyMap<string, Validator> | undefined;

  /** @param types that the schemas are wanted for, where a package has one */
  constructor(private readonly types: () => readonly string[]) {}

  find(type: string): Validator | undefined {
    this.loaded ??= loadSchemas(this.types());
    return this.loaded.get(type);
  }
}
