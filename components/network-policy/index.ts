import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { PolicyFacts } from "../cluster";
import { ciliumPolicySpec, needsCilium } from "./cilium";
import type { Flow, Labels } from "./flow";
import { denyEverything, networkPolicySpec, nodesAsRanges } from "./kubernetes";
import { rulesOf, type Rule } from "./rules";

export type { Flow } from "./flow";

export interface NetworkPoliciesArgs {
  /** Name of the namespace: pods that a flow names in it count as its own. */
  readonly namespace: string;
  /** The same of the namespace that was made. */
  readonly namespaceReady: pulumi.Input<string>;
  readonly facts: PolicyFacts;
  readonly flows: readonly Flow[];
  /** Labels of the objects. */
  readonly labels: Labels;
}

/**
 * Denies everything in and out of a namespace, then allows the flows: one object to each end of a flow that lies in the namespace, called
 * `<flow>-egress` at the pods that send and `<flow>-ingress` at those that receive.
 *
 * Where Cilium enforces, an object is a CiliumNetworkPolicy only if a NetworkPolicy could not say it.
 *
 * @returns what pods of the namespace have to wait for: one that is there before its policies has no connection, or too many
 * @throws TypeError where a flow has no end in the namespace
 */
export function createNetworkPolicies(parent: pulumi.Resource, name: string, args: NetworkPoliciesArgs): pulumi.Resource[] {
  const { namespace, namespaceReady, facts, flows, labels } = args;
  const metadata = (policy: string, description: string) => ({
    name: policy,
    namespace: namespaceReady,
    labels: { ...labels },
    // https://kubernetes.io/docs/reference/labels-annotations-taints/#description
    annotations: { "kubernetes.io/description": description },
  });
  const create = (rule: Rule): pulumi.Resource => {
    const meta = metadata(rule.name, rule.purpose);
    if (facts.flavour === "cilium" && needsCilium(rule))
      return new k8s.apiextensions.CustomResource(
        `${name}-${rule.name}`,
        { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: meta, spec: ciliumPolicySpec(rule) },
        { parent },
      );
    const peers = nodesAsRanges(rule.peers, facts.nodeCidrs);
    return new k8s.networking.v1.NetworkPolicy(
      `${name}-${rule.name}`,
      { metadata: meta, spec: networkPolicySpec({ ...rule, peers }) },
      { parent },
    );
  };
  const deny = new k8s.networking.v1.NetworkPolicy(
    `${name}-default-deny`,
    { metadata: metadata("default-deny", "what no other policy allows"), spec: denyEverything },
    { parent },
  );
  return [deny, ...flows.flatMap((flow) => rulesOf(flow, namespace, facts)).map(create)];
}
