import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import type { Tags } from "../tags";
import { shortHash } from "./azure-names";
import type { Toleration } from "./index";
import { aksMaxPods } from "./node-capacity";
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
  readonly cluster: containerservice.ManagedCluster;
  readonly version: string;
  readonly subnetId: pulumi.Output<string>;
}

/** One node more than there are, so that pods have somewhere to go; a drain that takes longer ends the upgrade, and AKS tries again. */
export const upgradeSettings = { maxSurge: "1", drainTimeoutInMinutes: 30 } as const;

/** AKS puts this taint on every spot node. */
const spotTaint = { key: "kubernetes.azure.com/scalesetpriority", value: "spot" } as const;

/**
 * What Azure cannot change on a pool that exists. A hash of it is part of the pool's name, so that a change adds a pool beside the old one,
 * which is drained and removed after it, instead of replacing it in place with the old one deleted first.
 */
interface PoolShape {
  readonly vmSize: string;
  readonly osDiskType: "Managed";
  readonly osDiskSizeGB: number;
  readonly maxPods: number;
  readonly availabilityZones: readonly string[];
  readonly scaleSetPriority: "Regular" | "Spot";
}

/**
 * Pools of the workload: one to a zone, and one to a spot size where spot capacity is wanted. AKS takes one change at a time.
 *
 * Their disks are encrypted with Azure's own keys, as every managed disk is. Encryption on the host beside that needs a feature of the
 * subscription and a size that can do it: https://learn.microsoft.com/azure/aks/enable-host-encryption
 */
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
    // A pool's name holds twelve letters and digits.
    const hash = shortHash(JSON.stringify(shape));
    const previous = created.at(-1);
    created.push(
      new containerservice.AgentPool(
        `${name}-${logical}-${hash}`,
        {
          resourceGroupName: target.resourceGroupName,
          resourceName: target.cluster.name,
          agentPoolName: `${prefix}${hash}`,
          mode: "User",
          osType: "Linux",
          osSKU: "Ubuntu",
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
        {
          parent,
          dependsOn: previous === undefined ? [target.cluster] : [target.cluster, previous],
          // AKS demands a count, and the autoscaler moves it between the bounds. A change of the pool sends what the state last saw: `pulumi up
          // --refresh` looks first, and shrinks nothing (https://github.com/pulumi/pulumi-azure-native/issues/2943).
          ignoreChanges: ["count"],
          // A pool that goes alone is drained; one whose cluster goes has nothing left to wait for.
          deletedWith: target.cluster,
        },
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
        osDiskType: "Managed",
        osDiskSizeGB: args.nodes.diskGiB,
        maxPods: aksMaxPods,
        availabilityZones: [zone],
        scaleSetPriority: "Regular",
      },
      bounds[index] ?? { min: 0, max: 1 },
      { upgradeSettings },
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
      {
        vmSize: size,
        osDiskType: "Managed",
        osDiskSizeGB: args.nodes.diskGiB,
        maxPods: aksMaxPods,
        availabilityZones: args.zones,
        scaleSetPriority: "Spot",
      },
      { min: 0, max },
      { scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1, nodeTaints: [`${spotTaint.key}=${spotTaint.value}:NoSchedule`] },
    );
  });
  return { created, interruptibleTolerations: args.spot === undefined ? [] : [{ ...spotTaint, operator: "Equal", effect: "NoSchedule" }] };
}
