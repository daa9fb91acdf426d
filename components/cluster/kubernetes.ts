import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The provider of a cluster's objects.
 *
 * `clusterIdentifier` keeps an unknown kubeconfig from planning a replacement of the provider and of everything on it. Mutable ConfigMaps and
 * Secrets are updated, where the provider would otherwise delete a changed one before it makes the new one.
 *
 * @param ready what must exist before an object is made: nodes, add-ons, the deployer's access
 */
export function createProvider(
  parent: pulumi.Resource,
  name: string,
  args: { readonly kubeconfig: pulumi.Output<string>; readonly clusterIdentifier: pulumi.Output<string> },
  ready: readonly pulumi.Resource[],
): k8s.Provider {
  return new k8s.Provider(
    `${name}-kubernetes`,
    { ...args, enableConfigMapMutable: true, enableSecretMutable: true },
    { parent, dependsOn: [...ready] },
  );
}

/** A kind of volume. */
export interface StorageClassArgs {
  readonly name: string;
  /** The CSI driver that makes the volumes. */
  readonly provisioner: string;
  /** The driver's own settings; Kubernetes takes them at creation only. */
  readonly parameters: Readonly<Record<string, pulumi.Input<string>>>;
  /** `Retain` keeps a volume whose claim is gone. */
  readonly reclaimPolicy: "Delete" | "Retain";
  /** Whether claims that name no class get this one. */
  readonly isDefault: boolean;
  /** Whether the class refuses to be deleted. @default false */
  readonly protect?: boolean;
}

/** A storage class whose volumes are made in the zone of their first pod, and can grow. Returns its name. */
export function createStorageClass(
  parent: pulumi.Resource,
  name: string,
  provider: k8s.Provider,
  args: StorageClassArgs,
): pulumi.Output<string> {
  const { metadata } = new k8s.storage.v1.StorageClass(
    name,
    {
      metadata: { name: args.name, annotations: { "storageclass.kubernetes.io/is-default-class": String(args.isDefault) } },
      provisioner: args.provisioner,
      parameters: args.parameters,
      reclaimPolicy: args.reclaimPolicy,
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    },
    { parent, provider, protect: args.protect ?? false },
  );
  return metadata.name;
}
