import * as dataprotection from "@pulumi/azure-native/dataprotection";
import * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";

import { logCategories, sendLogs } from "../cloud-monitoring/azure-diagnostics";
import { settled } from "../cluster/azure-settling";
import { createDeletionLock } from "../object-store/azure-lock";
import type { Tags } from "../tags";
import { createExtension, type BackedUpCluster, type BackupStore } from "./azure-extension";
import { createGrants } from "./azure-grants";
import { createPolicy } from "./azure-policy";
import { Backup } from "./index";

export interface AzureBackupArgs {
  /** Name of the group that the vault lies in; not one that the cluster's identity may change. */
  readonly resourceGroupName: pulumi.Output<string>;
  readonly region: string;
  readonly cluster: BackedUpCluster;
  /** Account for the cluster's objects. The vault reaches it as a service that Azure trusts, so its firewall has to let those in. */
  readonly store: BackupStore;
  /** Workspace that the vault's logs go to. */
  readonly workspaceId: pulumi.Output<string>;
  /** How long backups are kept, in days. */
  readonly retentionDays: number;
  /**
   * Whether deleted backups can be brought back for 14 days. Where Azure does not yet enforce it for all vaults, a vault with such backups cannot
   * be deleted; where it does, it is refused that this is off: https://learn.microsoft.com/azure/backup/secure-by-default
   */
  readonly softDelete: boolean;
  /** Whether the vault carries a lock against deletion, also for those who work without this program. */
  readonly locks: boolean;
  /** Whether backups refuse to be deleted, and outlive the stack. */
  readonly protect: boolean;
  readonly tags: Tags;
}

const softDeleteDays = 14;

/** What Azure calls a cluster here. */
const clusterType = "Microsoft.ContainerService/managedClusters";

/**
 * Backups of the whole cluster by AKS Backup, every four hours, its finest: snapshots of the volumes on managed disks, and the objects beside them.
 * Other volumes it leaves out, uploads above all; those have their account's own versions.
 *
 * So up to four hours are lost with it alone, and each volume is consistent for itself only. The hour that the architecture promises comes from
 * the database's own point-in-time backup.
 *
 * The snapshots lie in a group of their own, since the cluster's identity may change everything in it: in the vault's it could delete the backups.
 */
export class AzureBackup extends Backup {
  readonly vault: pulumi.Output<string>;
  /** Resource id of the vault. */
  readonly vaultId: pulumi.Output<string>;
  /** Name of the group that holds the snapshots. */
  readonly snapshotGroupName: pulumi.Output<string>;
  /** What it made below the storage account: a lock on that covers it. */
  readonly storeGrants: readonly pulumi.Resource[];

  /** What holds backups. */
  private readonly kept: { readonly parent: pulumi.Resource; readonly protect: boolean; readonly retainOnDelete: boolean };

  constructor(
    private readonly name: string,
    private readonly args: AzureBackupArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:Backup", name, {}, opts);
    const { resourceGroupName, region, workspaceId, tags, protect, locks } = args;
    this.kept = { parent: this, protect, retainOnDelete: protect };
    const vault = this.createVault();
    const logs = sendLogs(this, `${name}-logs`, { resourceId: vault.id, workspaceId, categories: logCategories.backupVault, tags });
    const snapshots = new resources.ResourceGroup(`${name}-snapshots`, { location: region, tags }, this.kept);
    const policy = createPolicy(this, name, { ...args, vault, locked: locks });
    const extension = createExtension(this, name, { ...args, vault });
    const grants = createGrants(this, name, { ...args, vault, snapshots, extensionPrincipalId: extension.principalId });
    const instance = this.createInstance(vault, policy, snapshots, [...extension.ready, settled(this, name, grants.all)]);
    // On the vault alone: on the snapshots' group it would stop Azure from deleting those that have expired.
    if (locks) createDeletionLock(this, `${name}-lock`, { scope: vault.id, after: [policy, instance, logs] });

    this.vault = vault.name;
    this.vaultId = vault.id;
    this.snapshotGroupName = snapshots.name;
    this.storeGrants = grants.onStore;
    this.registerOutputs({ vault: this.vault, vaultId: this.vaultId, resourceGroupName, snapshotGroupName: this.snapshotGroupName });
  }

  private createVault(): dataprotection.BackupVault {
    const { resourceGroupName, region, softDelete, tags } = this.args;
    return new dataprotection.BackupVault(
      `${this.name}-vault`,
      {
        resourceGroupName,
        location: region,
        identity: { type: "SystemAssigned" },
        properties: {
          // Azure wants one, and cannot change it later; nothing of AKS goes there without a policy that says so.
          storageSettings: [{ datastoreType: "VaultStore", type: "LocallyRedundant" }],
          securitySettings: {
            softDeleteSettings: { state: softDelete ? "On" : "Off", retentionDurationInDays: softDeleteDays },
          },
          monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: "Enabled" } },
        },
        tags,
      },
      this.kept,
    );
  }

  /** Everything in it but the policy is for good: Azure changes neither cluster nor group. */
  private createInstance(
    vault: dataprotection.BackupVault,
    policy: dataprotection.BackupPolicy,
    snapshots: resources.ResourceGroup,
    dependsOn: pulumi.Resource[],
  ): dataprotection.BackupInstance {
    const { resourceGroupName, region, cluster, tags } = this.args;
    const source = {
      datasourceType: clusterType,
      resourceID: cluster.id,
      resourceLocation: region,
      resourceName: cluster.name,
      resourceType: clusterType,
      resourceUri: cluster.id,
    };
    return new dataprotection.BackupInstance(
      `${this.name}-instance`,
      {
        resourceGroupName,
        vaultName: vault.name,
        backupInstanceName: cluster.name,
        properties: {
          objectType: "BackupInstance",
          friendlyName: cluster.name,
          dataSourceInfo: { ...source, objectType: "Datasource" },
          dataSourceSetInfo: { ...source, objectType: "DatasourceSet" },
          policyInfo: {
            policyId: policy.id,
            policyParameters: {
              dataStoreParametersList: [
                { objectType: "AzureOperationalStoreParameters", dataStoreType: "OperationalStore", resourceGroupId: snapshots.id },
              ],
              backupDatasourceParametersList: [
                { objectType: "KubernetesClusterBackupDatasourceParameters", snapshotVolumes: true, includeClusterScopeResources: true },
              ],
            },
          },
        },
        tags,
      },
      { ...this.kept, dependsOn },
    );
  }
}
