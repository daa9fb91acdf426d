import * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";

import { AzureBackup, type AzureBackupArgs } from "../../components/backup/azure";
import type { ResourceGraph } from "../../simulator/graph";
import { region, tags } from "./azure";
import { named, simulateComponent } from "./simulated";

/** The backup of a stack on Azure, changed as a test asks, with what a test has to know of it. */

export const subscription = "99999999-9999-4999-8999-999999999999";
const group = `/subscriptions/${subscription}/resourceGroups`;
export const clusterId = `${group}/acme/providers/Microsoft.ContainerService/managedClusters/chat`;
export const accountId = `${group}/store/providers/Microsoft.Storage/storageAccounts/acmebackups`;
export const workspaceId = `${group}/acme/providers/Microsoft.OperationalInsights/workspaces/logs`;
export const clusterPrincipal = "aaaaaaaa-0000-4000-8000-000000000000";

/** A pool of the cluster, so that something can wait for it. */
const pool = (): containerservice.AgentPool =>
  new containerservice.AgentPool("pool", { resourceGroupName: "acme", resourceName: "chat", agentPoolName: "na" });

export const azureBackup = (change: Partial<AzureBackupArgs> = {}): AzureBackup =>
  new AzureBackup("backup", {
    resourceGroupName: pulumi.output("acme"),
    region,
    cluster: {
      id: pulumi.output(clusterId),
      name: pulumi.output("chat"),
      resourceGroupName: pulumi.output("acme"),
      identityPrincipalId: pulumi.output(clusterPrincipal),
      pools: [pool()],
    },
    store: {
      accountId: pulumi.output(accountId),
      account: pulumi.output("acmebackups"),
      resourceGroupName: pulumi.output("store"),
      container: pulumi.output("cluster-backups"),
      endpoint: pulumi.output("https://acmebackups.blob.core.windows.net/"),
    },
    workspaceId: pulumi.output(workspaceId),
    retentionDays: 35,
    softDelete: true,
    locks: false,
    protect: true,
    tags,
    ...change,
  });
export const build = (change: Partial<AzureBackupArgs> = {}, preview = false): Promise<ResourceGraph> =>
  simulateComponent(() => azureBackup(change), { preview, region });
export const output = (graph: ResourceGraph, name: string, property: string): unknown => named(graph, name).outputs[property];
export const vaultId = (graph: ResourceGraph): string =>
  `${group}/acme/providers/Microsoft.DataProtection/backupVaults/${String(output(graph, "backup-vault", "name"))}`;
export const policyId = (graph: ResourceGraph, days: number): string => `${vaultId(graph)}/backupPolicies/every-4-hours-kept-${days}-days`;
export const snapshotsId = (graph: ResourceGraph): string => `${group}/${String(output(graph, "backup-snapshots", "name"))}`;

/** What it holds without any option. */
export const contentsOfBackup = {
  "azure-native:authorization:RoleAssignment": [
    "backup-cluster-snapshots",
    "backup-extension-objects",
    "backup-vault-cluster",
    "backup-vault-objects",
    "backup-vault-snapshots",
    "backup-vault-snapshots-disks",
  ],
  "azure-native:containerservice:TrustedAccessRoleBinding": ["backup-trusted-access"],
  "azure-native:dataprotection:BackupInstance": ["backup-instance"],
  "azure-native:dataprotection:BackupPolicy": ["backup-policy-35d"],
  "azure-native:dataprotection:BackupVault": ["backup-vault"],
  "azure-native:kubernetesconfiguration:Extension": ["backup-extension"],
  "azure-native:monitor:DiagnosticSetting": ["backup-logs"],
  "azure-native:resources:ResourceGroup": ["backup-snapshots"],
  "pulumi:index:Stash": ["backup-settled"],
};
