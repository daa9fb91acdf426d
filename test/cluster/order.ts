/** The order in which a graph's resources are applied: the worst that their dependencies still allow. */
import { type GraphResource, RELEASE_TYPE, type StackGraph, isKubernetesObject } from "./graph-document";

/**
 * Every resource after what it depends on. Where the dependencies leave a choice, what others may need (namespaces, definitions, releases) comes
 * last: Pulumi starts everything whose dependencies are done at once, so an object that forgot to depend on its namespace may well be first.
 * @throws Error that names the resources of a cycle.
 */
export function worstOrder(graph: StackGraph): readonly GraphResource[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const waiting = new Map(graph.resources.map((resource) => [resource.urn, dependenciesOf(resource, graph, byUrn)]));
  const ordered: GraphResource[] = [];
  while (waiting.size > 0) {
    const ready = graph.resources.filter(({ urn }) => waiting.get(urn)?.size === 0);
    const [next] = [...ready].sort((a, b) => providerRank(a) - providerRank(b));
    if (next === undefined) throw new Error(`these resources wait for each other: ${[...waiting.keys()].join(", ")}`);
    ordered.push(next);
    waiting.delete(next.urn);
    for (const dependencies of waiting.values()) dependencies.delete(next.urn);
  }
  return ordered;
}

function dependenciesOf(resource: GraphResource, graph: StackGraph, byUrn: ReadonlyMap<string, GraphResource>): Set<string> {
  const found = new Set<string>();
  for (const urn of resource.dependencies) {
    const dependency = byUrn.get(urn);
    if (dependency === undefined) continue;
    found.add(urn);
    // Depending on a component means depending on all it holds.
    if (!dependency.custom) for (const child of descendants(urn, graph)) found.add(child.urn);
  }
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  if (parent?.custom === true) found.add(parent.urn);
  // A provider reference is `<urn>::<id>`.
  const provider = graph.resources.find(
    ({ urn, type }) => type.startsWith("pulumi:providers:") && resource.provider?.startsWith(urn) === true,
  );
  if (provider !== undefined) found.add(provider.urn);
  found.delete(resource.urn);
  return found;
}

function descendants(urn: string, graph: StackGraph): readonly GraphResource[] {
  return graph.resources.filter(({ parent }) => parent === urn).flatMap((child) => [child, ...descendants(child.urn, graph)]);
}

/** How much others may need the resource; those that nobody needs go first. */
function providerRank(resource: GraphResource): number {
  // Clouds and components are of no interest here; whatever waits for them is to become ready.
  if (!isKubernetesObject(resource) && resource.type !== RELEASE_TYPE) return 0;
  const kind = resource.type.split(":")[2] ?? "";
  if (["Namespace", "CustomResourceDefinition", "Release"].includes(kind)) return 4;
  if (["StorageClass", "PriorityClass", "IngressClass", "ClusterRole", "ResourceQuota", "LimitRange"].includes(kind)) return 3;
  return ["ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "Role"].includes(kind) ? 2 : 1;
}
