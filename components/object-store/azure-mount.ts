import type * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";

import type { WorkloadIdentity } from "../cluster";
import type { CsiVolume } from "./index";

/** A container, and where it lies. */
export interface MountSource {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly account: storage.StorageAccount;
  readonly container: storage.BlobContainer;
}

/**
 * A container as a volume, by blobfuse2 and signed in with the pods' own token. Nothing here asks for more than the one container: the driver
 * fetches no key then, and blobfuse lists the container to see whether it may
 * (https://github.com/kubernetes-sigs/blob-csi-driver/blob/master/docs/workload-identity-static-pv-mount.md).
 *
 * @param owner numeric user and group that own the files
 */
export function mountContainer(
  { resourceGroupName, account, container }: MountSource,
  identity: WorkloadIdentity,
  owner: number,
): CsiVolume {
  return {
    driver: "blob.csi.azure.com",
    volumeHandle: pulumi.interpolate`${account.name}_${container.name}`,
    volumeAttributes: {
      protocol: "fuse2",
      resourceGroup: resourceGroupName,
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
