import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

import { AzureCloudMonitoring, type AzureCloudMonitoringArgs } from "../../components/cloud-monitoring/azure";
import type { ResourceGraph } from "../../simulator/graph";
import { region, tags } from "./azure";
import { named, simulateComponent } from "./simulated";

/** The monitoring of a stack on Azure, changed as a test asks, with what a test has to know of it. */

export const subscription = "/subscriptions/99999999-9999-4999-8999-999999999999";
export const group = `${subscription}/resourceGroups/acme`;
export const clusterId = `${group}/providers/Microsoft.ContainerService/managedClusters/chat`;
export const gatewayId = `${group}/providers/Microsoft.Network/applicationGateways/gateway`;
export const natGatewayId = `${group}/providers/Microsoft.Network/natGateways/nat`;
export const keyVaultId = `${subscription}/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls`;
export const backupVaultId = `${group}/providers/Microsoft.DataProtection/backupVaults/vault`;
export const workspaceId = `${group}/providers/Microsoft.OperationalInsights/workspaces/logs`;
export const accountId = (name: string): string => `${group}/providers/Microsoft.Storage/storageAccounts/acme${name}`;
const account = (name: string) => ({
  account: pulumi.output(accountId(name)),
  blobService: pulumi.output(`${accountId(name)}/blobServices/default`),
});

/** Stands for the published chat, whose address nobody knows before it is there. */
const published = (): pulumi.Output<string> =>
  new network.PublicIPAddress("chat-service", { resourceGroupName: "acme" }).ipAddress.apply((address) => address ?? "");

export const azureMonitoring = (change: Partial<AzureCloudMonitoringArgs> = {}, publish = true): AzureCloudMonitoring => {
  const monitoring = new AzureCloudMonitoring("monitoring", {
    resourceGroup: { name: pulumi.output("acme"), id: pulumi.output(group) },
    region,
    workspaceId: pulumi.output(workspaceId),
    clusterId: pulumi.output(clusterId),
    clusterName: pulumi.output("chat"),
    containerInsights: false,
    gatewayId: pulumi.output(gatewayId),
    natGatewayId: pulumi.output(natGatewayId),
    keyVaultId,
    storageAccounts: { uploads: account("uploads"), backups: account("backups") },
    backupVaultId: pulumi.output(backupVaultId),
    email: "ops@acme.io",
    tags,
    ...change,
  });
  if (publish) monitoring.watchLoadBalancer(published());
  return monitoring;
};
export const build = (change: Partial<AzureCloudMonitoringArgs> = {}, publish = true): Promise<ResourceGraph> =>
  simulateComponent(() => azureMonitoring(change, publish), { region });

export const alertType = "azure-native:monitor:MetricAlert";
export const settingType = "azure-native:monitor:DiagnosticSetting";
/** Alerts that are there before the chat is published. */
export const beforehand = [
  "monitoring-api-cpu",
  "monitoring-api-memory",
  "monitoring-etcd-size",
  "monitoring-nat-down",
  "monitoring-nat-ports",
  "monitoring-node-cpu",
  "monitoring-node-disk",
  "monitoring-node-memory",
  "monitoring-node-not-ready",
  "monitoring-pods-pending",
  "monitoring-store-backups",
  "monitoring-store-uploads",
];
/** Those that come with it. */
export const ofGateway = ["monitoring-chat-5xx", "monitoring-chat-latency", "monitoring-gateway-5xx", "monitoring-gateway-no-backend"];
/** What it holds without any option. */
export const contentsOfMonitoring = {
  "azure-native:alertsmanagement:AlertProcessingRuleByName": ["monitoring-backup-alerts"],
  "azure-native:monitor:ActionGroup": ["monitoring-alerts"],
  [settingType]: [
    "monitoring-cluster-logs",
    "monitoring-gateway-logs",
    "monitoring-store-backups-logs",
    "monitoring-store-uploads-logs",
    "monitoring-vault-logs",
  ],
  [alertType]: [...ofGateway, ...beforehand].sort(),
  "azure-native:monitor:ScheduledQueryRule": ["monitoring-backup-missing"],
  "azure-native:portal:Dashboard": ["monitoring-dashboard"],
};
export const actionGroupId = (graph: ResourceGraph): string =>
  `${group}/providers/Microsoft.Insights/actionGroups/${String(named(graph, "monitoring-alerts").outputs["name"])}`;
