import * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createFlowLog } from "./azure-flow-log";
import { apiServerRules, gatewayRules, nodeRules, type SecurityRule } from "./azure-rules";

/** A virtual network that the program makes. */
export interface NewVnet {
  /** Range of the virtual network. */
  readonly cidr: string;
  readonly nodeSubnetCidr: string;
  readonly gatewaySubnetCidr: string;
  readonly apiServerSubnetCidr: string;
  /** The region's Network Watcher, which Azure makes with the first network of a region and of which there is only one. */
  readonly watcher: { readonly name?: string | undefined; readonly resourceGroup: string };
  /** How long flow logs are kept, in days. */
  readonly flowLogRetentionDays: number;
}

/** Whom the security groups let in. */
export interface Doors {
  /** Addresses of the pods: an overlay that the nodes carry among themselves. */
  readonly podCidr: string;
  /** Ranges that may reach the API server from outside. */
  readonly apiServerCidrs: readonly string[];
  /** Ranges that may reach the chat. */
  readonly allowedCidrs: readonly string[];
  /** Whether Traffic Manager asks after the gateway. */
  readonly trafficManager: boolean;
  /** Port of the pods that the gateway hands requests to. */
  readonly publishedPort: number;
}

export interface VnetArgs extends NewVnet, Doors {
  readonly resourceGroup: resources.ResourceGroup;
  readonly region: string;
  readonly tags: Tags;
}

/** What {@link createVnet} made. */
export interface CreatedVnet {
  readonly nodes: network.Subnet;
  readonly gateway: network.Subnet;
  readonly apiServer: network.Subnet;
  readonly natGateway: network.NatGateway;
}

/** What all parts are made with. */
interface Context {
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly args: VnetArgs;
}

/**
 * A virtual network with a subnet each for nodes, for Application Gateway and for the API server, each behind a network security group of its
 * own; the nodes leave through a NAT gateway and have no public address.
 */
export function createVnet(parent: pulumi.Resource, name: string, args: VnetArgs): CreatedVnet {
  const context: Context = { parent, name, args };
  const vnet = createEmptyVnet(context);
  const natGateway = createNatGateway(context);
  const nodes = createNodeSubnet(context, vnet, natGateway);
  const gateway = createGatewaySubnet(context, vnet, nodes);
  const apiServer = createApiServerSubnet(context, vnet, gateway);
  createFlowLog(parent, name, { ...args, vnetId: vnet.id, lastSubnet: apiServer });
  return { nodes, gateway, apiServer, natGateway };
}

function createEmptyVnet({ parent, name, args }: Context): network.VirtualNetwork {
  return new network.VirtualNetwork(
    `${name}-vnet`,
    { ...placed(args), addressSpace: { addressPrefixes: [args.cidr] }, tags: args.tags },
    // Subnets are resources of their own; what Azure lists here is theirs.
    { parent, ignoreChanges: ["subnets"] },
  );
}

function createNatGateway({ parent, name, args }: Context): network.NatGateway {
  const address = new network.PublicIPAddress(
    `${name}-nat-ip`,
    {
      ...placed(args),
      publicIPAllocationMethod: "Static",
      sku: { name: "Standard", tier: "Regional" },
      zones: ["1", "2", "3"],
      tags: args.tags,
    },
    // Azure notes here who uses the address: https://github.com/pulumi/pulumi-azure-native/issues/3220
    { parent, ignoreChanges: ["natGateway"] },
  );
  return new network.NatGateway(
    `${name}-nat`,
    {
      ...placed(args),
      sku: { name: "Standard" },
      idleTimeoutInMinutes: 10,
      publicIpAddresses: [{ id: address.id }],
      tags: args.tags,
    },
    { parent },
  );
}

function createNodeSubnet(context: Context, vnet: network.VirtualNetwork, natGateway: network.NatGateway): network.Subnet {
  const { nodeSubnetCidr, gatewaySubnetCidr, apiServerSubnetCidr, podCidr, publishedPort } = context.args;
  const group = createSecurityGroup(
    context,
    "nodes",
    nodeRules({ nodes: nodeSubnetCidr, pods: podCidr, gateway: gatewaySubnetCidr, apiServer: apiServerSubnetCidr, publishedPort }),
  );
  return createSubnet(context, vnet, "nodes", nodeSubnetCidr, group, [], {
    natGateway: { id: natGateway.id },
    // Storage and vaults see the subnet, and need no public address of the nodes to let them in.
    serviceEndpoints: [{ service: "Microsoft.Storage" }, { service: "Microsoft.KeyVault" }],
  });
}

function createGatewaySubnet(context: Context, vnet: network.VirtualNetwork, after: network.Subnet): network.Subnet {
  const { gatewaySubnetCidr, allowedCidrs, trafficManager } = context.args;
  const group = createSecurityGroup(context, "gateway", gatewayRules({ gateway: gatewaySubnetCidr, users: allowedCidrs, trafficManager }));
  return createSubnet(context, vnet, "gateway", gatewaySubnetCidr, group, [after], {
    serviceEndpoints: [{ service: "Microsoft.KeyVault" }],
  });
}

/** AKS puts the API server's private address here: that is how its nodes reach it without leaving the network. */
function createApiServerSubnet(context: Context, vnet: network.VirtualNetwork, after: network.Subnet): network.Subnet {
  const { apiServerSubnetCidr, nodeSubnetCidr, apiServerCidrs } = context.args;
  const group = createSecurityGroup(
    context,
    "apiserver",
    apiServerRules({ apiServer: apiServerSubnetCidr, nodes: nodeSubnetCidr, operators: apiServerCidrs }),
  );
  return createSubnet(context, vnet, "apiserver", apiServerSubnetCidr, group, [after], {
    delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
  });
}

/** One after another: a network takes one change at a time (https://github.com/pulumi/pulumi-azure-native/issues/699). */
function createSubnet(
  { parent, name, args }: Context,
  vnet: network.VirtualNetwork,
  purpose: string,
  cidr: string,
  group: network.NetworkSecurityGroup,
  after: readonly pulumi.Resource[],
  more: Partial<network.SubnetArgs>,
): network.Subnet {
  return new network.Subnet(
    `${name}-${purpose}`,
    {
      resourceGroupName: args.resourceGroup.name,
      virtualNetworkName: vnet.name,
      subnetName: purpose,
      addressPrefix: cidr,
      networkSecurityGroup: { id: group.id },
      defaultOutboundAccess: false,
      ...more,
    },
    { parent, dependsOn: [...after] },
  );
}

function createSecurityGroup(
  { parent, name, args }: Context,
  purpose: string,
  securityRules: SecurityRule[],
): network.NetworkSecurityGroup {
  return new network.NetworkSecurityGroup(`${name}-${purpose}-nsg`, { ...placed(args), securityRules, tags: args.tags }, { parent });
}

function placed({ resourceGroup, region }: VnetArgs): { resourceGroupName: pulumi.Output<string>; location: string } {
  return { resourceGroupName: resourceGroup.name, location: region };
}
