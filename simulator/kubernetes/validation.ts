import type { Failure, ResourceType } from "../resource-type";
import { metadataFailures } from "./names";
import { rules } from "./rules";
import { schemaFailures, Schemas } from "./schema";

type Rows = Readonly<Record<string, ResourceType>>;

/** The rows with a check of what the API server refuses in the objects alone: by their schemas, and by rules that no schema says. */
export function validated(rows: Rows): Rows {
  const schemas = new Schemas(() => Object.keys(rows));
  return Object.fromEntries(
    Object.entries(rows).map(([type, row]) => [type, { ...row, validate: (inputs) => judge(type, inputs, schemas) }]),
  );
}

function judge(type: string, inputs: Readonly<Record<string, unknown>>, schemas: Schemas): Failure[] {
  const [, version = "", kind = ""] = type.split(":");
  const validator = schemas.find(type);
  // The SDK adds both to every object.
  const object = { apiVersion: version.replace(/^core\//, ""), kind, ...inputs };
  return [
    ...(validator === undefined ? [] : schemaFailures(validator, object)),
    ...metadataFailures(kind, object["metadata" as keyof typeof object]),
    ...(rules[type] ?? []).flatMap((rule) => rule(object)),
  ];
}
