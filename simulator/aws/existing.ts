/** What the simulated account held before any stack: two VPCs of other people's making, one sound and one that would not serve. */

interface ExistingSubnet {
  readonly vpc: string;
  readonly cidrBlock: string;
  /** Letter of its zone. */
  readonly zone: string;
  /** Where its default route leads; missing where it has none. */
  readonly gatewayId?: string;
  /** Whether it leaves its routes to the VPC's main table, which here leads to an internet gateway. */
  readonly mainTable?: boolean;
}

interface ExistingVpc {
  readonly cidrBlock: string;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
}

const existingVpcs: Readonly<Record<string, ExistingVpc>> = {
  "vpc-0e000000000000001": { cidrBlock: "10.8.0.0/16", enableDnsSupport: true, enableDnsHostnames: true },
  "vpc-0e000000000000002": { cidrBlock: "172.16.0.0/12", enableDnsSupport: true, enableDnsHostnames: false },
};

const sound = { vpc: "vpc-0e000000000000001" };
const careless = { vpc: "vpc-0e000000000000002" };
/** A NAT gateway stands in another property than an internet gateway, so that this one is empty. */
const nat = { gatewayId: "" };
const internet = { gatewayId: "igw-0e000000000000001" };

const existingSubnets: Readonly<Record<string, ExistingSubnet>> = {
  "subnet-0e00000000000001a": { ...sound, ...nat, zone: "a", cidrBlock: "10.8.0.0/20" },
  "subnet-0e00000000000001b": { ...sound, ...nat, zone: "b", cidrBlock: "10.8.16.0/20" },
  "subnet-0e00000000000001c": { ...sound, ...nat, zone: "c", cidrBlock: "10.8.32.0/20" },
  "subnet-0e00000000000002a": { ...sound, ...internet, zone: "a", cidrBlock: "10.8.128.0/24" },
  "subnet-0e00000000000002b": { ...sound, ...internet, zone: "b", cidrBlock: "10.8.129.0/24" },
  "subnet-0e00000000000002c": { ...sound, ...internet, zone: "c", cidrBlock: "10.8.130.0/24", mainTable: true },
  "subnet-0e00000000000003a": { ...careless, ...internet, zone: "a", cidrBlock: "172.16.0.0/20" },
  "subnet-0e00000000000003b": { ...careless, zone: "d", cidrBlock: "172.16.16.0/26" },
  "subnet-0e00000000000003c": { ...careless, ...nat, zone: "d", cidrBlock: "172.16.32.0/20" },
  "subnet-0e00000000000004a": { ...careless, ...nat, zone: "a", cidrBlock: "172.16.128.0/28" },
};

/** Whether an id means something that was there before. */
export function existedBefore(id: string): boolean {
  return id in existingVpcs || id in existingSubnets;
}

/** As the provider says that a lookup found nothing. */
function missing(what: string, id: unknown, known: Readonly<Record<string, unknown>>): Error {
  return new Error(`no matching ${what} found: the simulated account has no ${String(id)}, only ${Object.keys(known).join(", ")}`);
}

export function lookUpVpc(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id } = args;
  const vpc = typeof id === "string" ? existingVpcs[id] : undefined;
  if (vpc === undefined) throw missing("EC2 VPC", id, existingVpcs);
  return { ...args, ...vpc };
}

export function lookUpSubnet(args: Readonly<Record<string, unknown>>, region: string): Record<string, unknown> {
  const { id } = args;
  const subnet = typeof id === "string" ? existingSubnets[id] : undefined;
  if (subnet === undefined) throw missing("EC2 Subnet", id, existingSubnets);
  const { vpc, cidrBlock, zone } = subnet;
  return { ...args, vpcId: vpc, cidrBlock, availabilityZone: `${region}${zone}`, mapPublicIpOnLaunch: false };
}

/** The table that a subnet is associated with; for one that is associated with none AWS answers nothing, and must be asked for the main one. */
export function lookUpRouteTable(args: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { subnetId } = args;
  if (typeof subnetId !== "string") return { ...args, id: "rtb-0e000000000000001", routes: [{ cidrBlock: "0.0.0.0/0", ...internet }] };
  const subnet = existingSubnets[subnetId];
  if (subnet === undefined || subnet.mainTable === true)
    throw new Error("query returned no results. Please change your search criteria and try again");
  const { gatewayId } = subnet;
  return { ...args, id: `rtb-${subnetId.slice(7)}`, routes: gatewayId === undefined ? [] : [{ cidrBlock: "0.0.0.0/0", gatewayId }] };
}
