/** How the nodes of a cluster divide over its zones. Volumes are zonal, so each zone has a pool of its own and the totals are held across them. */

/** Bounds of an autoscaled pool, in nodes. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Deals `total` nodes to `zones` zones, as evenly as it goes, the first zones first: 4 over 3 is 2, 1, 1. */
export function spread(total: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, zone) => Math.floor(total / zones) + (zone < total % zones ? 1 : 0));
}

/**
 * Bounds per zone where something else holds the total (on AWS the autoscaler's `max-nodes-total`): each zone may take whatever the
 * minimum of the others leaves, so that capacity goes where it is needed. 3 to 4 over 3 zones is 1 to 2 in each.
 */
export function sharedBounds(total: Bounds, zones: number): Bounds[] {
  const minima = spread(total.min, zones);
  return minima.map((min) => ({ min, max: Math.max(total.max - (total.min - min), min, 1) }));
}

/** Bounds per zone where nothing else holds the total (on Azure): the maxima add up to it. 3 to 4 over 3 zones is 1 to 2, 1 and 1. */
export function fixedBounds(total: Bounds, zones: number): Bounds[] {
  const maxima = spread(total.max, zones);
  return spread(total.min, zones).map((min, zone) => ({ min, max: Math.max(maxima[zone] ?? 0, min) }));
}
