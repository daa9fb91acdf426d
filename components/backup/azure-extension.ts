import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as dataprotection from "@pulumi/azure-native/dataprotection";
import * as kubernetesconfiguration from "@pulumi/azure-native/kubernetesconfiguration";
import * as pulumi from "@pulumi/pulumi";

/** The cluster that is backed up. */
export interface BackedUpCluster {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  /** Object id of the identity that the cluster works as. */
  readonly identityPrincipalId: pulumi.Output<string>;
  /**
   * The pools of the workload and whatever else changes the cluster: AKS takes one change at a time, and the extension tolerates no taint
   * (https://github.com/Azure/AKS/issues/3359).
   */
  readonly pools: readonly pulumi.Resource[];
}

/**
 * Where the cluster's objects go, in the cluster's region and open to its nodes: a container that is empty at first and nobody else's.
 * https://learn.microsoft.com/azure/backup/azure-kubernetes-service-cluster-backup-support-matrix
 */
export interface BackupStore {
  readonly accountId: pulumi.Output<string>;
  /** Name of the account. */
  readonly account: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  readonly container: pulumi.Output<string>;
  /** `https://ACCOUNT.blob.core.windows.net/` */
  readonly endpoint: pulumi.Output<string>;
}

export interface ExtensionArgs {
  readonly vault: dataprotection.BackupVault;
  readonly cluster: BackedUpCluster;
  readonly store: BackupStore;
}

/** What {@link createExtension} made. */
export interface BackupExtension {
  /** Object id of the identity that the extension's pods work as. */
  readonly principalId: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * What backs up inside the cluster: the vault's way in, then the extension, each change of the cluster after the last. The extension keeps the
 * cluster's objects, Secrets included, in the container.
 */
export function createExtension(parent: pulumi.Resource, name: string, args: ExtensionArgs): BackupExtension {
  const { vault, cluster, store } = args;
  const where = { resourceGroupName: cluster.resourceGroupName };
  const trustedAccess = new containerservice.TrustedAccessRoleBinding(
    `${name}-trusted-access`,
    {
      ...where,
      resourceName: cluster.name,
      trustedAccessRoleBindingName: "backup",
      sourceResourceId: vault.id,
      roles: ["Microsoft.DataProtection/backupVaults/backup-operator"],
    },
    { parent, dependsOn: [...cluster.pools] },
  );
  const location = "configuration.backupStorageLocation";
  const extension = new kubernetesconfiguration.Extension(
    `${name}-extension`,
    {
      ...where,
      clusterRp: "Microsoft.ContainerService",
      clusterResourceName: "managedClusters",
      clusterName: cluster.name,
      extensionName: "azure-aks-backup",
      extensionType: "microsoft.dataprotection.kubernetes",
      autoUpgradeMinorVersion: true,
      releaseTrain: "stable",
      scope: { cluster: { releaseNamespace: "dataprotection-microsoft" } },
      configurationSettings: {
        [`${location}.bucket`]: store.container,
        [`${location}.config.resourceGroup`]: store.resourceGroupName,
        [`${location}.config.storageAccount`]: store.account,
        [`${location}.config.storageAccountURI`]: store.endpoint,
        [`${location}.config.subscriptionId`]: store.accountId.apply((id) => id.split("/")[2] ?? ""),
        // By the extension's identity; without it, it asks for the account's key, which there is none.
        [`${location}.config.useAAD`]: "true",
        "credentials.tenantId": vault.identity.apply((identity) => identity?.tenantId ?? ""),
      },
    },
    { parent, dependsOn: [trustedAccess, ...cluster.pools] },
  );
  const principalId = extension.aksAssignedIdentity.apply((identity) => {
    if (identity === undefined) throw new pulumi.ResourceError("AKS gave the backup extension no identity", extension);
    return identity.principalId;
  });
  return { principalId, ready: [trustedAccess, extension] };
}
