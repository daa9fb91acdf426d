import type { Failure, Registration, ResourceType } from "../resource-type";
import { amount } from "./formats";
import { object, refusing, valueIn } from "./object";

const requested = (inputs: unknown): unknown => valueIn(inputs, "spec", "resources", "requests", "storage");

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims */
function shrunk({ inputs, previousInputs }: Registration): Failure[] {
  const [before, after] = [amount(requested(previousInputs)), amount(requested(inputs))];
  return before !== undefined && after !== undefined && after < before
    ? [{ property: "spec.resources.requests.storage", reason: "Forbidden: field can not be less than status.capacity" }]
    : [];
}

export const storageTypes: Readonly<Record<string, ResourceType>> = {
  "kubernetes:core/v1:PersistentVolume": object("cluster", ["spec.csi"]),
  "kubernetes:core/v1:PersistentVolumeClaim": refusing(
    object("namespaced", ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"]),
    shrunk,
  ),
  // https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/storage/validation/validation.go
  "kubernetes:storage.k8s.io/v1:StorageClass": object("cluster", ["parameters", "provisioner"], ["reclaimPolicy", "volumeBindingMode"]),
};
