import * as aws from "@pulumi/aws";

import { show, type Problem } from "../configuration-error";

/**
 * Zones in which EKS places no control plane, by id (a zone's name differs from account to account).
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const zonesWithoutControlPlane = ["use1-az3", "usw1-az2", "cac1-az3"];

/** How many zones a network spans where none are named. */
const defaultZoneCount = 3;

export interface ZoneWishes {
  /** Zones that the configuration names; by default the account's first that will do. */
  readonly zones?: readonly string[] | undefined;
  /** EC2 instance type of the nodes. */
  readonly size: string;
}

/** The zones of a network, or what is wrong with what was asked for. */
export interface ChosenZones {
  readonly zones: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * Chooses the zones of a new VPC, or holds those that the configuration names against the account: each must exist there, be able to hold a
 * control plane, and have machines of the nodes' size.
 */
export async function chooseZones({ zones, size }: ZoneWishes): Promise<ChosenZones> {
  const [known, withSize] = await Promise.all([zonesOfAccount(), zonesWithSize(size)]);
  if (zones !== undefined) {
    return {
      zones,
      problems: zones.flatMap((zone, index) =>
        zoneProblems({ key: `rocketchat:network.create.zones[${index}]`, value: show(zone) }, zone, size, known, withSize),
      ),
    };
  }
  const fit = [...known].filter(([zone, id]) => !zonesWithoutControlPlane.includes(id) && withSize.has(zone)).map(([zone]) => zone);
  if (fit.length >= defaultZoneCount) return { zones: fit.slice(0, defaultZoneCount), problems: [] };
  return {
    zones: [],
    problems: [
      {
        key: "rocketchat:network.create.zones",
        limit: `The network spans ${defaultZoneCount} zones, and this account has ${fit.length} in which EKS places a control plane and EC2 has ${size}: ${fit.length === 0 ? "none" : fit.join(", ")}.`,
        cure: "Name the zones to use (two are enough for a database of one member), or choose another size or region.",
      },
    ],
  };
}

/**
 * What is wrong with one zone, wherever it comes from.
 *
 * @param named where the configuration names it, or a subnet in it
 */
export function zoneProblems(
  named: Pick<Problem, "key" | "value">,
  zone: string,
  size: string,
  known: ReadonlyMap<string, string>,
  withSize: ReadonlySet<string>,
): Problem[] {
  const id = known.get(zone);
  if (id === undefined) {
    const limit = `There is no zone ${zone} for this account; it has ${[...known.keys()].join(", ")}.`;
    return [{ ...named, limit, cure: "Name one of these." }];
  }
  if (zonesWithoutControlPlane.includes(id)) {
    const limit = `In this account ${zone} is ${id}, where EKS places no control plane.`;
    return [{ ...named, limit, cure: "Name another." }];
  }
  if (withSize.has(zone)) return [];
  const limit = `EC2 has no ${size}, the size of the nodes, in ${zone}.`;
  return [{ ...named, limit, cure: "Name another, or choose another rocketchat:cluster.nodes.size." }];
}

/** Zones that every account may use, names to ids. */
export async function zonesOfAccount(): Promise<ReadonlyMap<string, string>> {
  const { names, zoneIds } = await aws.getAvailabilityZones({
    state: "available",
    filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
  });
  return new Map(names.map((name, index) => [name, zoneIds[index] ?? ""]));
}

/** Zones in which EC2 has machines of a size. */
export async function zonesWithSize(size: string): Promise<ReadonlySet<string>> {
  const { locations } = await aws.ec2.getInstanceTypeOfferings({
    locationType: "availability-zone",
    filters: [{ name: "instance-type", values: [size] }],
  });
  return new Set(locations);
}
