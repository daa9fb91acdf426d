import { formatCidr, parseCidr, subnet } from "./cidr";

/** The most zones that a plan has room for. Every AWS region that EKS serves offers three; a few offer more. */
export const maxZones = 4;

/** What one zone gets out of the range of the VPC. */
export interface ZonePlan {
  /** Nodes and pods: an eighth of the VPC's range. */
  readonly privateCidr: string;
  /** Load balancer and NAT gateway: a sixteenth of it. */
  readonly publicCidr: string;
}

/**
 * Divides the range of a VPC into a private and a public subnet per zone.
 *
 * The lower half holds four private blocks, the next quarter four public ones; the last quarter stays free. A zone's blocks depend on its
 * number alone, so a zone that is added later never moves those before it (a subnet cannot be resized: AWS would replace it, and every node in it).
 *
 * @param vpcCidr range of the VPC, /28 or larger
 * @param zones how many zones, 1 to {@link maxZones}
 * @throws RangeError where the range is no CIDR or the number of zones is outside its limits
 */
export function planZones(vpcCidr: string, zones: number): ZonePlan[] {
  const vpc = parseCidr(vpcCidr);
  if (!vpc || vpc.prefix > 28) throw new RangeError(`${vpcCidr} is not an IPv4 range of /28 or larger`);
  if (!Number.isInteger(zones) || zones < 1 || zones > maxZones) throw new RangeError(`${zones} zones: the plan holds 1 to ${maxZones}`);
  return Array.from({ length: zones }, (_, zone) => ({
    privateCidr: formatCidr(subnet(vpc, vpc.prefix + 3, zone)),
    publicCidr: formatCidr(subnet(vpc, vpc.prefix + 4, 2 * maxZones + zone)),
  }));
}
