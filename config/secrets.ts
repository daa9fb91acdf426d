import { z } from "zod";

import type { Problem } from "../components/configuration-error";
import { formatPath, holdsSecret, isMap, metaOf, strip } from "./problems";
import { schemas, type Cloud } from "./schema";

/** Secrets in a configuration: each stands encrypted in the stack's file, and no message shows one. */

/** Tells of a full key (`rocketchat:app`) whether anything below it is stored encrypted; Pulumi does not tell what. */
type IsEncrypted = (key: string) => boolean;

/** Secrets that stand in the stack's file as plain text. `given` is the configuration as written, by section. */
export function plainSecrets(given: Readonly<Record<string, unknown>>, cloud: Cloud, isEncrypted: IsEncrypted): Problem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const field = section(cloud, name);
    if (field === undefined || isEncrypted(`rocketchat:${name}`)) return [];
    return secretPaths(field, value, [name]).map((path) => {
      const key = `rocketchat:${formatPath(path)}`;
      return {
        key,
        value: "plain text",
        limit: "It is a secret: it must be encrypted in the stack's file.",
        cure: `Take it out of the file, and change it wherever it was in use; then set it with \`pulumi config set --secret --path ${key}\`.`,
      };
    });
  });
}

/** A copy of a configuration as written that lacks its secrets, and whatever the schema does not know: a misspelt key may hold one. */
export function withoutSecrets(given: Readonly<Record<string, unknown>>, cloud: Cloud): Record<string, unknown> {
  return publicPart(schemas[cloud], given) as Record<string, unknown>;
}

/** The problems, without the values of sections that have no secret of their own and that an operator encrypted all the same. */
export function withoutEncrypted(problems: readonly Problem[], cloud: Cloud, isEncrypted: IsEncrypted): Problem[] {
  return problems.map((problem) => {
    const name = /^rocketchat:([^.[]+)/.exec(problem.key)?.[1];
    if (problem.value === undefined || name === undefined || !isEncrypted(`rocketchat:${name}`)) return problem;
    return holdsSecret(section(cloud, name)) ? problem : { ...problem, value: "encrypted, not shown" };
  });
}

function section(cloud: Cloud, name: string): z.core.$ZodType | undefined {
  const shape: z.core.$ZodShape = schemas[cloud].shape;
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

function secretPaths(field: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  if (value === undefined) return [];
  if (metaOf(field).secret === true) return [path];
  const inner = strip(field);
  if (!(inner instanceof z.ZodObject) || !isMap(value)) return [];
  return Object.entries(inner.shape as z.core.$ZodShape).flatMap(([name, next]) => secretPaths(next, value[name], [...path, name]));
}

function publicPart(field: z.core.$ZodType, value: unknown): unknown {
  if (!holdsSecret(field)) return value;
  const inner = strip(field);
  if (!(inner instanceof z.ZodObject) || !isMap(value)) return undefined;
  return Object.fromEntries(Object.entries(inner.shape as z.core.$ZodShape).map(([name, next]) => [name, publicPart(next, value[name])]));
}
