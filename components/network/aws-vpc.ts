import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import type { Tags } from "../tags";
import { planZones, type ZonePlan } from "./address-plan";

/** A VPC that the program makes. */
export interface NewVpc {
  /** Range of the VPC, /16 to /20. */
  readonly cidr: string;
  /** Names of its zones. */
  readonly zones: readonly string[];
  /**
   * Whether the zones were chosen for the stack rather than by its configuration. Subnets then stay where they are when the account offers
   * other zones one day: a subnet in another zone is another subnet, and other nodes.
   */
  readonly zonesWereChosen: boolean;
  /** `per-zone`: the loss of a zone costs the others nothing. `single`: cheaper, and its zone takes the egress of all with it. */
  readonly natGateways: "per-zone" | "single";
  /** How long flow logs are kept, in days. */
  readonly flowLogRetentionDays: number;
}

export interface VpcArgs extends NewVpc {
  readonly region: string;
  /** Whether VPC and subnets refuse to be replaced or deleted: another range would take nodes and load balancer with it. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** What {@link createVpc} made. */
export interface CreatedVpc {
  readonly vpc: aws.ec2.Vpc;
  readonly zones: readonly ZonePlan[];
  readonly publicSubnets: readonly aws.ec2.Subnet[];
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  readonly natGateways: readonly aws.ec2.NatGateway[];
  /** What must exist before a machine in a private subnet reaches the internet. */
  readonly egress: readonly pulumi.Resource[];
}

/** One zone's part of the network. */
interface Zone extends ZonePlan {
  readonly letter: string;
  readonly availabilityZone: string;
}

/** What all parts are made with. */
interface Context {
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly args: VpcArgs;
}

/**
 * A VPC over several zones: in each a public subnet for load balancer and NAT gateway and a private one for nodes and pods, with a route table
 * of its own; S3 by gateway endpoint, and a default security group that lets nothing through.
 */
export function createVpc(parent: pulumi.Resource, name: string, args: VpcArgs): CreatedVpc {
  const context: Context = { parent, name, args };
  const zones = planZones(args.cidr, args.zones.length).map((plan, index) => ({
    ...plan,
    letter: zoneLetter(index),
    availabilityZone: args.zones[index] ?? "",
  }));
  const vpc = createEmptyVpc(context);
  const internet = createPublicRoutes(context, vpc);
  const publicSubnets = zones.map((zone) => createPublicSubnet(context, vpc, internet.table, zone));
  const natGateways = createNatGateways(context, publicSubnets, internet.route);
  const privateZones = zones.map((zone, index) => createPrivateZone(context, vpc, natGateways[index] ?? natGateways[0], zone));
  createS3Endpoint(context, vpc, [internet.table, ...privateZones.map(({ table }) => table)]);
  return {
    vpc,
    zones,
    publicSubnets: publicSubnets.map(({ subnet }) => subnet),
    privateSubnets: privateZones.map(({ subnet }) => subnet),
    natGateways,
    egress: privateZones.flatMap(({ ready }) => ready),
  };
}

function createEmptyVpc({ parent, name, args }: Context): aws.ec2.Vpc {
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    // Nodes find the private endpoint of the API server only where the VPC has both:
    // https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
    { cidrBlock: args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: tagged(name, args, "vpc") },
    { parent, protect: args.protect },
  );
  // Adopted, so that it has no rule: nothing uses it, and whatever forgets to name a group of its own reaches nothing.
  new aws.ec2.DefaultSecurityGroup(`${name}-default-sg`, { vpcId: vpc.id, tags: tagged(name, args, "default-sg") }, { parent });
  return vpc;
}

function createPublicRoutes({ parent, name, args }: Context, vpc: aws.ec2.Vpc): { table: aws.ec2.RouteTable; route: pulumi.Resource } {
  const gateway = new aws.ec2.InternetGateway(`${name}-igw`, { vpcId: vpc.id, tags: tagged(name, args, "igw") }, { parent });
  const table = new aws.ec2.RouteTable(`${name}-public-rt`, { vpcId: vpc.id, tags: tagged(name, args, "public-rt") }, { parent });
  const route = new aws.ec2.Route(
    `${name}-public-route`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    { parent },
  );
  return { table, route };
}

/** A public subnet, and what leads it to the internet. */
interface PublicSubnet {
  readonly subnet: aws.ec2.Subnet;
  readonly association: pulumi.Resource;
}

function createPublicSubnet(context: Context, vpc: aws.ec2.Vpc, table: aws.ec2.RouteTable, zone: Zone): PublicSubnet {
  const suffix = `public-${zone.letter}`;
  const subnet = createSubnet(context, suffix, vpc, zone, zone.publicCidr, "kubernetes.io/role/elb");
  return { subnet, association: associate(context, suffix, subnet, table) };
}

function createNatGateways(
  { parent, name, args }: Context,
  publicSubnets: readonly PublicSubnet[],
  internetRoute: pulumi.Resource,
): aws.ec2.NatGateway[] {
  const hosts = args.natGateways === "single" ? publicSubnets.slice(0, 1) : publicSubnets;
  return hosts.map(({ subnet, association }, index) => {
    const suffix = `nat-${zoneLetter(index)}`;
    const ip = new aws.ec2.Eip(`${name}-${suffix}-eip`, { domain: "vpc", tags: tagged(name, args, `${suffix}-eip`) }, { parent });
    return new aws.ec2.NatGateway(
      `${name}-${suffix}`,
      { subnetId: subnet.id, allocationId: ip.id, connectivityType: "public", tags: tagged(name, args, suffix) },
      // Also so that they go after it: until the nodes are gone, what runs on them still has to reach AWS.
      { parent, dependsOn: [internetRoute, association] },
    );
  });
}

function createPrivateZone(
  context: Context,
  vpc: aws.ec2.Vpc,
  natGateway: aws.ec2.NatGateway | undefined,
  zone: Zone,
): { subnet: aws.ec2.Subnet; table: aws.ec2.RouteTable; ready: pulumi.Resource[] } {
  const { parent, name, args } = context;
  if (natGateway === undefined)
    throw new pulumi.ResourceError(`zone ${zone.letter} has no NAT gateway to reach the internet through`, parent);
  const suffix = `private-${zone.letter}`;
  const subnet = createSubnet(context, suffix, vpc, zone, zone.privateCidr, "kubernetes.io/role/internal-elb");
  const table = new aws.ec2.RouteTable(`${name}-${suffix}-rt`, { vpcId: vpc.id, tags: tagged(name, args, `${suffix}-rt`) }, { parent });
  const route = new aws.ec2.Route(
    `${name}-${suffix}-route`,
    { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: natGateway.id },
    { parent },
  );
  return { subnet, table, ready: [route, associate(context, suffix, subnet, table)] };
}

/** @param role tag by which AWS and the load balancer's controller tell public subnets from private ones */
function createSubnet(
  { parent, name, args }: Context,
  suffix: string,
  vpc: aws.ec2.Vpc,
  { availabilityZone }: Zone,
  cidrBlock: string,
  role: string,
): aws.ec2.Subnet {
  return new aws.ec2.Subnet(
    `${name}-${suffix}`,
    {
      vpcId: vpc.id,
      cidrBlock,
      availabilityZone,
      mapPublicIpOnLaunch: false,
      tags: { ...tagged(name, args, suffix), [role]: "1" },
    },
    { parent, protect: args.protect, ignoreChanges: args.zonesWereChosen ? ["availabilityZone"] : [] },
  );
}

function associate(
  { parent, name }: Context,
  suffix: string,
  subnet: aws.ec2.Subnet,
  table: aws.ec2.RouteTable,
): aws.ec2.RouteTableAssociation {
  return new aws.ec2.RouteTableAssociation(`${name}-${suffix}-rta`, { subnetId: subnet.id, routeTableId: table.id }, { parent });
}

/** Traffic to S3 (uploads, backups, logs) stays off the NAT gateways, which charge for each gigabyte; the endpoint is free. */
function createS3Endpoint({ parent, name, args }: Context, vpc: aws.ec2.Vpc, tables: readonly aws.ec2.RouteTable[]): void {
  new aws.ec2.VpcEndpoint(
    `${name}-s3-endpoint`,
    {
      vpcId: vpc.id,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${args.region}.s3`,
      routeTableIds: tables.map(({ id }) => id),
      tags: tagged(name, args, "s3-endpoint"),
    },
    { parent },
  );
}

function tagged(name: string, { tags }: VpcArgs, suffix: string): Record<string, string> {
  return { ...tags, Name: `${name}-${suffix}` };
}
