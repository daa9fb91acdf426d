import { contains, parseCidr, type Cidr } from "../../components/network/cidr";
import type { ResourceGraph } from "../../simulator/graph";
import {
  policiesOf,
  selects,
  type Direction,
  type Labels,
  type PeerRule,
  type Policy,
  type PortRule,
  type Protocol,
} from "./policy-objects";

/**
 * Who may speak to whom under the network policies of a graph, judged as the two clouds do:
 *
 * - EKS: the VPC CNI's agent looks addresses up by their longest prefix, before a Service's address is translated.
 *   https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
 *   https://github.com/aws/aws-network-policy-agent/blob/main/pkg/fwruleprocessor/fw_rule_processor.go
 * - AKS: Cilium knows pods, nodes and API server by what they are, and only the rest by address, after translation.
 *   https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions
 */

export interface Pod {
  readonly kind: "pod";
  readonly namespace: string;
  readonly labels: Labels;
  readonly address: string;
}

/** Whoever is not a pod. `own`: the node that the pod in question runs on. */
export interface Host {
  readonly kind: "own-node" | "other-node" | "api-server" | "outside";
  readonly address: string;
}

/** A Service that leads to somebody, at an address of its own. */
export interface Service {
  readonly kind: "service";
  readonly namespace: string;
  readonly selector: Labels;
  readonly address: string;
  readonly port: number;
  readonly targetPort: number;
  readonly leadsTo: Pod | Host;
}

export interface World {
  readonly flavour: "vpc-cni" | "cilium";
  readonly pods: readonly Pod[];
  readonly services: readonly Service[];
}

export type Allowed = (from: Pod | Host, to: Pod | Host | Service, port: number, protocol?: Protocol) => boolean;

/** Answers whether a connection is made: whether its sender may send it, and its receiver may receive it. */
export function evaluator(graph: ResourceGraph, world: World): Allowed {
  const policies = policiesOf(graph);
  const judge = world.flavour === "cilium" ? cilium(policies) : vpcCni(policies, world);
  return (from, to, port, protocol = "TCP") => {
    if (to.kind === "service" && to.port !== port) return false;
    const [end, endPort] = to.kind === "service" ? [to.leadsTo, to.targetPort] : [to, port];
    const sent =
      from.kind !== "pod" ||
      (world.flavour === "cilium"
        ? judge(from, "egress", end, { port: endPort, protocol })
        : judge(from, "egress", to, { port, protocol }));
    return sent && (end.kind !== "pod" || judge(end, "ingress", from, { port: endPort, protocol }));
  };
}

type Judge = (pod: Pod, direction: Direction, farEnd: Pod | Host | Service, port: PortRule) => boolean;

function policiesFor(policies: readonly Policy[], pod: Pod, direction: Direction): Policy[] {
  return policies.filter(
    (policy) => policy.direction === direction && policy.namespace === pod.namespace && selects(policy.selects, pod.labels),
  );
}

const samePort = (a: PortRule, b: PortRule): boolean => a.port === b.port && a.protocol === b.protocol;

function cilium(policies: readonly Policy[]): Judge {
  return (pod, direction, farEnd, port) => {
    // The host always reaches its own pods: https://docs.cilium.io/en/stable/network/kubernetes/policy/
    if (direction === "ingress" && farEnd.kind === "own-node") return true;
    const mine = policiesFor(policies, pod, direction);
    if (mine.length === 0) return true;
    return mine.some(({ rules }) =>
      rules.some(({ peers, ports }) => ports.some((each) => samePort(each, port)) && peers.some((peer) => isMeant(peer, farEnd))),
    );
  };
}

function isMeant(peer: PeerRule, farEnd: Pod | Host | Service): boolean {
  switch (peer.kind) {
    case "pods":
      return farEnd.kind === "pod" && farEnd.namespace === peer.namespace && selects(peer.labels, farEnd.labels);
    case "entity": {
      const entity = { "own-node": "host", "other-node": "remote-node", "api-server": "kube-apiserver" } as const;
      return farEnd.kind in entity && entity[farEnd.kind as keyof typeof entity] === peer.entity;
    }
    case "block": {
      const byAddress = farEnd.kind === "outside" || farEnd.kind === "api-server";
      return byAddress && inside(farEnd.address, peer.cidr) && !peer.except.some((range) => inside(farEnd.address, range));
    }
  }
}

/** What the agent keeps of a range of addresses. */
interface Entry {
  readonly range: Cidr;
  readonly ports: readonly PortRule[];
  readonly except: readonly string[];
}

/** More ports of one range than this the agent's map does not hold: MAX_PORT_PROTOCOL in its pkg/ebpf/c/tc.v4egress.bpf.c. */
const mostPorts = 24;

function vpcCni(policies: readonly Policy[], world: World): Judge {
  const known = new Map<string, readonly Entry[] | undefined>();
  return (pod, direction, farEnd, port) => {
    // The address of the pod's own node is always let through, in both directions.
    if (farEnd.kind === "own-node") return true;
    const key = `${direction} ${pod.address}`;
    if (!known.has(key)) known.set(key, entries(policiesFor(policies, pod, direction), direction, world));
    const table = known.get(key);
    if (table === undefined) return true;
    const [longest] = table.filter(({ range }) => contains(range, host(farEnd.address))).sort((a, b) => b.range.prefix - a.range.prefix);
    return longest?.ports.some((each) => samePort(each, port)) ?? false;
  };
}

/** The agent's table for a pod; undefined where no policy selects it. */
function entries(mine: readonly Policy[], direction: Direction, world: World): readonly Entry[] | undefined {
  if (mine.length === 0) return undefined;
  const rules = mine
    .flatMap((policy) => policy.rules.flatMap(({ peers, ports }) => peers.flatMap((peer) => addresses(peer, ports, direction, world))))
    .sort((a, b) => a.range.prefix - b.range.prefix);
  const table = new Map<string, Entry>();
  for (const rule of rules) {
    const key = `${rule.range.base}/${rule.range.prefix}`;
    const same = table.get(key);
    // A range inherits what wider ones allow, unless they except it.
    const wider = [...table.values()].filter(
      ({ range, except }) => contains(range, rule.range) && range.prefix < 32 && !except.some((each) => contains(cidr(each), rule.range)),
    );
    const inherited = same === undefined ? wider.flatMap(({ ports }) => ports) : same.ports;
    table.set(key, { range: rule.range, ports: [...rule.ports, ...inherited], except: [...rule.except, ...(same?.except ?? [])] });
  }
  for (const range of rules.flatMap(({ except }) => except).map(cidr)) {
    const key = `${range.base}/${range.prefix}`;
    // What is excepted anywhere is denied to all rules, unless one of them names that very range.
    if (!table.has(key)) table.set(key, { range, ports: [], except: [] });
  }
  for (const { ports } of table.values()) {
    const different = new Set(ports.map(({ port, protocol }) => `${protocol} ${port}`)).size;
    if (different > mostPorts) throw new Error(`${different} ports of one range, and the agent holds ${mostPorts}`);
  }
  return [...table.values()];
}

function addresses(peer: PeerRule, ports: readonly PortRule[], direction: Direction, world: World): Entry[] {
  if (peer.kind === "entity") throw new Error("the agent knows no entities");
  if (peer.kind === "block") return [{ range: cidr(peer.cidr), ports, except: peer.except }];
  const pods = world.pods.filter(({ namespace, labels }) => namespace === peer.namespace && selects(peer.labels, labels));
  // A Service's address only where it selects by all of the peer's labels, and by its own port only where that is the pods' too:
  // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
  const services =
    direction === "egress"
      ? world.services.filter(
          ({ namespace, selector, port, targetPort }) =>
            namespace === peer.namespace && Object.keys(selector).length > 0 && selects(peer.labels, selector) && port === targetPort,
        )
      : [];
  return [...pods, ...services].map(({ address }) => ({ range: host(address), ports, except: [] }));
}

function cidr(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new Error(`${text} is no range of addresses`);
  return range;
}

const host = (address: string): Cidr => cidr(`${address}/32`);
const inside = (address: string, range: string): boolean => contains(cidr(range), host(address));
