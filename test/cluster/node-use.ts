/** How full the nodes are with what the scheduler has put on them. */
import type { ApiClient } from "./api-client";
import { type Json, type Manifest, listAt, nameOf, textAt } from "./json";

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number: cores, bytes, pieces. */
export function quantity(text: string | undefined): number {
  const [, number = "0", unit = ""] = /^([0-9.]+)([A-Za-z]*)$/.exec(text ?? "") ?? [];
  return Number(number) * (unit === "" ? 1 : (UNITS[unit] ?? Number.NaN));
}

/** One line per node: zone, pods, and requests of what it can allocate. */
export async function nodeUse(client: ApiClient, names: readonly string[]): Promise<readonly string[]> {
  const [nodes, pods] = await Promise.all([client.list("v1", "Node"), client.list("v1", "Pod")]);
  return nodes
    .filter((node) => names.includes(nameOf(node)))
    .map((node) => {
      const own = pods.filter((pod) => textAt(pod, "spec", "nodeName") === nameOf(node) && textAt(pod, "status", "phase") === "Running");
      const used = (resource: string): number => own.reduce((sum, pod) => sum + requestOf(pod, resource), 0);
      const free = (resource: string): number => quantity(textAt(node, "status", "allocatable", resource));
      const zone = textAt(node, "metadata", "labels", "topology.kubernetes.io/zone") ?? "no zone";
      const gib = (bytes: number): string => (bytes / 2 ** 30).toFixed(1);
      const cpu = `${Math.round(used("cpu") * 1000)} of ${Math.round(free("cpu") * 1000)}m CPU`;
      return `${nameOf(node)} (${zone}): ${own.length} of ${free("pods")} pods, ${cpu}, ${gib(used("memory"))} of ${gib(free("memory"))} GiB requested`;
    });
}

/** What the scheduler counts for a pod: its containers together, or its largest init container. */
function requestOf(pod: Manifest, resource: string): number {
  const of = (container: Json): number => quantity(textAt(container, "resources", "requests", resource));
  const [sidecars, steps] = [true, false].map((always) =>
    listAt(pod, "spec", "initContainers").filter((container) => (textAt(container, "restartPolicy") === "Always") === always),
  );
  const running = [...listAt(pod, "spec", "containers"), ...(sidecars ?? [])].reduce<number>((sum, container) => sum + of(container), 0);
  return Math.max(running, ...(steps ?? []).map(of));
}
