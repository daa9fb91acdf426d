import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { lastingTags, type Tags } from "../tags";
import type { AddonName } from "../versions";
import { addonVersion, type AddonVersions } from "./aws-addon-versions";
import type { ContainerLogs } from "./aws-container-logs";
import { createPodIdentity, type PodIdentity } from "./aws-identity";

export interface AddonArgs {
  readonly clusterName: pulumi.Output<string>;
  readonly cluster: pulumi.Resource;
  /** Kubernetes minor of the cluster. */
  readonly version: string;
  readonly addonVersions: AddonVersions;
  readonly volumesKeyArn: pulumi.Output<string>;
  readonly tags: Tags;
}

/** Add-ons that were made, by name. */
export type Addons = Readonly<Partial<Record<AddonName, aws.eks.Addon>>>;

/**
 * What must be there before the first node: without the network plugin no node becomes ready, prefix delegation holds only for nodes that
 * start after it, and a pod that starts before the identity agent never gets credentials.
 *
 * The network plugin works with the node's role. With an identity of its own it would need the identity agent, which is a pod, on a node that
 * is not ready before the plugin is: https://github.com/aws/amazon-vpc-cni-k8s/issues/3840
 */
export function createEarlyAddons(parent: pulumi.Resource, name: string, args: AddonArgs): Addons {
  const create = addonFactory(parent, name, args);
  const first = [args.cluster];
  return {
    "vpc-cni": create("vpc-cni", first, {
      // A t3.medium holds 17 pods without prefix delegation and 110 with it. The network policy switch is a text in the add-on's schema.
      enableNetworkPolicy: "true",
      env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    }),
    "kube-proxy": create("kube-proxy", first),
    "eks-pod-identity-agent": create("eks-pod-identity-agent", first),
  };
}

/** What runs on the nodes as ordinary pods; the log shipper last, when names are resolved and its log groups are there. */
export function createLateAddons(
  parent: pulumi.Resource,
  name: string,
  args: AddonArgs & { readonly containerLogs: ContainerLogs },
  nodes: readonly pulumi.Resource[],
): Addons {
  const create = addonFactory(parent, name, args);
  const driver = createEbsDriverIdentity(parent, name, args);
  const coredns = create("coredns", nodes);
  // It brings the definitions of snapshots, without which the driver starts without its snapshotter.
  const snapshots = create("snapshot-controller", nodes);
  const volumes = create("aws-ebs-csi-driver", [...nodes, ...driver.ready, snapshots], {
    controller: { extraVolumeTags: lastingTags(args.tags) },
    // A pod cannot ask the metadata service what is attached, and the driver then counts one network interface and no disk: a node of the sizes
    // in use has its own disk and up to four interfaces, which share 28 places with the volumes.
    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/options.md
    node: { reservedVolumeAttachments: 4 },
  });
  // The horizontal pod autoscaler reads its numbers.
  const metrics = create("metrics-server", nodes);
  const { ready, configuration } = args.containerLogs;
  return {
    coredns,
    "snapshot-controller": snapshots,
    "aws-ebs-csi-driver": volumes,
    "metrics-server": metrics,
    "amazon-cloudwatch-observability": create(
      "amazon-cloudwatch-observability",
      [...nodes, coredns, snapshots, volumes, metrics, ...ready],
      configuration,
    ),
  };
}

function addonFactory(parent: pulumi.Resource, name: string, args: AddonArgs) {
  return (addonName: AddonName, dependsOn: readonly pulumi.Resource[], configuration?: Readonly<Record<string, unknown>>): aws.eks.Addon =>
    new aws.eks.Addon(
      `${name}-${addonName}`,
      {
        clusterName: args.clusterName,
        addonName,
        addonVersion: addonVersion(parent, addonName, args.version, args.addonVersions),
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        ...(configuration === undefined ? {} : { configurationValues: JSON.stringify(configuration) }),
        tags: { ...args.tags, Name: `${name}-${addonName}` },
      },
      { parent, dependsOn: [...dependsOn] },
    );
}

/** The driver may make, attach and tag volumes, and use the key that encrypts them. */
function createEbsDriverIdentity(parent: pulumi.Resource, name: string, args: AddonArgs): Pick<PodIdentity, "ready"> {
  const identity = createPodIdentity(parent, `${name}-ebs-csi`, {
    ...args,
    namespace: "kube-system",
    serviceAccount: "ebs-csi-controller-sa",
    statements: [
      {
        Sid: "UseVolumesKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
        Resource: [args.volumesKeyArn],
      },
      {
        Sid: "LetEc2UseVolumesKey",
        Effect: "Allow",
        Action: ["kms:CreateGrant"],
        Resource: [args.volumesKeyArn],
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
  });
  const driver = new aws.iam.RolePolicyAttachment(
    `${name}-ebs-csi-driver-policy`,
    // The second version of the driver's policy: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/2918
    { role: identity.role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2" },
    { parent },
  );
  return { ready: [...identity.ready, driver] };
}
