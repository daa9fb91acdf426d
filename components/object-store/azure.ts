import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { roles } from "../cluster/azure-roles";
import type { WorkloadIdentity } from "../cluster";
import type { AzureNetwork } from "../network/azure";
import type { Tags } from "../tags";
import { ObjectStore, type CsiVolume, type Store } from "./index";

export interface AzureObjectStoreArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  readonly redundancy: "Standard_LRS" | "Standard_ZRS" | "Standard_GRS" | "Standard_GZRS";
  /** How long replaced and deleted uploads can be brought back, in days. */
  readonly uploadVersionDays: number;
  /** Whether account and container refuse to be deleted. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * Storage accounts of a stack: versioned, with soft delete and restore to a point in time, closed to everything but the node subnet, without keys.
 *
 * The namespace is flat: Azure keeps no versions in a hierarchical one.
 */
export class AzureObjectStore extends ObjectStore {
  readonly uploads: Store;

  private readonly resourceGroup: resources.ResourceGroup;

  constructor(
    private readonly name: string,
    private readonly args: AzureObjectStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:ObjectStore", name, {}, opts);
    this.resourceGroup = this.createResourceGroup();
    const account = this.createAccount();
    const properties = this.createProtection(account);
    const container = this.createContainer(account, properties);
    this.uploads = {
      kind: "blob",
      account: account.name,
      container: container.name,
      permissions: {
        kind: "azure-roles",
        assignments: [{ role: "uploads", roleDefinitionId: roles.storageBlobDataContributor, scope: container.id }],
      },
      volume: (identity, owner) => this.volume(account, container, identity, owner),
    };
    this.registerOutputs({ uploads: { kind: this.uploads.kind, account: account.name, container: container.name } });
  }

  /** A group of its own, kept with what lies in it: Azure deletes a group with everything inside. */
  private createResourceGroup(): resources.ResourceGroup {
    const { region, protect, tags } = this.args;
    return new resources.ResourceGroup(`${this.name}-rg`, { location: region, tags }, { parent: this, protect, retainOnDelete: protect });
  }

  private createAccount(): storage.StorageAccount {
    const { network, region, redundancy, protect, tags } = this.args;
    // Names of accounts are shared by all of Azure; the suffix stays with the stack.
    const suffix = new random.RandomString(`${this.name}-suffix`, { length: 8, special: false, upper: false }, { parent: this });
    return new storage.StorageAccount(
      `${this.name}-files`,
      {
        resourceGroupName: this.resourceGroup.name,
        location: region,
        accountName: pulumi.interpolate`rcfiles${suffix.result}`,
        kind: "StorageV2",
        sku: { name: redundancy },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        allowCrossTenantReplication: false,
        isHnsEnabled: false,
        networkRuleSet: {
          bypass: "AzureServices",
          defaultAction: "Deny",
          virtualNetworkRules: network.nodeSubnetIds.map((id) => ({ virtualNetworkResourceId: id })),
        },
        tags,
      },
      { parent: this, protect, retainOnDelete: protect, dependsOn: [...network.egress] },
    );
  }

  private createProtection(account: storage.StorageAccount): storage.BlobServiceProperties {
    const { uploadVersionDays, protect } = this.args;
    const where = { resourceGroupName: this.resourceGroup.name, accountName: account.name };
    const own = { parent: this, retainOnDelete: protect };
    const properties = new storage.BlobServiceProperties(
      `${this.name}-files-protection`,
      {
        ...where,
        blobServicesName: "default",
        isVersioningEnabled: true,
        changeFeed: { enabled: true, retentionInDays: uploadVersionDays },
        deleteRetentionPolicy: { enabled: true, days: uploadVersionDays },
        containerDeleteRetentionPolicy: { enabled: true, days: uploadVersionDays },
        // It must be shorter than the retention of deleted blobs.
        restorePolicy: { enabled: true, days: uploadVersionDays - 1 },
      },
      own,
    );
    new storage.ManagementPolicy(
      `${this.name}-files-lifecycle`,
      {
        ...where,
        managementPolicyName: "default",
        policy: {
          rules: [
            {
              name: "expire-old-versions",
              type: "Lifecycle",
              enabled: true,
              definition: {
                filters: { blobTypes: ["blockBlob"] },
                actions: {
                  version: { delete: { daysAfterCreationGreaterThan: uploadVersionDays } },
                  snapshot: { delete: { daysAfterCreationGreaterThan: uploadVersionDays } },
                },
              },
            },
          ],
        },
      },
      { ...own, dependsOn: [properties] },
    );
    return properties;
  }

  private createContainer(account: storage.StorageAccount, properties: storage.BlobServiceProperties): storage.BlobContainer {
    const { protect } = this.args;
    return new storage.BlobContainer(
      `${this.name}-uploads`,
      { resourceGroupName: this.resourceGroup.name, accountName: account.name, containerName: "uploads", publicAccess: "None" },
      { parent: this, protect, retainOnDelete: protect, dependsOn: [properties] },
    );
  }

  /**
   * By blobfuse2, signed in with the pods' own token:
   * https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md
   */
  private volume(account: storage.StorageAccount, container: storage.BlobContainer, identity: WorkloadIdentity, owner: number): CsiVolume {
    return {
      driver: "blob.csi.azure.com",
      volumeHandle: pulumi.interpolate`${account.name}_${container.name}`,
      volumeAttributes: {
        protocol: "fuse2",
        resourceGroup: this.resourceGroup.name,
        storageAccount: account.name,
        containerName: container.name,
        clientID: identity.id,
        mountWithWorkloadIdentityToken: "true",
      },
      mountOptions: [
        "-o allow_other",
        // The driver ignores fsGroup.
        `-o uid=${owner}`,
        `-o gid=${owner}`,
        "--file-cache-timeout-in-seconds=120",
        "--cancel-list-on-mount-seconds=10",
        // By default blobfuse takes four fifths of what memory is free.
        "--cache-size-mb=256",
        "--log-level=LOG_WARNING",
      ],
    };
  }
}
