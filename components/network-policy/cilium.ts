import type { Rule } from "./rules";

/** Whether Kubernetes' own kind has no words for it: to Cilium a range never means a node, nor an API server that is one. */
export function needsCilium({ peers }: Rule): boolean {
  return peers.nodes !== undefined || peers.apiServer === true;
}

/**
 * A rule as a CiliumNetworkPolicy's specification. Each of its entries takes a single kind of peer:
 * https://docs.cilium.io/en/stable/security/policy/language/
 */
export function ciliumPolicySpec({ direction, subject, peers, ports }: Rule): Readonly<Record<string, unknown>> {
  const end = direction === "ingress" ? "from" : "to";
  const toPorts = [{ ports: ports.map(({ protocol, port }) => ({ port: String(port), protocol })) }];
  const endpoints = peers.pods.map(({ namespace, labels }) => ({
    matchLabels: { ...labels, ...(namespace === undefined ? {} : { "k8s:io.kubernetes.pod.namespace": namespace }) },
  }));
  const entities = [
    ...(peers.nodes === undefined ? [] : ["host"]),
    ...(peers.nodes === "all" ? ["remote-node"] : []),
    // Beside its range: whichever of the two the API server turns out to be, where it has an address in the network.
    ...(peers.apiServer === true ? ["kube-apiserver"] : []),
  ];
  const rules = [
    ...(endpoints.length === 0 ? [] : [{ [`${end}Endpoints`]: endpoints, toPorts }]),
    ...(peers.blocks.length === 0 ? [] : [{ [`${end}CIDRSet`]: peers.blocks, toPorts }]),
    ...(entities.length === 0 ? [] : [{ [`${end}Entities`]: entities, toPorts }]),
  ];
  return { endpointSelector: { matchLabels: { ...subject } }, [direction]: rules };
}
