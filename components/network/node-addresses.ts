/** How many addresses a subnet of nodes has to have. */

/** Addresses in every subnet that Azure keeps for itself: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const reservedAddresses = 5;

/** Kinds of nodes, in nodes at most. */
export interface NodeCounts {
  readonly system: number;
  readonly workload: number;
  readonly spot: number;
  /** Zones of the workload, each with a pool of its own. */
  readonly zones: number;
}

/**
 * Addresses that nodes and the internal load balancer take of their subnet, beside those that Azure keeps. Pods have an overlay of their own.
 * While a pool is upgraded it has a node more than its most.
 */
export function nodeAddresses({ system, workload, spot, zones }: NodeCounts): number {
  const pools = 1 + zones + (spot > 0 ? 1 : 0);
  return system + workload + spot + pools + 1;
}
