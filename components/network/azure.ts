import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createVnet, type Doors, type NewVnet } from "./azure-vnet";
import { Network } from "./index";

/** A subnet that exists. */
export interface ExistingSubnet {
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
}

/** A virtual network that exists. Its owner keeps security groups, NAT and flow logs. */
export interface ExistingVnet {
  readonly nodes: ExistingSubnet;
  readonly gateway: ExistingSubnet;
  readonly apiServer: ExistingSubnet;
}

export interface AzureNetworkArgs extends Doors {
  /** Whether the program makes the virtual network, or takes one that exists. */
  readonly vnet: { readonly create: NewVnet } | { readonly use: ExistingVnet };
  readonly region: string;
  /** Whether the stack's resource group refuses to be deleted: the cluster in it would go with it. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * A virtual network with a subnet each for nodes, for Application Gateway and for the API server, made with everything that belongs to it or
 * taken as it is. It also makes the stack's resource group.
 */
export class AzureNetwork extends Network {
  /** The resource group of the stack. */
  readonly resourceGroup: resources.ResourceGroup;
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  /** Name of the nodes' subnet inside its network. */
  readonly nodeSubnetName: string;
  readonly apiServerSubnetId: pulumi.Output<string>;
  /** Range of that subnet. */
  readonly apiServerCidr: string;
  readonly gatewaySubnetId: pulumi.Output<string>;
  readonly nodeCidrs: readonly string[];
  readonly ingressCidrs: readonly string[];
  readonly egress: readonly pulumi.Resource[];
  /** NAT gateway of the program's own; none of a network that exists. */
  readonly natGatewayId: pulumi.Output<string> | undefined;

  constructor(name: string, args: AzureNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rocketchat:azure:Network", name, {}, opts);
    const { region, tags, protect, vnet } = args;
    this.resourceGroup = new resources.ResourceGroup(`${name}-rg`, { location: region, tags }, { parent: this, protect });
    if ("use" in vnet) {
      const { nodes, gateway, apiServer } = vnet.use;
      this.nodeSubnetIds = [pulumi.output(nodes.id)];
      this.nodeSubnetName = nodes.name;
      this.gatewaySubnetId = pulumi.output(gateway.id);
      this.apiServerSubnetId = pulumi.output(apiServer.id);
      this.apiServerCidr = apiServer.cidr;
      this.nodeCidrs = [nodes.cidr];
      this.ingressCidrs = [gateway.cidr];
      this.egress = [];
      this.natGatewayId = undefined;
    } else {
      const { create } = vnet;
      const made = createVnet(this, name, { ...args, ...create, resourceGroup: this.resourceGroup });
      this.nodeSubnetIds = [made.nodes.id];
      this.nodeSubnetName = "nodes";
      this.gatewaySubnetId = made.gateway.id;
      this.apiServerSubnetId = made.apiServer.id;
      this.apiServerCidr = create.apiServerSubnetCidr;
      this.nodeCidrs = [create.nodeSubnetCidr];
      this.ingressCidrs = [create.gatewaySubnetCidr];
      // The last subnet, whichever a consumer uses: until it is done the network is "Updating" and refuses consumers
      // (https://github.com/microsoft/AzureTRE/issues/1494).
      this.egress = [made.apiServer];
      this.natGatewayId = made.natGateway.id;
    }
    this.registerOutputs({
      resourceGroupName: this.resourceGroup.name,
      nodeSubnetIds: this.nodeSubnetIds,
      gatewaySubnetId: this.gatewaySubnetId,
      apiServerSubnetId: this.apiServerSubnetId,
      nodeCidrs: this.nodeCidrs,
      ingressCidrs: this.ingressCidrs,
    });
  }
}
