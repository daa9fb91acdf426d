import * as pulumi from "@pulumi/pulumi";

import type { Permissions, WorkloadIdentity } from "../cluster";

/** A volume that a CSI driver mounts, in the terms of a PersistentVolume. */
export interface CsiVolume {
  readonly driver: string;
  readonly volumeHandle: pulumi.Input<string>;
  readonly volumeAttributes: Readonly<Record<string, pulumi.Input<string>>>;
  readonly mountOptions: readonly string[];
}

/** A bucket of S3. */
export interface S3Store {
  readonly kind: "s3";
  readonly bucket: pulumi.Output<string>;
  readonly region: string;
  readonly permissions: Permissions;
}

/** A container of Azure Blob Storage. */
export interface BlobStore {
  readonly kind: "blob";
  /** Name of the storage account. */
  readonly account: pulumi.Output<string>;
  readonly container: pulumi.Output<string>;
  /** URL of the account's blob service, such as `https://acmelogs.blob.core.windows.net/`. */
  readonly endpoint: pulumi.Output<string>;
  readonly permissions: Permissions;
}

/** A container that only its account's key opens: for a program that knows no other way to sign in. */
export interface KeyedStore extends Omit<BlobStore, "permissions"> {
  /** Secret. */
  readonly key: pulumi.Output<string>;
}

/** A container that can also be a volume. */
export interface MountableStore extends BlobStore {
  /**
   * The container as a volume, for pods of the given identity.
   *
   * @param owner numeric user and group that own the files
   */
  readonly volume: (identity: WorkloadIdentity, owner: number) => CsiVolume;
}

/** Where an application keeps objects, which it reads and writes itself. */
export type Store = S3Store | BlobStore;

/**
 * Where the database's backups go. Percona's tool signs in to Azure with the account's key alone
 * (https://github.com/percona/percona-server-mongodb-operator/issues/2505).
 */
export type BackupStore = S3Store | KeyedStore;

/**
 * Where the chat keeps uploads. It speaks S3 but no Azure Blob (https://github.com/RocketChat/feature-requests/issues/456), so that a container
 * has to be mounted.
 */
export type UploadStore = S3Store | MountableStore;

/** Object storage of a stack: encrypted, private, and what was deleted can be brought back for a while. */
export abstract class ObjectStore extends pulumi.ComponentResource {
  /** Files that users upload to the chat. */
  abstract readonly uploads: UploadStore;
  /** Backups of the database. */
  abstract readonly backups: BackupStore;
  /** What Loki keeps. */
  abstract readonly logs: Store;
  /** What Tempo keeps. */
  abstract readonly traces: Store;
}
