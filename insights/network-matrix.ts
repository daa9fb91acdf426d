import type { GraphResource, ResourceGraph } from "../simulator/graph";

/** One allowed flow, as one cloud's policies have it. */
interface Flow {
  readonly purpose: string;
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

const kinds = ["kubernetes:networking.k8s.io/v1:NetworkPolicy", "kubernetes:cilium.io/v2:CiliumNetworkPolicy"];

/**
 * Who may speak to whom, as a table in Markdown for each namespace that has policies: read out of the policies themselves. What differs between
 * the clouds is said for each.
 */
export function networkMatrix(aws: ResourceGraph, azure: ResourceGraph): string {
  const [onAws, onAzure] = [flowsOf(aws), flowsOf(azure)];
  const namespaces = [...new Set([...onAws.keys(), ...onAzure.keys()])].sort();
  return namespaces
    .map((namespace) => {
      const [here, there] = [onAws.get(namespace) ?? new Map<string, Flow>(), onAzure.get(namespace) ?? new Map<string, Flow>()];
      const names = [...new Set([...here.keys(), ...there.keys()])].sort();
      const rows = names.map((name) => row(here.get(name), there.get(name)));
      return [`### In \`${namespace}\``, "", "| From | To | Port | What for |", "| --- | --- | --- | --- |", ...rows].join("\n");
    })
    .join("\n\n");
}

function row(aws: Flow | undefined, azure: Flow | undefined): string {
  const cell = (part: keyof Flow): string => {
    if (aws === undefined || azure === undefined || aws[part] === azure[part]) return (aws ?? azure)?.[part] ?? "";
    return `AWS: ${aws[part]}; Azure: ${azure[part]}`;
  };
  const only = aws === undefined ? " (Azure only)" : azure === undefined ? " (AWS only)" : "";
  return `| ${cell("from")} | ${cell("to")} | ${cell("ports")} | ${cell("purpose")}${only} |`;
}

/** Flows by namespace and name. A namespace without the policy that denies the rest is none: its flows would say nothing. */
function flowsOf(graph: ResourceGraph): Map<string, Map<string, Flow>> {
  const policies = graph.resources.filter(({ type }) => kinds.includes(type)).map(read);
  const shut = policies.filter(({ name }) => name === "default-deny").map(({ namespace }) => namespace);
  const flows = new Map<string, Map<string, Flow>>();
  for (const { name, namespace, purpose, direction, subject, peers, ports } of policies) {
    if (name === "default-deny") continue;
    if (!shut.includes(namespace))
      throw new Error(`the namespace ${namespace} of ${graph.stack} has policies, and none that denies the rest`);
    const ends = direction === "egress" ? { from: subject, to: peers } : { from: peers, to: subject };
    const known = flows.get(namespace) ?? new Map<string, Flow>();
    // Both ends of a flow inside a namespace have a policy, which say the same of it.
    known.set(name.replace(/-(in|e)gress$/, ""), { purpose, ports, ...ends });
    flows.set(namespace, known);
  }
  return flows;
}

interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly purpose: string;
  readonly direction: "ingress" | "egress";
  readonly subject: string;
  readonly peers: string;
  readonly ports: string;
}

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
type Rule = {
  readonly [kubernetes in "from" | "to"]?: readonly KubernetesPeer[];
} & {
  readonly [cilium in "fromEndpoints" | "toEndpoints"]?: readonly Selector[];
} & {
  readonly [cilium in "fromCIDRSet" | "toCIDRSet"]?: readonly Block[];
} & {
  readonly [cilium in "fromEntities" | "toEntities"]?: readonly string[];
} & {
  readonly ports?: readonly Port[];
  readonly toPorts?: readonly { readonly ports: readonly Port[] }[];
};
interface KubernetesPeer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: Block;
}
interface Block {
  readonly cidr: string;
  readonly except?: readonly string[];
}
interface Port {
  readonly port: number | string;
  readonly protocol: string;
}

function read({ inputs }: GraphResource): Policy {
  const { name, namespace, annotations } = inputs["metadata"] as { name: string; namespace: string; annotations: Labels };
  const spec = inputs["spec"] as Readonly<Partial<Record<"ingress" | "egress", readonly Rule[]>>> & {
    readonly podSelector?: Selector;
    readonly endpointSelector?: Selector;
  };
  const direction = spec.egress === undefined ? "ingress" : "egress";
  const end = direction === "egress" ? "to" : "from";
  const rules = spec[direction] ?? [];
  const ports = rules.flatMap((rule) => [...(rule.ports ?? []), ...(rule.toPorts ?? []).flatMap((entry) => entry.ports)]);
  return {
    name,
    namespace,
    purpose: annotations["kubernetes.io/description"] ?? "",
    direction,
    subject: podsName(spec.podSelector ?? spec.endpointSelector),
    peers: unique([
      ...rules.flatMap((rule) => [
        ...(rule[end] ?? []).filter(({ ipBlock }) => ipBlock === undefined).map(peerName),
        ...(rule[`${end}Endpoints`] ?? []).map(endpointName),
      ]),
      ...rangeNames(
        rules.flatMap((rule) => [...(rule[end] ?? []).flatMap(({ ipBlock }) => ipBlock ?? []), ...(rule[`${end}CIDRSet`] ?? [])]),
      ),
      ...rules.flatMap((rule) => entityNames(rule[`${end}Entities`] ?? [])),
    ]),
    ports: unique(ports.map(({ port, protocol }) => (protocol === "TCP" ? String(port) : `${port}/${protocol}`))),
  };
}

const unique = (texts: readonly string[]): string => [...new Set(texts)].join(", ");

/** What pods are called: by the first of the labels by which people call them. */
function podsName(selector: Selector | undefined, namespace?: string): string {
  const labels = selector?.matchLabels ?? {};
  const known = labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? labels["app"];
  if (known === undefined && Object.keys(labels).length > 0) throw new Error(`nobody calls pods by ${Object.keys(labels).join(", ")}`);
  return `${known ?? "every pod"}${namespace === undefined ? "" : ` in \`${namespace}\``}`;
}

function peerName({ namespaceSelector, podSelector }: KubernetesPeer): string {
  return podsName(podSelector, namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"]);
}

function endpointName({ matchLabels = {} }: Selector): string {
  const { "k8s:io.kubernetes.pod.namespace": namespace, ...labels } = matchLabels;
  return podsName({ matchLabels: labels }, namespace);
}

/** Everything but private ranges is the internet; with them it is anything. */
function rangeNames(blocks: readonly Block[]): string[] {
  const everything = blocks.some(({ cidr }) => cidr === "0.0.0.0/0");
  const others = blocks.filter(({ cidr }) => cidr !== "0.0.0.0/0").map(({ cidr }) => cidr);
  if (!everything) return others;
  return [others.length === 0 ? "the internet" : "any network"];
}

function entityNames(entities: readonly string[]): string[] {
  if (entities.includes("remote-node")) return ["every node"];
  return entities.map((entity) => ({ host: "its own node", "kube-apiserver": "API server" })[entity] ?? entity);
}
