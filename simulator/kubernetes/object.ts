import { digits, type Failure, type Inventory, type Registration, type ResourceType } from "../resource-type";

type Part = Readonly<Record<string, unknown>>;
type Scope = "namespaced" | "cluster";

/** The value at a path of map keys, undefined where it ends before. */
export function valueIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

export function metadataOf(resource: Pick<Registration, "inputs">): Part {
  const { metadata } = resource.inputs;
  return typeof metadata === "object" && metadata !== null ? (metadata as Part) : {};
}

export function objectName(resource: Registration): string {
  const { name } = metadataOf(resource);
  return typeof name === "string" ? name : `${resource.name}-${digits(8, resource.seed)}`;
}

export function namespaceOf(resource: Pick<Registration, "inputs">): string {
  const { namespace } = metadataOf(resource);
  return typeof namespace === "string" ? namespace : "default";
}

/** Namespace and name, of an object that has both. */
export function objectId(resource: Pick<Registration, "inputs">): string {
  const { name } = metadataOf(resource);
  return `${namespaceOf(resource)}/${typeof name === "string" ? name : ""}`;
}

export const namespaceType = "kubernetes:core/v1:Namespace";

/** Namespaces that every cluster has. */
const existingNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

export function missingNamespace(inventory: Inventory, property: string, namespace: string): Failure[] {
  if (existingNamespaces.includes(namespace) || inventory.find(namespaceType, namespace) !== undefined) return [];
  return [{ property, reason: `there is no namespace ${namespace}` }];
}

/**
 * An object of the API. A preview knows what it returns: the provider asks the cluster to try the object out, and fills in a missing name itself.
 * (The first preview of a stack has no cluster to ask, and knows less.)
 *
 * @param createOnly what the provider replaces the object for, beside its name:
 *   https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
 * @param fixed what the provider leaves to the API, which then refuses the change
 */
export function object(scope: Scope, createOnly: readonly string[] = [], fixed: readonly string[] = []): ResourceType {
  return {
    id: (r) => (scope === "cluster" ? objectName(r) : `${namespaceOf(r)}/${objectName(r)}`),
    nameProperty: "metadata.name",
    autoName: { separator: "-", digits: 8, longest: 63 },
    computed: (r) => ({
      metadata: { ...metadataOf(r), name: objectName(r), ...(scope === "cluster" ? {} : { namespace: namespaceOf(r) }) },
    }),
    knownAtPreview: true,
    createOnly: ["metadata.name", "metadata.namespace", ...createOnly],
    refuse: (r, inventory) => [
      ...(scope === "cluster" ? [] : missingNamespace(inventory, "metadata.namespace", namespaceOf(r))),
      ...changedAnyway(r, fixed),
    ],
  };
}

/** The row with one more thing that the cluster refuses because of what it holds. */
export function refusing(row: ResourceType, refuse: NonNullable<ResourceType["refuse"]>): ResourceType {
  return { ...row, refuse: (r, inventory) => [...(row.refuse?.(r, inventory) ?? []), ...refuse(r, inventory)] };
}

function changedAnyway({ inputs, previousInputs }: Registration, fixed: readonly string[]): Failure[] {
  if (previousInputs === undefined) return [];
  const at = (all: Part, path: string): string | undefined => JSON.stringify(valueIn(all, ...path.split(".")));
  return fixed
    .filter((path) => at(previousInputs, path) !== at(inputs, path))
    .map((property) => ({ property, reason: "Forbidden: may not be changed in an update" }));
}
