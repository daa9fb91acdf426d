import * as pulumi from "@pulumi/pulumi";

import { secretText, unknownText } from "./graph";

const { specialSigKey, specialSecretSig } = pulumi.runtime;

/** What stands for a value that is not known yet. */
export const { unknownValue } = pulumi.runtime;

/** A value as Pulumi's protocol carries it: secrets in an envelope, unknown values as a text that nothing else reads. */
export type WireValue = unknown;

/** Whether a value is a map of the protocol. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The path of a key below another path. A key with a dot or the like in it, such as an annotation's, stands in brackets, as the engine reads it:
 * https://www.pulumi.com/docs/iac/concepts/miscellaneous/property-paths/
 */
export function pathTo(path: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}

function isSecretEnvelope(value: unknown): value is { readonly value: unknown } {
  return isMap(value) && value[specialSigKey] === specialSecretSig;
}

/** The value as a person may read it: secrets and unknown values replaced by words, everything else plain and in a stable order. */
export function readable(value: WireValue): unknown {
  if (value === unknownValue) return unknownText;
  if (isSecretEnvelope(value)) return secretText;
  if (Array.isArray(value)) return value.map(readable);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, readable(value[key])]),
  );
}

/** The value as the cloud reads it: secrets opened, unknown values missing. */
export function opened(value: WireValue): unknown {
  if (value === unknownValue) return undefined;
  if (isSecretEnvelope(value)) return opened(value.value);
  if (Array.isArray(value)) return value.map(opened);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, opened(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

/** The value with its secrets opened and unknown values left as they are: what two versions of an input are compared by. */
export function revealed(value: WireValue): unknown {
  if (isSecretEnvelope(value)) return revealed(value.value);
  if (Array.isArray(value)) return value.map(revealed);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)])) : value;
}

/** Every text that is, or is part of, a secret in `value`. */
export function secretsIn(value: WireValue): string[] {
  if (isSecretEnvelope(value)) return texts(opened(value));
  if (Array.isArray(value)) return value.flatMap(secretsIn);
  return isMap(value) ? Object.values(value).flatMap(secretsIn) : [];
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isMap(value) ? Object.values(value).flatMap(texts) : [];
}

/** The value in its envelope. */
export function secretEnvelope(value: WireValue): WireValue {
  return { [specialSigKey]: specialSecretSig, value };
}
