import * as resources from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { roles } from "../cluster/azure-roles";
import { known } from "../known";
import type { AzureNetwork } from "../network/azure";
import type { Tags } from "../tags";
import { createAccount, createContainer, type Recovery, type Redundancy, type SafeAccount } from "./azure-account";
import { createDeletionLock } from "./azure-lock";
import { mountContainer } from "./azure-mount";
import { ObjectStore, type BlobStore, type KeyedStore, type MountableStore } from "./index";

export interface AzureObjectStoreArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  /** How all accounts copy what they hold. Azure takes no change here that adds or removes the copies over the zones. */
  readonly redundancy: Redundancy;
  /** How long replaced and deleted uploads can be brought back, in days: 2 to 365. */
  readonly uploadVersionDays: number;
  /**
   * How long backups of the database that were deleted can be brought back, in days. The backup tool deletes them when their time has come; this
   * is for those that go by a bad hand. Each day costs what a day's backups cost.
   *
   * @default 35
   */
  readonly backupVersionDays?: number | undefined;
  /** Whether accounts also carry a lock of Azure against deletion, for those who work without this program. */
  readonly locks: boolean;
  /** Whether accounts and containers refuse to be deleted, and stay when the stack is destroyed by force. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** What the accounts are for, one each. */
export type AccountKind = "uploads" | "backups" | "cluster" | "logs" | "traces";

/** An account as those know it who watch it, or put more into it. */
export interface AccountData {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly resourceGroupName: pulumi.Output<string>;
  /** URL of its blob service, such as `https://acmelogs.blob.core.windows.net/`. */
  readonly blobEndpoint: pulumi.Output<string>;
}

/** Loki deletes what is past its retention itself, and writes its index anew as it compacts. The days are for an accident that is seen in a week. */
const logRecovery: Recovery = { kind: "soft-delete", days: 7 };

/** Tempo writes every block several times over as it compacts, and keeps traces a week: what it replaced would soon outweigh them. */
const traceRecovery: Recovery = { kind: "soft-delete", days: 1 };

/** AKS Backup deletes what is past its retention itself. */
const clusterRecovery: Recovery = { kind: "soft-delete", days: 14 };

/**
 * Storage accounts of a stack, all in a resource group of their own: private, closed to everything but the node subnet, and with
 * what was deleted kept for a while.
 *
 * There is one for each purpose, since Azure keeps versions and deleted objects by account: uploads can be taken back to a moment, backups have
 * versions, and of logs and traces only what was deleted is kept for days. The database's backups also have keys, which open a whole account;
 * and AKS Backup is given the whole of one, so the cluster's objects, Secrets among them, have one of their own.
 *
 * No rule deletes current logs or traces: Loki and Tempo keep count of what they hold, and lose it when objects go behind their back.
 */
export class AzureObjectStore extends ObjectStore {
  readonly uploads: MountableStore;
  readonly backups: KeyedStore;
  readonly logs: BlobStore;
  readonly traces: BlobStore;
  /** Where AKS Backup keeps the cluster's objects. */
  readonly cluster: BlobStore;
  readonly accounts: Readonly<Record<AccountKind, AccountData>>;

  private readonly resourceGroupName: pulumi.Output<string>;
  private readonly made: Readonly<Record<AccountKind, SafeAccount>>;
  private readonly containers: storage.BlobContainer[] = [];

  constructor(
    private readonly name: string,
    private readonly args: AzureObjectStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:ObjectStore", name, {}, opts);
    this.resourceGroupName = this.createResourceGroup().name;
    this.made = this.createAccounts();
    const { uploads, backups, cluster, logs, traces } = this.made;

    this.uploads = this.createUploads(uploads);
    this.backups = this.createKeyedStore("backups", backups);
    this.logs = this.createStore("logs", logs);
    this.traces = this.createStore("traces", traces);
    this.cluster = this.createStore("cluster", cluster);
    this.accounts = {
      uploads: this.dataOf(uploads),
      backups: this.dataOf(backups),
      cluster: this.dataOf(cluster),
      logs: this.dataOf(logs),
      traces: this.dataOf(traces),
    };
    this.registerOutputs({
      uploads: shown(this.uploads),
      backups: shown(this.backups),
      logs: shown(this.logs),
      traces: shown(this.traces),
      cluster: shown(this.cluster),
      accounts: this.accounts,
    });
  }

  /**
   * Locks every account against deletion, where the configuration wants that. To be called last: what a lock covers must be gone after it.
   *
   * @param after everything that others made below the accounts: containers, role assignments, diagnostic settings
   */
  lockAccounts(after: readonly pulumi.Resource[]): void {
    if (!this.args.locks) return;
    for (const [kind, { account }] of Object.entries(this.made)) {
      createDeletionLock(this, `${this.name}-${kind}-lock`, { scope: account.id, after: [...this.containers, ...after] });
    }
  }

  /** A group of its own, kept with what lies in it: Azure deletes a group with everything inside. */
  private createResourceGroup(): resources.ResourceGroup {
    const { region, protect, tags } = this.args;
    return new resources.ResourceGroup(`${this.name}-rg`, { location: region, tags }, { parent: this, protect, retainOnDelete: protect });
  }

  private createAccounts(): Record<AccountKind, SafeAccount> {
    const { network, region, redundancy, uploadVersionDays, backupVersionDays = 35, protect, tags } = this.args;
    // Names of accounts are shared by all of Azure; the suffix stays with the stack.
    const suffix = new random.RandomString(`${this.name}-suffix`, { length: 8, special: false, upper: false }, { parent: this });
    const create = (name: string, stem: string, recovery: Recovery, keys = false): SafeAccount =>
      createAccount(this, `${this.name}-${name}`, {
        resourceGroupName: this.resourceGroupName,
        region,
        accountName: pulumi.interpolate`${stem}${suffix.result}`,
        redundancy,
        subnetIds: network.nodeSubnetIds,
        subnetsReady: network.egress,
        keys,
        recovery,
        protect,
        tags,
      });
    return {
      uploads: create("files", "rcfiles", { kind: "point-in-time", days: uploadVersionDays }),
      // The only one with keys: Percona's backup tool signs in to Azure with nothing else
      // (https://github.com/percona/percona-server-mongodb-operator/issues/2505).
      backups: create("backups-account", "rcbackups", { kind: "versions", days: backupVersionDays }, true),
      cluster: create("cluster-account", "rccluster", clusterRecovery),
      logs: create("logs-account", "rclogs", logRecovery),
      traces: create("traces-account", "rctraces", traceRecovery),
    };
  }

  private createContainer(kind: AccountKind, made: SafeAccount): storage.BlobContainer {
    const { resourceGroupName } = this;
    const container = createContainer(this, `${this.name}-${kind}`, {
      ...made,
      resourceGroupName,
      containerName: kind,
      protect: this.args.protect,
    });
    this.containers.push(container);
    return container;
  }

  private createUploads(made: SafeAccount): MountableStore {
    const { resourceGroupName } = this;
    const { account } = made;
    const container = this.createContainer("uploads", made);
    return {
      ...storeOf("uploads", account, container),
      volume: (identity, owner) => mountContainer({ resourceGroupName, account, container }, identity, owner),
    };
  }

  private createStore(kind: AccountKind, made: SafeAccount): BlobStore {
    return storeOf(kind, made.account, this.createContainer(kind, made));
  }

  /** The key is the account's first; whoever renews it in Azure runs `pulumi up` afterwards. */
  private createKeyedStore(kind: AccountKind, made: SafeAccount): KeyedStore {
    const { resourceGroupName } = this;
    const { kind: store, account, container, endpoint } = this.createStore(kind, made);
    const { keys } = storage.listStorageAccountKeysOutput({ resourceGroupName, accountName: made.account.name }, { parent: this });
    const refusal = (): Error => new Error(`Azure shows no key of the storage account for ${kind}`);
    const key = pulumi.secret(keys.apply(([first]) => known(first?.value, refusal)));
    return { kind: store, account, container, endpoint, key };
  }

  private dataOf({ account }: SafeAccount): AccountData {
    const { resourceGroupName } = this;
    return { id: account.id, name: account.name, resourceGroupName, blobEndpoint: account.primaryEndpoints.blob };
  }
}

/** @param role what the grant is called; Storage Blob Data Contributor reads, writes and deletes blobs, and can give no rights */
function storeOf(role: AccountKind, account: storage.StorageAccount, container: storage.BlobContainer): BlobStore {
  return {
    kind: "blob",
    account: account.name,
    container: container.name,
    endpoint: account.primaryEndpoints.blob,
    permissions: {
      kind: "azure-roles",
      assignments: [{ role, roleDefinitionId: roles.storageBlobDataContributor, scope: container.id }],
    },
  };
}

/** What a store shows of itself among the component's outputs. */
function shown({ kind, account, container, endpoint }: Omit<BlobStore, "permissions">): Readonly<Record<string, unknown>> {
  return { kind, account, container, endpoint };
}
