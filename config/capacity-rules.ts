import { aksMaxPods, awsNodeSize, azureNodeSize } from "../components/cluster/node-capacity";
import { show, type Problem } from "../components/configuration-error";
import { chatPod, databaseMemberPod } from "../components/rocketchat/sizing";
import { key, type Sound } from "./rules";
import type { StackConfig } from "./schema";

/**
 * The chat must fit onto its nodes at its largest. What else runs there is left out: this refuses what can never be. Nothing is said of machines whose
 * memory is not known here.
 */
export function capacityRules({ cloud, cluster, app, mongodb }: Sound<StackConfig>): Problem[] {
  const [replicas, members, nodes, size] = [app?.replicas?.max, mongodb?.members, cluster?.nodes?.max, cluster?.nodes?.size];
  if (cloud === undefined || replicas === undefined || members === undefined || nodes === undefined || size === undefined) return [];
  // A contradiction of its own, which says nothing of how many nodes there will be.
  if ((cluster?.nodes?.min ?? 0) > nodes) return [];
  const node = allocatableMiB(cloud, size);
  const spot = cluster?.spot;
  const spare =
    spot?.sizes?.[0] === undefined || spot.max === undefined ? 0 : (allocatableMiB(cloud, spot.sizes[0]) ?? Infinity) * spot.max;
  if (node === undefined || spare === Infinity) return [];
  const memory = node * nodes + spare;
  const most = Math.floor((memory - members * databaseMemberPod.memory) / chatPod.memory);
  if (replicas <= most) return [];
  return [
    {
      key: key("app.replicas.max"),
      value: show(replicas),
      limit: `It must be at most ${Math.max(most, 0)}: a pod asks for ${chatPod.memory} MiB, and the nodes have ${memory} MiB for pods at most, of which the database takes ${members * databaseMemberPod.memory}.`,
      cure: "Lower it, raise rocketchat:cluster.nodes.max, or choose a larger rocketchat:cluster.nodes.size.",
    },
  ];
}

/** Memory that a node has for pods, in MiB; undefined for a machine that is not known here. */
function allocatableMiB(cloud: "aws" | "azure", size: string): number | undefined {
  const node = cloud === "aws" ? awsNodeSize(size) : azureNodeSize(size, aksMaxPods);
  return node?.allocatable.memoryMiB;
}
