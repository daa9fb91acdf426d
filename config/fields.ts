import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { parseCidr } from "../components/network/cidr";

/** What the schema says of a field beside its type. The documentation, the editor's hints and the error messages are made of it. */
export interface FieldMeta {
  /** What the value means, as one sentence without a full stop. */
  readonly description: string;
  /** GiB, days, nodes ... */
  readonly unit?: string;
  /** What is allowed, as it follows "must be". */
  readonly limits?: string;
  /** What to do about a bad value, where that is more than to put a good one there. */
  readonly cure?: string;
  /** A value that must be stored encrypted. */
  readonly secret?: boolean;
}

/** A whole number between `min` and `max`. */
export function whole(min: number, max: number, unit: string, description: string): z.ZodInt {
  const limits = min === max ? String(min) : `a whole number from ${min} to ${max}`;
  return z
    .int()
    .min(min)
    .max(max)
    .meta({ description, unit, limits } satisfies FieldMeta);
}

/** One of a few words. */
export function choice<const T extends readonly [string, ...string[]]>(values: T, description: string): z.ZodEnum<{ [K in T[number]]: K }> {
  const limits = values.map((value) => `"${value}"`).join(" or ");
  return z.enum(values).meta({ description, limits } satisfies FieldMeta);
}

/** On or off. */
export function flag(description: string): z.ZodBoolean {
  return z.boolean().meta({ description, limits: "true or false" } satisfies FieldMeta);
}

/** Text that a pattern describes; `limits` says the pattern in words. */
export function text(pattern: RegExp, limits: string, description: string, cure?: string): z.ZodString {
  return z
    .string()
    .regex(pattern)
    .meta({ description, limits, ...(cure === undefined ? {} : { cure }) } satisfies FieldMeta);
}

/** A DNS name with at least one dot, in lower case. */
export function hostname(description: string): z.ZodString {
  const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  return text(
    new RegExp(`^(?=.{4,253}$)${label}(\\.${label})*\\.[a-z]{2,63}$`),
    "a DNS name in lower case such as chat.example.com",
    description,
  );
}

/** A mail address. */
export function mailAddress(description: string): z.ZodString {
  return text(/^[^\s@]+@[^\s@]+\.[a-z]{2,63}$/i, "a mail address such as ops@example.com", description);
}

/** An IPv4 range in CIDR notation, its prefix between `largest` (few bits, many addresses) and `smallest`. */
export function cidr(largest: number, smallest: number, description: string, cure?: string): z.ZodString {
  const limits = `an IPv4 range from /${largest} to /${smallest} that starts at its network address, such as 10.0.0.0/${largest === 0 ? 16 : largest}`;
  return z
    .string()
    .refine((value) => {
      const block = parseCidr(value);
      return block !== undefined && block.prefix >= largest && block.prefix <= smallest;
    })
    .meta({ description, limits, ...(cure === undefined ? {} : { cure }) } satisfies FieldMeta);
}

/**
 * A value that must be encrypted in the stack's file; it becomes a secret output as soon as it is read.
 *
 * @param form what it has to look like, and that in words
 */
export function secret(
  description: string,
  form: { readonly pattern: RegExp; readonly limits: string } = { pattern: /./s, limits: "a text that is not empty" },
): z.ZodPipe<z.ZodString, z.ZodTransform<pulumi.Output<string>, string>> {
  return z
    .string()
    .regex(form.pattern)
    .transform((value) => pulumi.secret(value))
    .meta({ description, secret: true, limits: form.limits } satisfies FieldMeta);
}

/** A list of at least `min` items, and of at most `max` where one is given. */
export function list<T extends z.ZodType>(item: T, min: number, description: string, max?: number): z.ZodArray<T> {
  const least = min === 0 ? "a list" : `a list of at least ${min} item${min === 1 ? "" : "s"}`;
  const limits = max === undefined ? least : `a list of ${min} to ${max} items`;
  const array = z.array(item).min(min);
  return (max === undefined ? array : array.max(max)).meta({ description, limits } satisfies FieldMeta);
}

/** A map whose keys are known; any other key is an error. */
export function section<T extends z.ZodRawShape>(shape: T, description: string): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape).meta({ description, limits: "a map" } satisfies FieldMeta);
}
