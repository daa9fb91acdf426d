import type { ComponentResourceOptions } from "@pulumi/pulumi";

import { AzureCluster, type AzureClusterArgs } from "../../components/cluster/azure";
import { AzureNetwork, type AzureNetworkArgs } from "../../components/network/azure";
import type { NewVnet } from "../../components/network/azure-vnet";
import { AzureObjectStore, type AzureObjectStoreArgs } from "../../components/object-store/azure";

/** The components of a stack on Azure with the architecture's values, changed as a test asks. */

export const region = "eastus";
export const tags = { project: "rocketchat", stack: "test", "managed-by": "pulumi" };
export const operators = ["198.18.7.0/24"];
export const podCidr = "10.244.0.0/16";

export const azureNetwork = (change: Partial<AzureNetworkArgs> = {}): AzureNetwork =>
  new AzureNetwork("network", {
    region,
    vnet: newVnet(),
    podCidr,
    apiServerCidrs: operators,
    allowedCidrs: ["0.0.0.0/0"],
    trafficManager: false,
    publishedPort: 3000,
    protect: true,
    tags,
    ...change,
  });

/** A virtual network of the program's own. */
export const newVnet = (change: Partial<NewVnet> = {}): { create: NewVnet } => ({
  create: {
    cidr: "10.0.0.0/16",
    nodeSubnetCidr: "10.0.1.0/24",
    gatewaySubnetCidr: "10.0.2.0/24",
    apiServerSubnetCidr: "10.0.3.0/28",
    watcher: { resourceGroup: "NetworkWatcherRG" },
    flowLogRetentionDays: 90,
    ...change,
  },
});

export const azureCluster = (change: Partial<AzureClusterArgs> = {}): AzureCluster =>
  new AzureCluster("cluster", {
    network: change.network ?? azureNetwork({ protect: change.deletionProtection ?? true }),
    region,
    version: "1.36",
    tier: "Standard",
    apiServerCidrs: operators,
    serviceCidr: "10.1.0.0/16",
    podCidr,
    systemNodes: { size: "Standard_D2as_v5", count: 2 },
    zones: ["1", "2", "3"],
    nodes: { size: "Standard_B2s", min: 3, max: 4, diskGiB: 64 },
    diskSku: "Premium_LRS",
    access: { admins: [{ id: "11111111-2222-4333-8444-555555555555", type: "Group" }], viewers: [] },
    deletionProtection: true,
    tags,
    ...change,
  });

export const azureObjectStore = (change: Partial<AzureObjectStoreArgs> = {}, opts: ComponentResourceOptions = {}): AzureObjectStore =>
  new AzureObjectStore(
    "store",
    {
      network: change.network ?? azureNetwork({ protect: change.protect ?? true }),
      region,
      redundancy: "Standard_ZRS",
      uploadVersionDays: 90,
      locks: false,
      protect: true,
      tags,
      ...change,
    },
    opts,
  );
