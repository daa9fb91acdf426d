import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

/** What is logged of a kind of resource. */
export const logCategories = {
  /**
   * What the control plane does and who changes what. Not the API server's own log, nor `kube-audit`, which also holds every read: together they
   * are most of what a cluster logs. https://learn.microsoft.com/azure/aks/monitor-aks-reference#resource-logs
   */
  cluster: [
    "cloud-controller-manager",
    "cluster-autoscaler",
    "csi-azuredisk-controller",
    "guard",
    "kube-audit-admin",
    "kube-controller-manager",
    "kube-scheduler",
  ],
  /** A gateway of version 2 has no performance log: https://learn.microsoft.com/azure/application-gateway/application-gateway-diagnostics */
  gateway: ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"],
  /** https://learn.microsoft.com/azure/key-vault/general/logging */
  keyVault: ["AuditEvent"],
  /** Not the reads: each file that somebody looks at would be one. https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference */
  blobs: ["StorageDelete", "StorageWrite"],
  /** What Azure's backup reports read: https://learn.microsoft.com/azure/backup/configure-reports */
  backupVault: ["AddonAzureBackupJobs", "AddonAzureBackupPolicy", "AddonAzureBackupProtectedInstance", "CoreAzureBackup"],
} as const;

export interface LogsArgs {
  /** What logs: the id of a resource, or of a service of a storage account. */
  readonly resourceId: pulumi.Input<string>;
  readonly workspaceId: pulumi.Input<string>;
  readonly categories: readonly string[];
  /** The stack's, which name the setting. */
  readonly tags: Tags;
}

/**
 * Sends the logs of a resource to the workspace, into a table of its own for each kind.
 *
 * The setting's name is fixed: Azure takes a category for a workspace once, and a setting that is replaced has to go before the new one comes.
 * It names the stack, since others may log the same resource, a Key Vault above all.
 * https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings
 */
export function sendLogs(parent: pulumi.Resource, name: string, args: LogsArgs): monitor.DiagnosticSetting {
  const { resourceId, workspaceId, categories, tags } = args;
  return new monitor.DiagnosticSetting(
    name,
    {
      name: [tags["project"], tags["stack"]].filter((part) => part !== undefined).join("-"),
      resourceUri: resourceId,
      workspaceId,
      logAnalyticsDestinationType: "Dedicated",
      logs: categories.map((category) => ({ category, enabled: true })),
    },
    { parent },
  );
}
