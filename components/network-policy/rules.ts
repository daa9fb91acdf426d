import type { PolicyFacts } from "../cluster";
import type { Destination, Flow, Labels, PlatformService, Pods, Source } from "./flow";

/** A range of addresses without some of them. */
export interface AddressBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

/** Everybody at the far end of a flow, in words that both kinds of policies can be written from. */
export interface Peers {
  /** Without a namespace, of the policies' own. */
  readonly pods: readonly { readonly labels: Labels; readonly namespace?: string }[];
  readonly blocks: readonly AddressBlock[];
  /** Whether the nodes are among them; `own`: only the one that the pod runs on. */
  readonly nodes?: "all" | "own";
  readonly apiServer?: true;
}

export interface Port {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
}

/** One end of a flow as its pods' policy has it. */
export interface Rule {
  readonly name: string;
  readonly purpose: string;
  readonly direction: "ingress" | "egress";
  /** Pods of the namespace that it holds for. */
  readonly subject: Labels;
  readonly peers: Peers;
  readonly ports: readonly Port[];
}

/**
 * What a namespace's own pods need for a flow: the right to send where they are its source, the right to receive where they are its
 * destination, and both between two of them.
 *
 * @throws TypeError where no end lies in the namespace, or an end is nobody: a policy that lists nobody lets everybody in
 */
export function rulesOf(flow: Flow, namespace: string, facts: PolicyFacts): Rule[] {
  const { name, purpose, from, to } = flow;
  const ports = portsOf(flow, facts);
  const [sender, receiver] = [subject(from, namespace), subject(to, namespace)];
  const rules: Rule[] = [
    ...(sender === undefined ? [] : [rule(`${name}-egress`, "egress", sender, destination(to, namespace, facts))]),
    ...(receiver === undefined ? [] : [rule(`${name}-ingress`, "ingress", receiver, source(from, namespace, facts))]),
  ];
  if (rules.length === 0) throw new TypeError(`${name}: neither end of the flow lies in the namespace ${namespace}`);
  return rules;

  function rule(ruleName: string, direction: Rule["direction"], own: Labels, peers: Peers): Rule {
    const nobody = peers.pods.length === 0 && peers.blocks.length === 0 && peers.nodes === undefined;
    if (nobody || ports.length === 0) throw new TypeError(`${name}: ${nobody ? "an end of the flow is nobody" : "the flow has no port"}`);
    return { name: ruleName, purpose, direction, subject: own, peers, ports };
  }
}

/** The labels of an end that is pods of the namespace. */
function subject(end: Flow["from"] | Flow["to"], namespace: string): Labels | undefined {
  if (typeof end === "string" || "cidrs" in end) return undefined;
  if ("everyPod" in end) return {};
  return (end.namespace ?? namespace) === namespace ? end.pods : undefined;
}

function source(from: Source, own: string, { webhookCallers }: PolicyFacts): Peers {
  if (from === "nodes") return { pods: [], blocks: [], nodes: "all" };
  if (from === "webhook-callers") {
    const { pods, cidrs, nodes } = webhookCallers;
    return { pods, blocks: blocks(cidrs), ...(nodes ? { nodes: "all" } : {}) };
  }
  return "cidrs" in from ? { pods: [], blocks: blocks(from.cidrs) } : podsOf(from, own);
}

function destination(to: Destination | PlatformService, own: string, facts: PolicyFacts): Peers {
  const { dns, apiServer, identity, privateCidrs } = facts;
  switch (to) {
    case "dns": {
      const onNode = dns.ownNodeCidrs.length > 0;
      return { pods: [dns], blocks: blocks(dns.ownNodeCidrs), ...(onNode ? { nodes: "own" } : {}) };
    }
    case "api-server":
      return { pods: [], blocks: blocks(apiServer.cidrs), apiServer: true };
    case "identity":
      return { pods: [], blocks: identity.cidrs === "internet" ? internet(facts) : blocks(identity.cidrs) };
    case "internet":
      return { pods: [], blocks: internet(facts) };
    case "anywhere":
      // Each private range by itself: on EKS what one rule excepts is denied to all of a pod's rules, unless one names that very range
      // (https://github.com/aws/aws-network-policy-agent/blob/main/pkg/fwruleprocessor/fw_rule_processor.go).
      return { pods: [], blocks: [...internet(facts), ...blocks(privateCidrs)] };
    case "nodes":
      return { pods: [], blocks: [], nodes: "all" };
    default:
      return podsOf(to, own);
  }
}

function podsOf(end: Pods, own: string): Peers {
  if ("everyPod" in end) return { pods: [{ labels: {} }], blocks: [] };
  const { pods, namespace = own } = end;
  return { pods: [{ labels: pods, ...(namespace === own ? {} : { namespace }) }], blocks: [] };
}

function portsOf(flow: Flow, { apiServer, identity }: PolicyFacts): readonly Port[] {
  if ("ports" in flow) return tcp(flow.ports);
  switch (flow.to) {
    case "dns":
      return [{ protocol: "UDP", port: 53 }, ...tcp([53])];
    case "api-server":
      return tcp([apiServer.port]);
    case "identity":
      return tcp([identity.port]);
  }
}

/** What is excepted is as wide as any range that is allowed elsewhere, or it would cut that range too on EKS. */
function internet({ privateCidrs, metadataCidrs }: PolicyFacts): AddressBlock[] {
  return [{ cidr: "0.0.0.0/0", except: [...privateCidrs, ...metadataCidrs] }];
}

const blocks = (cidrs: readonly string[]): AddressBlock[] => cidrs.map((cidr) => ({ cidr }));
const tcp = (ports: readonly number[]): Port[] => ports.map((port) => ({ protocol: "TCP", port }));
