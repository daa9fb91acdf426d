import type * as resources from "@pulumi/azure-native/resources";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { StorageClasses } from "./index";
import { createStorageClass } from "./kubernetes";

/** Kinds of managed disk, all of them in one zone: the zone's own pool gets a node for whatever has a volume there. */
export type DiskSku = "Premium_LRS" | "StandardSSD_LRS" | "Standard_LRS";

const provisioner = "disk.csi.azure.com";

/**
 * The storage classes. Another kind of disk is for new volumes: it replaces the class, whose parameters Kubernetes does not let change, and
 * leaves the volumes alone, which forgot their class when they were made. That is why the classes are not called after the kind: a claim cannot
 * change the class that it names.
 *
 * https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md
 */
export function createStorageClasses(
  parent: pulumi.Resource,
  name: string,
  provider: k8s.Provider,
  { diskSku, databaseDisks }: { readonly diskSku: DiskSku; readonly databaseDisks: resources.ResourceGroup },
): StorageClasses {
  // A Standard_B2s caches no premium disk.
  const parameters = { skuName: diskSku, cachingMode: "None", networkAccessPolicy: "DenyAll" };
  const general = createStorageClass(parent, `${name}-general-storage`, provider, {
    provisioner,
    // `managed-premium` is AKS's own name for a class.
    name: "disk-premium",
    parameters,
    reclaimPolicy: "Delete",
    isDefault: true,
  });
  const database = createStorageClass(parent, `${name}-database-storage`, provider, {
    provisioner,
    name: "mongodb-storage",
    // MongoDB advises XFS: https://www.mongodb.com/docs/manual/administration/production-notes/
    parameters: { ...parameters, fsType: "xfs", resourceGroup: databaseDisks.name },
    reclaimPolicy: "Retain",
    isDefault: false,
  });
  return {
    general: lastingName(parent, `${name}-general-storage-name`, general),
    database: lastingName(parent, `${name}-database-storage-name`, database),
  };
}

/**
 * A class's name, for claims to depend on in the place of the class. The engine replaces whatever took a value that cannot change from something
 * that it replaces, so that a claim would go, and its data with it, for a class that is called the same afterwards. It replaces no stash.
 */
function lastingName(parent: pulumi.Resource, name: string, storageClass: pulumi.Output<string>): pulumi.Output<string> {
  return new pulumi.Stash(name, { input: storageClass }, { parent }).output.apply(String);
}
