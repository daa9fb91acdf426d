import { createHash } from "node:crypto";

import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import type { Tags } from "../tags";
import type { Toleration } from "./index";
import { fixedBounds, spread, type Bounds } from "./node-pools";

export interface AzureNodesArgs {
  /** Zones of the workload's pools, one pool to each. */
  readonly zones: readonly string[];
  /** Machines of the workload: size, fewest and most over all zones, and their own disk in GiB. */
  readonly nodes: Bounds & { readonly size: string; readonly diskGiB: number };
  /** Spare capacity beside them: sizes, each of which gets a pool, and the most nodes of all these pools together. */
  readonly spot?: { readonly sizes: readonly string[]; readonly max: number } | undefined;
  readonly tags: Tags;
}

/** The cluster that pools belong to. */
export interface PoolTarget {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly version: string;
  readonly subnetId: pulumi.Output<string>;
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * AKS keeps memory for itself by the number of pods that a node may hold: 20 MB for each, and 250 pods take a quarter of a Standard_B2s.
 * https://learn.microsoft.com/azure/aks/node-resource-reservations
 */
export const maxPodsPerNode = 30;

/** AKS puts this taint on every spot node. */
const spotTaint = { key: "kubernetes.azure.com/scalesetpriority", value: "spot" } as const;

/**
 * What Azure cannot change on a pool that exists. A hash of it is part of the pool's name, so that a change adds a pool beside the old one,
 * which is drained and removed after it, instead of replacing it in place with the old one deleted first.
 */
interface PoolShape {
  readonly vmSize: string;
  readonly osDiskSizeGB: number;
  readonly maxPods: number;
  readonly availabilityZones: readonly string[];
  readonly scaleSetPriority: "Regular" | "Spot";
}

/** Pools of the workload: one to a zone, and one to a spot size where spot capacity is wanted. AKS takes one change at a time. */
export function createNodePools(
  parent: pulumi.Resource,
  name: string,
  args: AzureNodesArgs,
  target: PoolTarget,
): { created: pulumi.Resource[]; interruptibleTolerations: Toleration[] } {
  const created: pulumi.Resource[] = [];
  const create = (
    prefix: string,
    logical: string,
    shape: PoolShape,
    bounds: Bounds,
    own: Partial<containerservice.AgentPoolArgs> = {},
  ): void => {
    const hash = shapeHash(shape);
    const previous = created.at(-1);
    created.push(
      new containerservice.AgentPool(
        `${name}-${logical}-${hash}`,
        {
          resourceGroupName: target.resourceGroupName,
          resourceName: target.clusterName,
          agentPoolName: `${prefix}${hash}`,
          mode: "User",
          osType: "Linux",
          osSKU: "Ubuntu",
          osDiskType: "Managed",
          ...shape,
          availabilityZones: [...shape.availabilityZones],
          orchestratorVersion: target.version,
          vnetSubnetID: target.subnetId,
          enableNodePublicIP: false,
          enableAutoScaling: true,
          minCount: bounds.min,
          maxCount: bounds.max,
          count: bounds.min,
          tags: args.tags,
          ...own,
        },
        // The autoscaler moves the count between the bounds.
        { parent, dependsOn: [...target.dependsOn, ...(previous === undefined ? [] : [previous])], ignoreChanges: ["count"] },
      ),
    );
  };

  const bounds = fixedBounds(args.nodes, args.zones.length);
  args.zones.forEach((zone, index) => {
    const letter = zoneLetter(index);
    create(
      `n${letter}`,
      `nodes-${letter}`,
      {
        vmSize: args.nodes.size,
        osDiskSizeGB: args.nodes.diskGiB,
        maxPods: maxPodsPerNode,
        availabilityZones: [zone],
        scaleSetPriority: "Regular",
      },
      bounds[index] ?? { min: 0, max: 1 },
      { upgradeSettings: { maxSurge: "1", drainTimeoutInMinutes: 30 } },
    );
  });
  const spotSizes = args.spot?.sizes ?? [];
  const spotMaxima = spread(args.spot?.max ?? 0, spotSizes.length);
  spotSizes.forEach((size, index) => {
    const max = spotMaxima[index] ?? 0;
    // Azure refuses a pool that can have no node.
    if (max === 0) return;
    create(
      "s",
      "spot",
      { vmSize: size, osDiskSizeGB: args.nodes.diskGiB, maxPods: maxPodsPerNode, availabilityZones: args.zones, scaleSetPriority: "Spot" },
      { min: 0, max },
      { scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1, nodeTaints: [`${spotTaint.key}=${spotTaint.value}:NoSchedule`] },
    );
  });
  return { created, interruptibleTolerations: args.spot === undefined ? [] : [{ ...spotTaint, operator: "Equal", effect: "NoSchedule" }] };
}

/** Six letters and digits: a pool's name holds twelve. */
function shapeHash(shape: PoolShape): string {
  return createHash("sha256").update(JSON.stringify(shape)).digest("hex").slice(0, 6);
}
