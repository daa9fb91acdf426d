import * as storage from "@pulumi/azure-native/storage";
import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

/** How an account copies what it holds: within a building, over the zones, and both with a second region. */
export type Redundancy = "Standard_LRS" | "Standard_ZRS" | "Standard_GRS" | "Standard_GZRS";

/** How what was replaced or deleted can be brought back, and for how many days at least. */
export interface Recovery {
  /**
   * `soft-delete` keeps what was replaced or deleted, and nobody has to clean up. `versions` keeps every version as an object of its own, safe
   * from its own deletion too. `point-in-time` can also take whole containers back to a moment.
   */
  readonly kind: "soft-delete" | "versions" | "point-in-time";
  /** 1 to 365, for `point-in-time` at least 2. */
  readonly days: number;
}

export interface AccountArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly region: string;
  /** Name in Azure: 3 to 24 lower case letters and digits that nobody else in the world uses. */
  readonly accountName: pulumi.Input<string>;
  readonly redundancy: Redundancy;
  /** Subnets that may come in, each with the service endpoint `Microsoft.Storage`. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** What has to be done before the subnets can be named. */
  readonly subnetsReady: readonly pulumi.Resource[];
  /** Whether the account's own keys open it, beside Entra ID. */
  readonly keys: boolean;
  readonly recovery: Recovery;
  /** Whether the account refuses to be deleted, and stays with all its settings when it leaves the program. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** An account, and the setting that its containers wait for: what is written before is not kept. */
export interface SafeAccount {
  readonly account: storage.StorageAccount;
  readonly protection: storage.BlobServiceProperties;
}

/**
 * A storage account with everything that keeps it safe: encrypted by Azure, closed to the public, to plain HTTP and to every network but the
 * given subnets, without keys, and with what brings deleted objects and containers back.
 *
 * The subnets come in by a service endpoint, which costs nothing and keeps them away from the NAT gateway; a private endpoint would be paid by the
 * hour for each account. Encryption is Azure's own, once: of a second layer Microsoft says that it hardly ever helps, and it can never be
 * taken away again (https://learn.microsoft.com/azure/storage/common/infrastructure-encryption-enable).
 *
 * @param name the account's name in the program, and the stem of its settings' names
 */
export function createAccount(parent: pulumi.Resource, name: string, args: AccountArgs): SafeAccount {
  const { resourceGroupName, region, accountName, redundancy, subnetIds, subnetsReady, keys, recovery, protect, tags } = args;
  const account = new storage.StorageAccount(
    name,
    {
      resourceGroupName,
      location: region,
      accountName,
      kind: "StorageV2",
      sku: { name: redundancy },
      minimumTlsVersion: "TLS1_2",
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: keys,
      defaultToOAuthAuthentication: true,
      allowCrossTenantReplication: false,
      // Azure keeps no versions in a hierarchical namespace.
      isHnsEnabled: false,
      networkRuleSet: {
        // Lets in what Azure does by itself, such as the backup vault, and still only with a role.
        bypass: "AzureServices",
        defaultAction: "Deny",
        virtualNetworkRules: subnetIds.map((id) => ({ virtualNetworkResourceId: id })),
      },
      tags,
    },
    { parent, protect, retainOnDelete: protect, dependsOn: [...subnetsReady] },
  );
  const where = { resourceGroupName, accountName: account.name };
  // Settings go with the account. To take them back before is a change that Azure can refuse: it minds the days of a restore that is off
  // (https://github.com/Azure/azure-rest-api-specs/issues/11236).
  const own = { parent, retainOnDelete: protect, deletedWith: account };
  const protection = new storage.BlobServiceProperties(`${name}-protection`, { ...where, ...protectionFor(recovery) }, own);
  if (recovery.kind !== "soft-delete") {
    new storage.ManagementPolicy(
      `${name}-lifecycle`,
      { ...where, managementPolicyName: "default", policy: { rules: [expireVersions(recovery.days)] } },
      { ...own, dependsOn: [protection] },
    );
  }
  return { account, protection };
}

/**
 * A private container of an account.
 *
 * @param name the container's name in the program
 */
export function createContainer(
  parent: pulumi.Resource,
  name: string,
  args: SafeAccount & Pick<AccountArgs, "resourceGroupName" | "protect"> & { readonly containerName: string },
): storage.BlobContainer {
  const { account, protection, resourceGroupName, containerName, protect } = args;
  return new storage.BlobContainer(
    name,
    { resourceGroupName, accountName: account.name, containerName, publicAccess: "None" },
    { parent, protect, retainOnDelete: protect, deletedWith: account, dependsOn: [protection] },
  );
}

/** https://learn.microsoft.com/azure/storage/blobs/data-protection-overview */
function protectionFor({ kind, days }: Recovery): Partial<storage.BlobServicePropertiesArgs> {
  const kept = { enabled: true, days };
  return {
    blobServicesName: "default",
    isVersioningEnabled: kind !== "soft-delete",
    deleteRetentionPolicy: kept,
    containerDeleteRetentionPolicy: kept,
    ...(kind === "point-in-time" ? restoreFor(days) : {}),
  };
}

/** https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview */
function restoreFor(days: number): Partial<storage.BlobServicePropertiesArgs> {
  return {
    changeFeed: { enabled: true, retentionInDays: days },
    // It must be shorter than the retention of deleted blobs.
    restorePolicy: { enabled: true, days: days - 1 },
  };
}

/**
 * Azure counts the days from the making of a version, not from its replacement. Nothing goes too soon all the same: a version that the rule
 * deletes is soft-deleted, and that keeps it for the same time again, also for a restore to a point in time
 * (https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview#blob-soft-delete-and-versioning). Blocks of an upload that was never
 * finished go after a week without a rule (https://learn.microsoft.com/rest/api/storageservices/put-block#remarks).
 */
function expireVersions(days: number): inputs.storage.ManagementPolicyRuleArgs {
  const gone = { delete: { daysAfterCreationGreaterThan: days } };
  return {
    name: "expire-old-versions",
    type: "Lifecycle",
    enabled: true,
    definition: { filters: { blobTypes: ["blockBlob"] }, actions: { version: gone, snapshot: gone } },
  };
}
