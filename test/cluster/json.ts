/** JSON values as the API server and the resource graph speak them, and safe ways to look inside them. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A Kubernetes object as it is sent and received; `metadata.name` is known by the time anything is sent. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject;
}

/** Whether the value is a JSON object (neither null nor an array). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value has what every Kubernetes object has: apiVersion, kind, metadata. */
export function isManifest(value: unknown): value is Manifest {
  return isObject(value) && typeof value["apiVersion"] === "string" && typeof value["kind"] === "string" && isObject(value["metadata"]);
}

/** The value at a path of keys and indexes, undefined where the path ends early. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const key of path) {
    if (typeof key === "number") current = Array.isArray(current) ? (current as readonly Json[])[key] : undefined;
    else current = isObject(current) ? current[key] : undefined;
  }
  return current;
}

/** The string at a path, undefined where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path, undefined where there is none. */
export function numberAt(value: Json | undefined, ...path: readonly (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The object at a path, empty where there is none. */
export function objectAt(value: Json | undefined, ...path: readonly (string | number)[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The list at a path, empty where there is none. */
export function listAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly Json[]) : [];
}

/** The entries at a path whose values are texts. */
export function textsAt(value: Json | undefined, ...path: readonly (string | number)[]): readonly (readonly [string, string])[] {
  return Object.entries(objectAt(value, ...path)).flatMap(([key, item]) => (typeof item === "string" ? [[key, item] as const] : []));
}

/** A copy of the object with the value at the path set; objects on the way are created. */
export function withValue<T extends JsonObject>(target: T, path: readonly string[], value: Json): T {
  const [key, ...rest] = path;
  if (key === undefined) return target;
  return { ...target, [key]: rest.length === 0 ? value : withValue(objectAt(target, key), rest, value) };
}

/** `Kind namespace/name`, as messages name an object. */
export function describe(manifest: Manifest): string {
  const namespace = textAt(manifest, "metadata", "namespace");
  return `${manifest.kind} ${namespace === undefined ? "" : `${namespace}/`}${nameOf(manifest)}`;
}

/** `metadata.name`. @throws when the object has none: an object that only has generateName is never sent. */
export function nameOf(manifest: Manifest): string {
  const name = textAt(manifest, "metadata", "name");
  if (name === undefined) throw new Error(`a ${manifest.kind} without metadata.name`);
  return name;
}
