import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createFlowLogs } from "./aws-flow-logs";
import { createVpc, type NewVpc } from "./aws-vpc";
import { Network } from "./index";

/** A subnet that exists. */
export interface ExistingSubnet {
  readonly id: string;
  readonly cidr: string;
}

/** A VPC that exists. Its owner keeps routes, endpoints and flow logs. */
export interface ExistingVpc {
  readonly vpcId: string;
  /** Subnets of the nodes, one to a zone. */
  readonly privateSubnets: readonly ExistingSubnet[];
  /** Subnets of the load balancer, one to a zone. */
  readonly publicSubnets: readonly ExistingSubnet[];
}

export interface AwsNetworkArgs {
  /** Whether the program makes the VPC, or takes one that exists. */
  readonly vpc: { readonly create: NewVpc } | { readonly use: ExistingVpc };
  /** Key of the flow logs' log group. */
  readonly logsKeyArn: pulumi.Input<string>;
  readonly region: string;
  /** Whether VPC and subnets refuse to be replaced or deleted. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** A VPC over several zones, made with everything that belongs to it, or taken as it is. */
export class AwsNetwork extends Network {
  readonly vpcId: pulumi.Output<string>;
  /** Subnets of the load balancer, one to a zone. */
  readonly publicSubnetIds: readonly pulumi.Output<string>[];
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  readonly nodeCidrs: readonly string[];
  readonly ingressCidrs: readonly string[];
  readonly egress: readonly pulumi.Resource[];
  /** NAT gateways of the program's own; none of a VPC that exists. */
  readonly natGatewayIds: readonly pulumi.Output<string>[];

  constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rocketchat:aws:Network", name, {}, opts);
    if ("use" in args.vpc) {
      const { vpcId, publicSubnets, privateSubnets } = args.vpc.use;
      this.vpcId = pulumi.output(vpcId);
      this.publicSubnetIds = publicSubnets.map(({ id }) => pulumi.output(id));
      this.nodeSubnetIds = privateSubnets.map(({ id }) => pulumi.output(id));
      this.nodeCidrs = privateSubnets.map(({ cidr }) => cidr);
      this.ingressCidrs = publicSubnets.map(({ cidr }) => cidr);
      this.egress = [];
      this.natGatewayIds = [];
    } else {
      const { create } = args.vpc;
      const made = createVpc(this, name, { ...create, region: args.region, protect: args.protect, tags: args.tags });
      createFlowLogs(this, name, { ...args, vpcId: made.vpc.id, retentionDays: create.flowLogRetentionDays, keyArn: args.logsKeyArn });
      this.vpcId = made.vpc.id;
      this.publicSubnetIds = made.publicSubnets.map(({ id }) => id);
      this.nodeSubnetIds = made.privateSubnets.map(({ id }) => id);
      this.nodeCidrs = made.zones.map(({ privateCidr }) => privateCidr);
      this.ingressCidrs = made.zones.map(({ publicCidr }) => publicCidr);
      this.egress = made.egress;
      this.natGatewayIds = made.natGateways.map(({ id }) => id);
    }
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      nodeSubnetIds: this.nodeSubnetIds,
      nodeCidrs: this.nodeCidrs,
      ingressCidrs: this.ingressCidrs,
      natGatewayIds: this.natGatewayIds,
    });
  }
}
