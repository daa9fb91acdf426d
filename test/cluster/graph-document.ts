/** The input of the cluster test: a document such as `npm run preview -- --json` prints. */
import { type Json, type JsonObject, type Manifest, isObject, listAt, objectAt, textAt } from "./json";

export interface GraphResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly provider?: string;
  /** False for components, which have no object of their own. */
  readonly custom: boolean;
  readonly inputs: JsonObject;
  /** URNs. */
  readonly dependencies: readonly string[];
  /** Property paths whose changes the program ignores, `spec.replicas` for example. */
  readonly ignoreChanges: readonly string[];
}

export interface StackGraph {
  readonly stack: string;
  readonly cloud: string;
  readonly resources: readonly GraphResource[];
}

export interface GraphDocument {
  readonly stacks: readonly StackGraph[];
}

/** The type of a Helm release of the kubernetes provider. */
export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";

/**
 * Reads the document and checks the shape this test relies on.
 * @throws Error that names the place where the document is not what it should be.
 */
export function parseGraphDocument(text: string): GraphDocument {
  const document: unknown = JSON.parse(text);
  if (!isObject(document) || !Array.isArray(document["stacks"])) throw new Error("the resource graph has no list `stacks`");
  return { stacks: (document["stacks"] as readonly Json[]).map(parseStack) };
}

function parseStack(value: Json, index: number): StackGraph {
  const stack = textAt(value, "stack");
  const cloud = textAt(value, "cloud");
  if (!isObject(value) || stack === undefined || cloud === undefined) throw new Error(`stacks[${index}] lacks \`stack\` or \`cloud\``);
  if (!Array.isArray(value["resources"])) throw new Error(`stack ${stack} has no list \`resources\``);
  return { stack, cloud, resources: (value["resources"] as readonly Json[]).map((resource) => parseResource(resource, stack)) };
}

function parseResource(value: Json, stack: string): GraphResource {
  const urn = textAt(value, "urn");
  const type = textAt(value, "type");
  if (!isObject(value) || urn === undefined || type === undefined)
    throw new Error(`a resource of stack ${stack} lacks \`urn\` or \`type\``);
  const texts = (key: string): readonly string[] => listAt(value, key).filter((item) => typeof item === "string");
  const parent = textAt(value, "parent");
  const provider = textAt(value, "provider");
  return {
    urn,
    type,
    name: textAt(value, "name") ?? urn.slice(urn.lastIndexOf("::") + 2),
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
    custom: value["custom"] !== false,
    inputs: objectAt(value, "inputs"),
    dependencies: texts("dependencies"),
    ignoreChanges: texts("ignoreChanges"),
  };
}

/** Whether the resource is one object of the Kubernetes API (not a release, a component, or a patch of somebody else's object). */
export function isKubernetesObject(resource: GraphResource): boolean {
  if (!resource.custom || !resource.type.startsWith("kubernetes:")) return false;
  const module = resource.type.split(":")[1] ?? "";
  return (
    !module.startsWith("helm.sh/") && !module.startsWith("yaml") && !module.startsWith("kustomize") && !resource.type.endsWith("Patch")
  );
}

/**
 * The manifest of a Kubernetes resource. apiVersion and kind come from the type token where the inputs leave them out.
 * @param name for an object whose inputs have none.
 */
export function manifestOf(resource: GraphResource, name: string): Manifest {
  const [, groupVersion = "", kind = ""] = resource.type.split(":");
  const inputs = Object.fromEntries(Object.entries(resource.inputs).filter(([key]) => !key.startsWith("__")));
  const metadata = objectAt(inputs, "metadata");
  return {
    ...inputs,
    apiVersion: textAt(inputs, "apiVersion") ?? groupVersion.replace(/^core\//, ""),
    kind: textAt(inputs, "kind") ?? kind,
    metadata: { ...metadata, name: textAt(metadata, "name") ?? name },
  };
}
