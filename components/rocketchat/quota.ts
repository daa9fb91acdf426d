import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { chatPod, databaseMemberPod, databaseOperatorPod, jobPod, type PodNeeds } from "./sizing";
import { labels } from "./labels";

/** How many pods there can be of each kind at the same time. */
export interface PodCounts {
  readonly chat: number;
  readonly databaseMembers: number;
  readonly databaseOperators: number;
  readonly jobs: number;
}

/**
 * The most pods that the program can bring about. A pod that ends still counts, for as long as it drains, or until its lost node is given up: each
 * pod of a Deployment may have such a predecessor, and a rollout adds one. Members of the database are called by name, and have none.
 */
export function podCounts(maxReplicas: number, databaseMembers: number): PodCounts {
  return { chat: 2 * maxReplicas + 1, databaseMembers, databaseOperators: 2, jobs: 1 };
}

/**
 * What the namespace may hold at most, in the words of a ResourceQuota.
 *
 * No limit on processors: mongod has none, and a quota for limits would refuse it. None on storage either: a quota that refuses a growing volume
 * leaves the database's resource in contradiction with itself.
 *
 * @param loadBalancers Services that get an address from the cloud; a port of each node goes with one
 */
export function namespaceQuota(counts: PodCounts, loadBalancers: number): Record<string, string> {
  const all: readonly (readonly [number, PodNeeds])[] = [
    [counts.chat, chatPod],
    [counts.databaseMembers, databaseMemberPod],
    [counts.databaseOperators, databaseOperatorPod],
    [counts.jobs, jobPod],
  ];
  const total = (need: keyof PodNeeds): number => all.reduce((sum, [count, pod]) => sum + count * pod[need], 0);
  return {
    pods: String(all.reduce((sum, [count]) => sum + count, 0)),
    "requests.cpu": `${total("cpu")}m`,
    "requests.memory": `${total("memory")}Mi`,
    "limits.memory": `${total("memoryLimit")}Mi`,
    "services.loadbalancers": String(loadBalancers),
    "services.nodeports": String(loadBalancers),
  };
}

export interface QuotaArgs {
  readonly namespace: pulumi.Output<string>;
  readonly counts: PodCounts;
  readonly loadBalancers: number;
}

/** Bounds of the namespace, and what a container gets that states nothing: ours all state theirs. Returns what pods have to wait for. */
export function createQuota(parent: pulumi.Resource, name: string, { namespace, counts, loadBalancers }: QuotaArgs): pulumi.Resource[] {
  const metadata = { name: "rocketchat", namespace, labels };
  const { cpu, memory, memoryLimit } = jobPod;
  return [
    new k8s.core.v1.ResourceQuota(`${name}-quota`, { metadata, spec: { hard: namespaceQuota(counts, loadBalancers) } }, { parent }),
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata,
        spec: {
          limits: [
            { type: "Container", defaultRequest: { cpu: `${cpu}m`, memory: `${memory}Mi` }, default: { memory: `${memoryLimit}Mi` } },
          ],
        },
      },
      { parent },
    ),
  ];
}
