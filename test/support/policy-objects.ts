import type { GraphResource, ResourceGraph } from "../../simulator/graph";

/** Network policies as they stand in a graph, read strictly: what the evaluators do not know they must not pass over. */

export type Labels = Readonly<Record<string, string>>;
export type Direction = "ingress" | "egress";
export type Protocol = "TCP" | "UDP";

export interface PortRule {
  readonly port: number;
  readonly protocol: Protocol;
}

/** One kind of far end that a rule names. */
export type PeerRule =
  | { readonly kind: "pods"; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: "block"; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: "entity"; readonly entity: string };

/** A policy's rules for one direction. Without a rule it only denies. */
export interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly direction: Direction;
  /** Pods that it holds for. */
  readonly selects: Labels;
  readonly rules: readonly { readonly peers: readonly PeerRule[]; readonly ports: readonly PortRule[] }[];
}

const kubernetesType = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const ciliumType = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

export function policiesOf(graph: ResourceGraph): Policy[] {
  return graph.resources.flatMap((resource) => {
    if (resource.type === kubernetesType) return kubernetesPolicy(resource);
    if (resource.type === ciliumType) return ciliumPolicy(resource);
    if (/networkpolic/i.test(resource.type)) throw new Error(`${resource.urn} is a policy of a kind that nobody reads`);
    return [];
  });
}

/** Whether labels are all there. */
export const selects = (wanted: Labels, labels: Labels): boolean => Object.entries(wanted).every(([key, value]) => labels[key] === value);

function kubernetesPolicy({ inputs, urn }: GraphResource): Policy[] {
  const { metadata, spec } = fields(inputs, ["apiVersion", "kind", "metadata", "spec"], urn);
  const namespace = text(metadata, "namespace");
  const { podSelector, policyTypes, ...directions } = fields(spec, ["podSelector", "policyTypes", "ingress", "egress"], urn);
  const types = list(policyTypes).map((type) => String(type).toLowerCase() as Direction);
  for (const direction of Object.keys(directions))
    if (!types.includes(direction as Direction)) throw new Error(`${urn}: no type ${direction}`);
  return types.map((direction) => ({
    name: text(metadata, "name"),
    namespace,
    direction,
    selects: matchLabels(podSelector, urn),
    rules: list(directions[direction]).map((rule) => {
      const { [direction === "ingress" ? "from" : "to"]: peers, ports } = fields(rule, ["from", "to", "ports"], urn);
      if (list(peers).length === 0 || list(ports).length === 0) throw new Error(`${urn}: a rule without peers or ports lets everything in`);
      return {
        peers: list(peers).map((peer) => kubernetesPeer(peer, namespace, urn)),
        ports: list(ports).map((port) => portRule(port, urn)),
      };
    }),
  }));
}

function kubernetesPeer(peer: unknown, own: string, urn: string): PeerRule {
  const { ipBlock, namespaceSelector, podSelector } = fields(peer, ["ipBlock", "namespaceSelector", "podSelector"], urn);
  if (ipBlock !== undefined) {
    if (podSelector !== undefined || namespaceSelector !== undefined) throw new Error(`${urn}: a range of addresses and a selector in one`);
    const { cidr, except } = fields(ipBlock, ["cidr", "except"], urn);
    return { kind: "block", cidr: String(cidr), except: list(except).map(String) };
  }
  const { "kubernetes.io/metadata.name": named, ...others } = namespaceSelector === undefined ? {} : matchLabels(namespaceSelector, urn);
  if (Object.keys(others).length > 0 || (namespaceSelector !== undefined && named === undefined))
    throw new Error(`${urn}: a namespace by another label than its name`);
  return { kind: "pods", namespace: named ?? own, labels: matchLabels(podSelector, urn) };
}

function ciliumPolicy({ inputs, urn }: GraphResource): Policy[] {
  const { metadata, spec } = fields(inputs, ["apiVersion", "kind", "metadata", "spec"], urn);
  const namespace = text(metadata, "namespace");
  const { endpointSelector, ...directions } = fields(spec, ["endpointSelector", "ingress", "egress"], urn);
  return (Object.keys(directions) as Direction[]).map((direction) => ({
    name: text(metadata, "name"),
    namespace,
    direction,
    selects: matchLabels(endpointSelector, urn),
    rules: list(directions[direction]).map((rule) => ciliumRule(rule, direction === "ingress" ? "from" : "to", namespace, urn)),
  }));
}

const entities = ["host", "remote-node", "kube-apiserver"];

function ciliumRule(rule: unknown, end: "from" | "to", own: string, urn: string): Policy["rules"][number] {
  const kinds = [`${end}Endpoints`, `${end}Entities`, `${end}CIDRSet`] as const;
  const { toPorts, ...peers } = fields(rule, [...kinds, "toPorts"], urn);
  const [kind, second] = Object.keys(peers);
  // https://github.com/cilium/cilium/blob/main/pkg/policy/api/rule_validation.go
  if (kind === undefined || second !== undefined) throw new Error(`${urn}: combining ${Object.keys(peers).join(" and ")} is not supported`);
  const ports = list(toPorts).flatMap((entry) => list(fields(entry, ["ports"], urn)["ports"]));
  const named = list(peers[kind]);
  if (named.length === 0 || ports.length === 0) throw new Error(`${urn}: a rule without peers or ports`);
  return {
    peers: named.map((peer): PeerRule => {
      if (kind === `${end}Entities`) {
        if (!entities.includes(String(peer))) throw new Error(`${urn}: nobody reads the entity ${String(peer)}`);
        return { kind: "entity", entity: String(peer) };
      }
      if (kind === `${end}CIDRSet`) {
        const { cidr, except } = fields(peer, ["cidr", "except"], urn);
        return { kind: "block", cidr: String(cidr), except: list(except).map(String) };
      }
      const { "k8s:io.kubernetes.pod.namespace": namespace = own, ...labels } = matchLabels(peer, urn);
      return { kind: "pods", namespace, labels };
    }),
    ports: ports.map((port) => portRule(port, urn, "text")),
  };
}

/** Kubernetes wants a port as a number, or it would be a name; Cilium wants it as a text. */
function portRule(value: unknown, urn: string, as: "number" | "text" = "number"): PortRule {
  const { port, protocol } = fields(value, ["port", "protocol"], urn);
  if (typeof port !== (as === "number" ? "number" : "string")) throw new Error(`${urn}: ${String(port)} is no port`);
  if (protocol !== "TCP" && protocol !== "UDP") throw new Error(`${urn}: ${String(protocol)} is no protocol`);
  return { port: Number(port), protocol };
}

function matchLabels(selector: unknown, urn: string): Labels {
  const { matchLabels: labels = {} } = fields(selector, ["matchLabels"], urn);
  return labels as Labels;
}

function fields(value: unknown, known: readonly string[], urn: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error(`${urn}: ${String(value)} where ${known.join(", ")} should be`);
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${urn}: nobody reads ${unknown.join(", ")}`);
  return value as Record<string, unknown>;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown, key: string): string {
  const found = typeof value === "object" && value !== null ? (Reflect.get(value, key) as unknown) : undefined;
  if (typeof found !== "string") throw new Error(`${String(found)} is no ${key}`);
  return found;
}
