import type * as k8s from "@pulumi/kubernetes";

import type { Labels } from "./flow";
import type { Peers, Rule } from "./rules";

type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** A rule as a NetworkPolicy's specification, every peer of it pods or a range of addresses. */
export function networkPolicySpec({ direction, subject, peers, ports }: Rule): k8s.types.input.networking.v1.NetworkPolicySpec {
  const allowed = { ports: ports.map((port) => ({ ...port })) };
  return {
    podSelector: selector(subject),
    ...(direction === "ingress"
      ? { policyTypes: ["Ingress"], ingress: [{ from: peersOf(peers), ...allowed }] }
      : { policyTypes: ["Egress"], egress: [{ to: peersOf(peers), ...allowed }] }),
  };
}

/** Every pod of the namespace, nothing in and nothing out: what no other policy allows is denied. */
export const denyEverything: k8s.types.input.networking.v1.NetworkPolicySpec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };

function peersOf({ pods, blocks }: Peers): Peer[] {
  return [
    ...pods.map(({ namespace, labels }) => ({
      // Kubernetes itself labels every namespace with its name: https://kubernetes.io/docs/reference/labels-annotations-taints/
      ...(namespace === undefined ? {} : { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }),
      podSelector: selector(labels),
    })),
    ...blocks.map(({ cidr, except }) => ({ ipBlock: { cidr, ...(except === undefined ? {} : { except: [...except] }) } })),
  ];
}

function selector(labels: Labels): { matchLabels?: Record<string, string> } {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } };
}

/** Nodes as the ranges of their subnets: where a range means every address in it, that is all it takes. */
export function nodesAsRanges(peers: Peers, nodeCidrs: readonly string[]): Peers {
  const { nodes, pods, blocks } = peers;
  return nodes === "all" ? { pods, blocks: [...blocks, ...nodeCidrs.map((cidr) => ({ cidr }))] } : { pods, blocks };
}
