import * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { Tags } from "../tags";

export interface FlowLogArgs {
  readonly resourceGroup: resources.ResourceGroup;
  readonly region: string;
  readonly vnetId: pulumi.Input<string>;
  /** Azure makes the region's Network Watcher with its first network, and takes flow logs when the network is complete. */
  readonly lastSubnet: pulumi.Resource;
  readonly watcher: { readonly name?: string | undefined; readonly resourceGroup: string };
  readonly flowLogRetentionDays: number;
  readonly tags: Tags;
}

/** Records of all traffic of a virtual network, in a storage account of their own. */
export function createFlowLog(parent: pulumi.Resource, name: string, args: FlowLogArgs): void {
  const { region, watcher, flowLogRetentionDays, tags } = args;
  const suffix = new random.RandomString(`${name}-suffix`, { length: 8, special: false, upper: false }, { parent });
  const account = new storage.StorageAccount(
    `${name}-flow-logs`,
    {
      resourceGroupName: args.resourceGroup.name,
      location: region,
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
    { parent },
  );
  new network.FlowLog(
    `${name}-flow-log`,
    {
      location: region,
      networkWatcherName: watcher.name ?? `NetworkWatcher_${region}`,
      resourceGroupName: watcher.resourceGroup,
      targetResourceId: args.vnetId,
      storageId: account.id,
      enabled: true,
      format: { type: "JSON", version: 2 },
      retentionPolicy: { enabled: true, days: flowLogRetentionDays },
      tags,
    },
    { parent, dependsOn: [args.lastSubnet] },
  );
}
