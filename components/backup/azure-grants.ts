import type * as authorization from "@pulumi/azure-native/authorization";
import type * as dataprotection from "@pulumi/azure-native/dataprotection";
import type * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";

import { assignRole, roles } from "../cluster/azure-roles";
import { known } from "../known";
import type { BackedUpCluster, BackupStore } from "./azure-extension";

export interface GrantsArgs {
  readonly vault: dataprotection.BackupVault;
  readonly snapshots: resources.ResourceGroup;
  readonly cluster: BackedUpCluster;
  readonly store: BackupStore;
  /** Object id of the identity that the extension's pods work as. */
  readonly extensionPrincipalId: pulumi.Output<string>;
}

/** What {@link createGrants} made. */
export interface BackupGrants {
  readonly all: readonly authorization.RoleAssignment[];
  /** Those of them on the storage account. */
  readonly onStore: readonly authorization.RoleAssignment[];
}

/**
 * Who may do what for a backup, exactly what Azure's own command for it grants.
 * https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-concept#required-roles-and-permissions
 */
export function createGrants(parent: pulumi.Resource, name: string, args: GrantsArgs): BackupGrants {
  const { vault, snapshots, cluster, store, extensionPrincipalId } = args;
  const vaultPrincipalId = principalOf(vault);
  const grant = (what: string, role: string, scope: pulumi.Input<string>, principalId: pulumi.Input<string>, systemAssigned = true) =>
    assignRole(parent, `${name}-${what}`, { role, scope, principalId, principalType: "ServicePrincipal", systemAssigned });
  const onStore = [
    grant("vault-objects", roles.storageBlobDataReader, store.accountId, vaultPrincipalId),
    grant("extension-objects", roles.storageBlobDataContributor, store.accountId, extensionPrincipalId),
  ];
  return {
    all: [
      grant("vault-cluster", roles.reader, cluster.id, vaultPrincipalId),
      grant("vault-snapshots", roles.reader, snapshots.id, vaultPrincipalId),
      grant("vault-snapshots-disks", roles.diskSnapshotContributor, snapshots.id, vaultPrincipalId),
      grant("cluster-snapshots", roles.contributor, snapshots.id, cluster.identityPrincipalId, false),
      ...onStore,
    ],
    onStore,
  };
}

/** A preview that makes or changes the vault does not know its identity. */
function principalOf(vault: dataprotection.BackupVault): pulumi.Output<string> {
  const refusal = () => new Error("Azure gave the backup vault no identity, and without one it can back up nothing");
  return vault.identity.apply((identity) => known(identity?.principalId, refusal));
}
