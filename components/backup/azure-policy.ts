import * as dataprotection from "@pulumi/azure-native/dataprotection";
import type * as pulumi from "@pulumi/pulumi";

export interface PolicyArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly vault: dataprotection.BackupVault;
  /** How long backups are kept, in days. */
  readonly retentionDays: number;
  /** Whether a lock on the vault, which its policies inherit, forbids to delete any. */
  readonly locked: boolean;
}

/** Backups stay snapshots beside the disks: the vault's own store takes one a day, and of disks that are open to every network only. */
const operationalStore = { dataStoreType: "OperationalStore", objectType: "DataStoreInfoBase" };

/** AKS Backup's shortest, counted from a day that is long past, so that it is the same in every run. */
const everyFourHours = "R/2024-01-01T00:00:00+00:00/PT4H";

/**
 * When volumes are backed up and how long a backup is kept.
 *
 * Azure changes no policy, but gives a backup instance another one: the name holds the retention, so that another retention is another policy,
 * which the instance takes on before the old one goes. Backups that exist keep the retention that they were made with.
 * https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-manage-backups#change-policy
 */
export function createPolicy(parent: pulumi.Resource, name: string, args: PolicyArgs): dataprotection.BackupPolicy {
  const { resourceGroupName, vault, retentionDays, locked } = args;
  return new dataprotection.BackupPolicy(
    `${name}-policy-${retentionDays}d`,
    {
      resourceGroupName,
      vaultName: vault.name,
      backupPolicyName: `every-4-hours-kept-${retentionDays}-days`,
      properties: {
        objectType: "BackupPolicy",
        datasourceTypes: ["Microsoft.ContainerService/managedClusters"],
        policyRules: [
          {
            objectType: "AzureBackupRule",
            name: "BackupHourly",
            backupParameters: { objectType: "AzureBackupParams", backupType: "Incremental" },
            dataStore: operationalStore,
            trigger: {
              objectType: "ScheduleBasedTriggerContext",
              schedule: { repeatingTimeIntervals: [everyFourHours], timeZone: "Coordinated Universal Time" },
              taggingCriteria: [{ isDefault: true, tagInfo: { tagName: "Default" }, taggingPriority: 99 }],
            },
          },
          {
            objectType: "AzureRetentionRule",
            name: "Default",
            isDefault: true,
            lifecycles: [
              {
                deleteAfter: { objectType: "AbsoluteDeleteOption", duration: `P${retentionDays}D` },
                sourceDataStore: operationalStore,
                targetDataStoreCopySettings: [],
              },
            ],
          },
        ],
      },
    },
    // A policy of backups that were soft-deleted cannot be deleted, while their vault may: https://github.com/hashicorp/terraform-provider-azurerm/pull/25011
    { parent, deletedWith: vault, retainOnDelete: locked },
  );
}
