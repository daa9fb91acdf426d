import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { podIdentityTrust } from "./aws-identity";

export interface AddonArgs {
  readonly clusterName: pulumi.Output<string>;
  /** Kubernetes minor of the cluster; the add-on's version follows from it. */
  readonly version: string;
  readonly volumesKeyArn: pulumi.Output<string>;
  readonly tags: Tags;
}

/**
 * What must be there before the first node: without the network plugin no node becomes ready, prefix delegation holds only for nodes that
 * start after it, and a pod that starts before the identity agent never gets credentials.
 */
export function createEarlyAddons(
  parent: pulumi.Resource,
  name: string,
  args: AddonArgs,
  dependsOn: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const create = addonFactory(parent, name, args, dependsOn);
  return [
    create("vpc-cni", {
      // A t3.medium holds 17 pods without prefix delegation and 110 with it. The network policy switch is a text in the add-on's schema.
      configurationValues: JSON.stringify({
        enableNetworkPolicy: "true",
        env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
      }),
    }),
    create("kube-proxy", {}),
    create("eks-pod-identity-agent", {}),
  ];
}

/** What runs on the nodes as ordinary pods. */
export function createLateAddons(
  parent: pulumi.Resource,
  name: string,
  args: AddonArgs,
  dependsOn: readonly pulumi.Resource[],
): pulumi.Resource[] {
  const driver = createEbsDriverRole(parent, name, args);
  const create = addonFactory(parent, name, args, [...dependsOn, ...driver.ready]);
  return [
    create("coredns", {}),
    create("aws-ebs-csi-driver", { podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn: driver.roleArn }] }),
    // The horizontal pod autoscaler reads its numbers.
    create("metrics-server", {}),
  ];
}

type AddonSettings = Pick<aws.eks.AddonArgs, "configurationValues" | "podIdentityAssociations">;

function addonFactory(parent: pulumi.Resource, name: string, args: AddonArgs, dependsOn: readonly pulumi.Resource[]) {
  return (addonName: string, settings: AddonSettings): aws.eks.Addon =>
    new aws.eks.Addon(
      `${name}-${addonName}`,
      {
        clusterName: args.clusterName,
        addonName,
        addonVersion: aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion: args.version, mostRecent: true }, { parent }).version,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        tags: { ...args.tags, Name: `${name}-${addonName}` },
        ...settings,
      },
      { parent, dependsOn: [...dependsOn] },
    );
}

/** The driver may make, attach and tag volumes, and use the key that encrypts them. */
function createEbsDriverRole(
  parent: pulumi.Resource,
  name: string,
  args: AddonArgs,
): { roleArn: pulumi.Output<string>; ready: pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-ebs-csi-role`,
    { assumeRolePolicy: podIdentityTrust("kube-system", "ebs-csi-controller-sa"), tags: { ...args.tags, Name: `${name}-ebs-csi-role` } },
    { parent },
  );
  const driver = new aws.iam.RolePolicyAttachment(
    `${name}-ebs-csi-policy`,
    // The second version of the driver's policy: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/2918
    { role: role.name, policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2" },
    { parent },
  );
  const key = new aws.iam.RolePolicy(
    `${name}-ebs-csi-key-policy`,
    {
      role: role.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
            Resource: args.volumesKeyArn,
          },
          {
            Effect: "Allow",
            Action: "kms:CreateGrant",
            Resource: args.volumesKeyArn,
            Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
          },
        ],
      }),
    },
    { parent },
  );
  return { roleArn: role.arn, ready: [driver, key] };
}
