import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import type { Tags } from "../tags";
import { planZones, type ZonePlan } from "./address-plan";
import { Network } from "./index";

/**
 * Zones in which EKS places no control plane, by id (a zone's name differs from account to account).
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const zonesWithoutControlPlane = ["use1-az3", "usw1-az2", "cac1-az3"];

/** How many zones a network spans where none are named. */
const defaultZoneCount = 3;

export interface AwsNetworkArgs {
  /** Range of the VPC, /16 to /20. */
  readonly cidr: string;
  /** Names of the zones; by default the first three of the account in which EKS can place a control plane. */
  readonly zones?: readonly string[] | undefined;
  /** `per-zone`: the loss of a zone costs the others nothing. `single`: cheaper, and its zone takes the egress of all with it. */
  readonly natGateways: "per-zone" | "single";
  /** How long flow logs are kept, in days. */
  readonly flowLogRetentionDays: number;
  /** Key of the flow logs' log group. */
  readonly logsKeyArn: pulumi.Input<string>;
  readonly region: string;
  readonly tags: Tags;
}

/** One zone's part of the network. */
interface Zone extends ZonePlan {
  readonly letter: string;
  readonly availabilityZone: pulumi.Input<string>;
}

/** A public subnet, and what leads it to the internet. */
interface PublicSubnet {
  readonly subnet: aws.ec2.Subnet;
  readonly association: pulumi.Resource;
}

/**
 * A VPC over several zones: in each a public subnet for load balancer and NAT gateway and a private one for nodes and pods, with a route table
 * of its own; S3 by gateway endpoint, flow logs of all traffic, and a default security group that lets nothing through.
 */
export class AwsNetwork extends Network {
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of the load balancer, one to a zone. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  readonly nodeCidrs: readonly string[];
  readonly ingressCidrs: readonly string[];
  readonly egress: readonly pulumi.Resource[];

  private readonly zones: readonly Zone[];

  constructor(
    private readonly name: string,
    private readonly args: AwsNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:Network", name, {}, opts);
    this.zones = this.planZones();
    const vpc = this.createVpc();
    const publicRoutes = this.createPublicRouteTable(vpc);
    const publicSubnets = this.zones.map((zone) => this.createPublicSubnet(vpc, publicRoutes.table, zone));
    const natGateways = this.createNatGateways(publicSubnets, publicRoutes.route);
    const privateZones = this.zones.map((zone, index) => this.createPrivateSubnet(vpc, natGateways[index] ?? natGateways[0], zone));
    this.createS3Endpoint(vpc, [publicRoutes.table, ...privateZones.map(({ table }) => table)]);
    this.createFlowLogs(vpc);

    this.vpcId = vpc.id;
    this.publicSubnetIds = publicSubnets.map(({ subnet }) => subnet.id);
    this.nodeSubnetIds = privateZones.map(({ subnet }) => subnet.id);
    this.nodeCidrs = this.zones.map(({ privateCidr }) => privateCidr);
    this.ingressCidrs = this.zones.map(({ publicCidr }) => publicCidr);
    this.egress = privateZones.flatMap(({ ready }) => ready);
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      nodeSubnetIds: this.nodeSubnetIds,
      nodeCidrs: this.nodeCidrs,
      ingressCidrs: this.ingressCidrs,
    });
  }

  private planZones(): Zone[] {
    const { cidr, zones } = this.args;
    const found = aws.getAvailabilityZonesOutput(
      {
        state: "available",
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
        excludeZoneIds: zonesWithoutControlPlane,
      },
      { parent: this },
    );
    return planZones(cidr, zones?.length ?? defaultZoneCount).map((plan, index) => ({
      ...plan,
      letter: zoneLetter(index),
      availabilityZone: zones?.[index] ?? found.names.apply((names) => existing(names, index)),
    }));
  }

  private createVpc(): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${this.name}-vpc`,
      // Nodes find the private endpoint of the API server only where the VPC has both:
      // https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
      { cidrBlock: this.args.cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: this.tagged("vpc") },
      { parent: this },
    );
    // Adopted, so that it has no rule: nothing uses it, and whatever forgets to name a group of its own reaches nothing.
    new aws.ec2.DefaultSecurityGroup(`${this.name}-default-sg`, { vpcId: vpc.id, tags: this.tagged("default-sg") }, { parent: this });
    return vpc;
  }

  private createPublicRouteTable(vpc: aws.ec2.Vpc): { table: aws.ec2.RouteTable; route: pulumi.Resource } {
    const gateway = new aws.ec2.InternetGateway(`${this.name}-igw`, { vpcId: vpc.id, tags: this.tagged("igw") }, { parent: this });
    const table = new aws.ec2.RouteTable(`${this.name}-public-rt`, { vpcId: vpc.id, tags: this.tagged("public-rt") }, { parent: this });
    const route = new aws.ec2.Route(
      `${this.name}-public-route`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent: this },
    );
    return { table, route };
  }

  private createPublicSubnet(vpc: aws.ec2.Vpc, table: aws.ec2.RouteTable, zone: Zone): PublicSubnet {
    const suffix = `public-${zone.letter}`;
    const subnet = new aws.ec2.Subnet(
      `${this.name}-${suffix}`,
      {
        vpcId: vpc.id,
        cidrBlock: zone.publicCidr,
        availabilityZone: zone.availabilityZone,
        mapPublicIpOnLaunch: false,
        // The AWS Load Balancer Controller finds its subnets by this tag.
        tags: this.tagged(suffix, { "kubernetes.io/role/elb": "1" }),
      },
      { parent: this },
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${this.name}-${suffix}-rta`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
    return { subnet, association };
  }

  private createNatGateways(publicSubnets: readonly PublicSubnet[], internetRoute: pulumi.Resource): aws.ec2.NatGateway[] {
    const hosts = this.args.natGateways === "single" ? publicSubnets.slice(0, 1) : publicSubnets;
    return hosts.map(({ subnet, association }, index) => {
      const letter = zoneLetter(index);
      const ip = new aws.ec2.Eip(
        `${this.name}-nat-${letter}-eip`,
        { domain: "vpc", tags: this.tagged(`nat-${letter}-eip`) },
        { parent: this },
      );
      return new aws.ec2.NatGateway(
        `${this.name}-nat-${letter}`,
        { subnetId: subnet.id, allocationId: ip.id, connectivityType: "public", tags: this.tagged(`nat-${letter}`) },
        // Also so that they go after it: until the nodes are gone, what runs on them still has to reach AWS.
        { parent: this, dependsOn: [internetRoute, association] },
      );
    });
  }

  private createPrivateSubnet(
    vpc: aws.ec2.Vpc,
    natGateway: aws.ec2.NatGateway | undefined,
    zone: Zone,
  ): { subnet: aws.ec2.Subnet; table: aws.ec2.RouteTable; ready: pulumi.Resource[] } {
    if (natGateway === undefined)
      throw new pulumi.ResourceError(`zone ${zone.letter} has no NAT gateway to reach the internet through`, this);
    const suffix = `private-${zone.letter}`;
    const subnet = new aws.ec2.Subnet(
      `${this.name}-${suffix}`,
      {
        vpcId: vpc.id,
        cidrBlock: zone.privateCidr,
        availabilityZone: zone.availabilityZone,
        mapPublicIpOnLaunch: false,
        tags: this.tagged(suffix, { "kubernetes.io/role/internal-elb": "1" }),
      },
      { parent: this },
    );
    const table = new aws.ec2.RouteTable(
      `${this.name}-${suffix}-rt`,
      { vpcId: vpc.id, tags: this.tagged(`${suffix}-rt`) },
      { parent: this },
    );
    const route = new aws.ec2.Route(
      `${this.name}-${suffix}-route`,
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: natGateway.id },
      { parent: this },
    );
    const association = new aws.ec2.RouteTableAssociation(
      `${this.name}-${suffix}-rta`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
    return { subnet, table, ready: [route, association] };
  }

  /** Traffic to S3 (uploads, backups, logs) stays off the NAT gateways, which charge for each gigabyte; the endpoint is free. */
  private createS3Endpoint(vpc: aws.ec2.Vpc, tables: readonly aws.ec2.RouteTable[]): void {
    new aws.ec2.VpcEndpoint(
      `${this.name}-s3-endpoint`,
      {
        vpcId: vpc.id,
        vpcEndpointType: "Gateway",
        serviceName: `com.amazonaws.${this.args.region}.s3`,
        routeTableIds: tables.map(({ id }) => id),
        tags: this.tagged("s3-endpoint"),
      },
      { parent: this },
    );
  }

  private createFlowLogs(vpc: aws.ec2.Vpc): void {
    const group = new aws.cloudwatch.LogGroup(
      `${this.name}-flow-logs`,
      { retentionInDays: this.args.flowLogRetentionDays, kmsKeyId: this.args.logsKeyArn, tags: this.tagged("flow-logs") },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${this.name}-flow-logs-role`,
      {
        assumeRolePolicy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
        tags: this.tagged("flow-logs-role"),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${this.name}-flow-logs-policy`,
      {
        role: role.name,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
              Resource: pulumi.interpolate`${group.arn}:*`,
            },
          ],
        }),
      },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${this.name}-flow-log`,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 600,
        tags: this.tagged("flow-log"),
      },
      { parent: this, dependsOn: [policy] },
    );
  }

  private tagged(suffix: string, more: Tags = {}): Record<string, string> {
    return { ...this.args.tags, ...more, Name: `${this.name}-${suffix}` };
  }
}

/** The zone at `index`, or an error that says what the account offers: an undefined zone would let AWS choose one. */
function existing(names: readonly string[], index: number): string {
  const zone = names[index];
  if (zone === undefined) {
    throw new Error(
      `the region offers ${names.length} availability zones (${names.join(", ")}) in which EKS can place a control plane, and the network spans ${index + 1}: name the zones to use in rocketchat:network.zones`,
    );
  }
  return zone;
}
