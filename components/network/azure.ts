import * as network from "@pulumi/azure-native/network";
import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { Tags } from "../tags";
import { apiServerRules, gatewayRules, nodeRules, type SecurityRule } from "./azure-rules";
import { Network } from "./index";

export interface AzureNetworkArgs {
  readonly region: string;
  /** Range of the virtual network. */
  readonly cidr: string;
  readonly nodeSubnetCidr: string;
  readonly gatewaySubnetCidr: string;
  readonly apiServerSubnetCidr: string;
  /** Addresses of the pods: an overlay that the nodes carry among themselves. */
  readonly podCidr: string;
  /** Ranges that may reach the API server from outside. */
  readonly apiServerCidrs: readonly string[];
  /** The region's Network Watcher, which Azure makes with the first network of a region and of which there is only one. */
  readonly watcher: { readonly name?: string | undefined; readonly resourceGroup: string };
  /** How long flow logs are kept, in days. */
  readonly flowLogRetentionDays: number;
  /** Whether the stack's resource group refuses to be deleted: the cluster in it would go with it. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * A virtual network with a subnet each for nodes, for Application Gateway and for the API server, each behind a network security group of its
 * own; the nodes leave through a NAT gateway and have no public address. It also makes the stack's resource group.
 */
export class AzureNetwork extends Network {
  /** The resource group of the stack. */
  readonly resourceGroup: resources.ResourceGroup;
  readonly nodeSubnetIds: readonly pulumi.Output<string>[];
  readonly apiServerSubnetId: pulumi.Output<string>;
  readonly gatewaySubnetId: pulumi.Output<string>;
  readonly nodeCidrs: readonly string[];
  readonly ingressCidrs: readonly string[];
  readonly egress: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    private readonly args: AzureNetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:Network", name, {}, opts);
    this.resourceGroup = new resources.ResourceGroup(
      `${name}-rg`,
      { location: args.region, tags: args.tags },
      { parent: this, protect: args.protect },
    );
    const vnet = this.createVirtualNetwork();
    const natGateway = this.createNatGateway();
    const nodes = this.createNodeSubnet(vnet, natGateway);
    const gateway = this.createGatewaySubnet(vnet, nodes);
    const apiServer = this.createApiServerSubnet(vnet, gateway);
    this.createFlowLog(vnet, apiServer);

    this.nodeSubnetIds = [nodes.id];
    this.gatewaySubnetId = gateway.id;
    this.apiServerSubnetId = apiServer.id;
    this.nodeCidrs = [args.nodeSubnetCidr];
    this.ingressCidrs = [args.gatewaySubnetCidr];
    // The last subnet, whichever a consumer uses: until it is done the network is "Updating" and refuses consumers
    // (https://github.com/microsoft/AzureTRE/issues/1494).
    this.egress = [apiServer];
    this.registerOutputs({
      resourceGroupName: this.resourceGroup.name,
      nodeSubnetIds: this.nodeSubnetIds,
      gatewaySubnetId: this.gatewaySubnetId,
      apiServerSubnetId: this.apiServerSubnetId,
      nodeCidrs: this.nodeCidrs,
      ingressCidrs: this.ingressCidrs,
    });
  }

  private createVirtualNetwork(): network.VirtualNetwork {
    return new network.VirtualNetwork(
      `${this.name}-vnet`,
      { ...this.placed(), addressSpace: { addressPrefixes: [this.args.cidr] }, tags: this.args.tags },
      // Subnets are resources of their own; what Azure lists here is theirs.
      { parent: this, ignoreChanges: ["subnets"] },
    );
  }

  private createNatGateway(): network.NatGateway {
    const address = new network.PublicIPAddress(
      `${this.name}-nat-ip`,
      {
        ...this.placed(),
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard", tier: "Regional" },
        zones: ["1", "2", "3"],
        tags: this.args.tags,
      },
      // Azure notes here who uses the address: https://github.com/pulumi/pulumi-azure-native/issues/3220
      { parent: this, ignoreChanges: ["natGateway"] },
    );
    return new network.NatGateway(
      `${this.name}-nat`,
      {
        ...this.placed(),
        sku: { name: "Standard" },
        idleTimeoutInMinutes: 10,
        publicIpAddresses: [{ id: address.id }],
        tags: this.args.tags,
      },
      { parent: this },
    );
  }

  private createNodeSubnet(vnet: network.VirtualNetwork, natGateway: network.NatGateway): network.Subnet {
    const { nodeSubnetCidr, gatewaySubnetCidr, apiServerSubnetCidr, podCidr } = this.args;
    const group = this.createSecurityGroup(
      "nodes",
      nodeRules({ nodes: nodeSubnetCidr, pods: podCidr, gateway: gatewaySubnetCidr, apiServer: apiServerSubnetCidr }),
    );
    return this.createSubnet(vnet, "nodes", nodeSubnetCidr, group, [], {
      natGateway: { id: natGateway.id },
      // Storage and vaults see the subnet, and need no public address of the nodes to let them in.
      serviceEndpoints: [{ service: "Microsoft.Storage" }, { service: "Microsoft.KeyVault" }],
    });
  }

  private createGatewaySubnet(vnet: network.VirtualNetwork, after: network.Subnet): network.Subnet {
    const group = this.createSecurityGroup("gateway", gatewayRules(this.args.gatewaySubnetCidr));
    return this.createSubnet(vnet, "gateway", this.args.gatewaySubnetCidr, group, [after], {
      serviceEndpoints: [{ service: "Microsoft.KeyVault" }],
    });
  }

  /** AKS puts the API server's private address here: that is how its nodes reach it without leaving the network. */
  private createApiServerSubnet(vnet: network.VirtualNetwork, after: network.Subnet): network.Subnet {
    const { apiServerSubnetCidr, nodeSubnetCidr, apiServerCidrs } = this.args;
    const group = this.createSecurityGroup(
      "apiserver",
      apiServerRules({ apiServer: apiServerSubnetCidr, nodes: nodeSubnetCidr, operators: apiServerCidrs }),
    );
    return this.createSubnet(vnet, "apiserver", apiServerSubnetCidr, group, [after], {
      delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
    });
  }

  /** One after another: a network takes one change at a time (https://github.com/pulumi/pulumi-azure-native/issues/699). */
  private createSubnet(
    vnet: network.VirtualNetwork,
    purpose: string,
    cidr: string,
    group: network.NetworkSecurityGroup,
    after: readonly pulumi.Resource[],
    more: Partial<network.SubnetArgs>,
  ): network.Subnet {
    return new network.Subnet(
      `${this.name}-${purpose}`,
      {
        resourceGroupName: this.resourceGroup.name,
        virtualNetworkName: vnet.name,
        subnetName: purpose,
        addressPrefix: cidr,
        networkSecurityGroup: { id: group.id },
        defaultOutboundAccess: false,
        ...more,
      },
      { parent: this, dependsOn: [...after] },
    );
  }

  private createSecurityGroup(purpose: string, securityRules: SecurityRule[]): network.NetworkSecurityGroup {
    return new network.NetworkSecurityGroup(
      `${this.name}-${purpose}-nsg`,
      { ...this.placed(), securityRules, tags: this.args.tags },
      { parent: this },
    );
  }

  private createFlowLog(vnet: network.VirtualNetwork, lastSubnet: network.Subnet): void {
    const { region, watcher, flowLogRetentionDays, tags } = this.args;
    const suffix = new random.RandomString(`${this.name}-suffix`, { length: 8, special: false, upper: false }, { parent: this });
    const account = new storage.StorageAccount(
      `${this.name}-flow-logs`,
      {
        ...this.placed(),
        accountName: pulumi.interpolate`rcflowlogs${suffix.result}`,
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        // Network Watcher writes with the account's key: https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
        allowSharedKeyAccess: true,
        networkRuleSet: { bypass: "AzureServices", defaultAction: "Deny" },
        tags,
      },
      { parent: this },
    );
    new network.FlowLog(
      `${this.name}-flow-log`,
      {
        location: region,
        networkWatcherName: watcher.name ?? `NetworkWatcher_${region}`,
        resourceGroupName: watcher.resourceGroup,
        targetResourceId: vnet.id,
        storageId: account.id,
        enabled: true,
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: true, days: flowLogRetentionDays },
        tags,
      },
      { parent: this, dependsOn: [lastSubnet] },
    );
  }

  private placed(): { resourceGroupName: pulumi.Output<string>; location: string } {
    return { resourceGroupName: this.resourceGroup.name, location: this.args.region };
  }
}
