import * as pulumi from "@pulumi/pulumi";

import type { Permissions, WorkloadIdentity } from "../cluster";

/** A volume that a CSI driver mounts, in the terms of a PersistentVolume. */
export interface CsiVolume {
  readonly driver: string;
  readonly volumeHandle: pulumi.Input<string>;
  readonly volumeAttributes: Readonly<Record<string, pulumi.Input<string>>>;
  readonly mountOptions: readonly string[];
}

/**
 * Where an application keeps objects. The two clouds differ in how it gets at them: S3 is spoken to, while Rocket.Chat speaks no Azure Blob
 * (https://github.com/RocketChat/feature-requests/issues/456), so a container is mounted.
 */
export type Store =
  | { readonly kind: "s3"; readonly bucket: pulumi.Output<string>; readonly region: string; readonly permissions: Permissions }
  | {
      readonly kind: "blob";
      readonly account: pulumi.Output<string>;
      readonly container: pulumi.Output<string>;
      readonly permissions: Permissions;
      /**
       * The container as a volume, for pods of the given identity.
       *
       * @param owner numeric user and group that own the files
       */
      readonly volume: (identity: WorkloadIdentity, owner: number) => CsiVolume;
    };

/** Object storage of a stack: encrypted, versioned, private, and reached without a key. */
export abstract class ObjectStore extends pulumi.ComponentResource {
  /** Files that users upload to the chat. */
  abstract readonly uploads: Store;
}
