/** Names that the provider gives to objects whose inputs leave theirs out. */
import { type StackGraph, isKubernetesObject } from "./graph-document";
import { type Json, isObject, textAt } from "./json";

/**
 * Finds the names by what refers to them: a graph shows inputs as the program gave them, so that of an autonamed object only the places where the
 * program used its name (`volumeName` of a claim, for example) show the name's random end. Where nothing refers to it, any name will do.
 * @returns URN to name, for the objects without a name of their own.
 */
export function autonames(graph: StackGraph): ReadonlyMap<string, string> {
  const nameless = graph.resources.filter(
    (resource) => isKubernetesObject(resource) && textAt(resource.inputs, "metadata", "name") === undefined,
  );
  const texts = new Set(nameless.length === 0 ? [] : graph.resources.flatMap(({ inputs }) => textsIn(inputs)));
  return new Map(
    nameless.map(({ urn, name }) => {
      const autonamed = [...texts]
        .filter((text) => text.startsWith(`${name}-`))
        .find((text) => /^[0-9a-f]{7,8}$/.test(text.slice(name.length + 1)));
      return [urn, autonamed ?? name.toLowerCase()];
    }),
  );
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}
