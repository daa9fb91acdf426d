import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { WorkloadIdentity } from "../cluster";
import type { UploadStore } from "../object-store";
import { labels, user } from "./labels";

/**
 * The volume behind the chat's folder of uploads: the mounted container where the store is one, and otherwise an empty folder, since the image
 * wants to write there even when files go elsewhere.
 */
export function mountUploads(
  parent: pulumi.Resource,
  name: string,
  namespace: pulumi.Output<string>,
  args: { readonly uploads: UploadStore; readonly identity: WorkloadIdentity },
): k8s.types.input.core.v1.Volume {
  const { uploads, identity } = args;
  if (uploads.kind === "s3") return { name: "uploads", emptyDir: { sizeLimit: "1Gi" } };

  const { driver, volumeHandle, volumeAttributes, mountOptions } = uploads.volume(identity, user);
  const size = { storage: "1Ti" }; // Kubernetes wants a size; a container has none.
  const volume = new k8s.core.v1.PersistentVolume(
    `${name}-uploads-volume`,
    {
      metadata: { name: "rocketchat-uploads", labels },
      spec: {
        capacity: size,
        accessModes: ["ReadWriteMany"],
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
        mountOptions: [...mountOptions],
        csi: { driver, volumeHandle, volumeAttributes },
      },
    },
    { parent },
  );
  const claim = new k8s.core.v1.PersistentVolumeClaim(
    `${name}-uploads-claim`,
    {
      metadata: { name: "rocketchat-uploads", namespace, labels },
      spec: { accessModes: ["ReadWriteMany"], storageClassName: "", volumeName: volume.metadata.name, resources: { requests: size } },
    },
    { parent },
  );
  return { name: "uploads", persistentVolumeClaim: { claimName: claim.metadata.name } };
}
