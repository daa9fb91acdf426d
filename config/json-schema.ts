import { z } from "zod";

import type { FieldMeta } from "./fields";
import { schemas, type Cloud } from "./schema";

type Json = Record<string, unknown>;

/** Keys of the providers that the program reads, beside its own. */
const providerKeys: Readonly<Record<Cloud, Json>> = {
  aws: { "aws:region": { type: "string", description: "Region of the stack, such as us-east-1" } },
  azure: { "azure-native:location": { type: "string", description: "Region of the stack, such as eastus" } },
};

/** JSON Schema of a stack's file, for editors: completion, hints, and most of what `config.ts` would say later. */
export function stackFileSchema(): Json {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Stack of Rocket.Chat on AWS EKS or Azure AKS",
    description: "Generated from the schemas in config/ by `npm run generate`",
    type: "object",
    required: ["config"],
    properties: {
      config: { oneOf: (Object.keys(schemas) as Cloud[]).map(cloudSchema) },
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
    },
    additionalProperties: false,
  };
}

function cloudSchema(cloud: Cloud): Json {
  const shape: z.core.$ZodShape = schemas[cloud].shape;
  const fields = Object.entries(shape).map(([name, field]) => [`rocketchat:${name}`, fieldSchema(field)] as const);
  const required = Object.entries(shape).flatMap(([name, field]) => (z.safeParse(field, undefined).success ? [] : [`rocketchat:${name}`]));
  return {
    type: "object",
    title: `A stack on ${cloud}`,
    properties: { ...providerKeys[cloud], ...Object.fromEntries(fields) },
    required: [...Object.keys(providerKeys[cloud]), ...required],
    // Other settings of the providers are Pulumi's business.
    patternProperties: { "^(aws|azure-native|kubernetes|pulumi):": {} },
    additionalProperties: false,
  };
}

function fieldSchema(field: z.core.$ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(field, {
    io: "input",
    unrepresentable: "any",
    target: "draft-07",
    override: ({ jsonSchema }) => {
      const { secret, unit, limits, cure: _, ...rest } = jsonSchema as Partial<FieldMeta>;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      const description = rest.description === undefined ? {} : { description: hint({ description: rest.description, unit, limits }) };
      Object.assign(jsonSchema, secret === true ? encrypted(description) : { ...rest, ...description });
    },
  });
  return schema;
}

function hint({ description, unit, limits }: Omit<FieldMeta, "cure">): string {
  const facts = [unit === undefined ? "" : `in ${unit}`, limits ?? ""].filter((fact) => fact !== "");
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`;
}

/** A secret stands in the file as Pulumi encrypted it, and never as text. */
function encrypted(description: Json): Json {
  return { ...description, type: "object", properties: { secure: { type: "string" } }, required: ["secure"], additionalProperties: false };
}
