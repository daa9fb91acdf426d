import { contains, parseCidr } from "../network/cidr";

/** Labels by which pods are told apart. */
export type PodLabels = Readonly<Record<string, string>>;

/** Pods of one namespace. */
export interface NamespacedPods {
  readonly namespace: string;
  readonly labels: PodLabels;
}

/**
 * What network policies have to know of a cluster: who enforces them, and by which addresses its own services are known to whoever does.
 *
 * The two ways of enforcing them differ where a connection to a Service is judged, before or after its address has become a pod's, and in what a
 * range of addresses can mean. Both are data here, so that a flow is described once for all clusters.
 */
export interface PolicyFacts {
  /**
   * `kubernetes`: NetworkPolicy alone, judged before a Service's address is translated; a range means every address in it.
   * `cilium`: judged after; a range never means pods or nodes, which is what CiliumNetworkPolicy has words for.
   */
  readonly flavour: "kubernetes" | "cilium";
  /** The Kubernetes API at the moment of judging: the address of the `kubernetes` Service, or those that it stands for. */
  readonly apiServer: { readonly cidrs: readonly string[]; readonly port: number };
  /** Who calls admission webhooks for the API server. */
  readonly webhookCallers: {
    readonly cidrs: readonly string[];
    readonly pods: readonly NamespacedPods[];
    /** Whether calls can also bear a node's own address. */
    readonly nodes: boolean;
  };
  /** Who resolves names: pods, and where there is one, a resolver on the pod's own node. */
  readonly dns: NamespacedPods & { readonly ownNodeCidrs: readonly string[] };
  /** Where pods trade their token for the cloud's credentials. */
  readonly identity: { readonly cidrs: readonly string[] | "internet"; readonly port: number };
  readonly nodeCidrs: readonly string[];
  /** What is not the internet: every range that is, or may be, of a network of the cluster's owner. */
  readonly privateCidrs: readonly string[];
  /** Where the cloud answers machines about themselves, credentials included. Only `identity` is ever opened of it. */
  readonly metadataCidrs: readonly string[];
}

/** Ranges that are nobody's on the internet: https://www.rfc-editor.org/rfc/rfc1918 and https://www.rfc-editor.org/rfc/rfc6598. */
const neverPublic = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** The link's own addresses, under which every cloud answers machines: https://www.rfc-editor.org/rfc/rfc3927. */
export const linkLocalCidr = "169.254.0.0/16";

/** Everything private, and those of a cluster's own ranges that are not: a network may be made of addresses that are public elsewhere. */
export function privateCidrs(own: readonly string[]): string[] {
  const outside = own.filter((range) => !neverPublic.some((known) => isInside(range, known)));
  return [...neverPublic, ...new Set(outside)];
}

function isInside(inner: string, outer: string): boolean {
  const [small, large] = [parseCidr(inner), parseCidr(outer)];
  if (small === undefined || large === undefined) throw new TypeError(`${small === undefined ? inner : outer} is no range of addresses`);
  return contains(large, small);
}
