import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { autoscalerTags, charts } from "../versions";
import { createPodIdentity, type PodIdentity } from "./aws-identity";

const namespace = "kube-system";
const serviceAccount = "cluster-autoscaler";

/** Labels by which EKS tells its groups apart, and which the autoscaler does not know as such: https://github.com/kubernetes/autoscaler/issues/4228 */
const groupLabels = ["sourceLaunchTemplateId", "sourceLaunchTemplateVersion", "nodegroup-image"];

/** What the autoscaler may do: it must exist before its pods. */
export function createAutoscalerIdentity(
  parent: pulumi.Resource,
  name: string,
  args: {
    readonly clusterName: pulumi.Output<string>;
    readonly cluster: pulumi.Resource;
    readonly region: string;
    readonly tags: Tags;
  },
): PodIdentity {
  const { clusterName, region } = args;
  const account = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  return createPodIdentity(parent, `${name}-autoscaler`, {
    ...args,
    namespace,
    serviceAccount,
    // https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/README.md
    statements: [
      {
        // Neither service knows a resource for these calls.
        Sid: "DescribeCapacity",
        Effect: "Allow",
        Action: [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        Resource: ["*"],
      },
      {
        Sid: "DescribeNodeGroups",
        Effect: "Allow",
        Action: ["eks:DescribeNodegroup"],
        Resource: [pulumi.interpolate`arn:${partition}:eks:${region}:${account}:nodegroup/${clusterName}/*/*`],
      },
      {
        Sid: "ScaleNodeGroups",
        Effect: "Allow",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resource: [pulumi.interpolate`arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup:*:autoScalingGroupName/*`],
        // EKS puts the tag on the Auto Scaling group of each node group.
        Condition: { StringEquals: { "aws:ResourceTag/eks:cluster-name": clusterName } },
      },
    ],
  });
}

export interface AutoscalerArgs {
  readonly clusterName: pulumi.Output<string>;
  readonly region: string;
  /** Kubernetes minor of the cluster. */
  readonly version: string;
  /** Most nodes over all groups. */
  readonly maxNodes: number;
  readonly provider: k8s.Provider;
  readonly identity: PodIdentity;
}

/**
 * The cluster autoscaler: it finds the node groups by the tags that EKS gives them, holds their total, and keeps the zones' groups level.
 *
 * @throws pulumi.ResourceError where there is no image for the Kubernetes minor
 */
export function createAutoscaler(parent: pulumi.Resource, name: string, args: AutoscalerArgs): k8s.helm.v3.Release {
  const tag = (autoscalerTags as Readonly<Record<string, string | undefined>>)[args.version];
  if (tag === undefined) throw new pulumi.ResourceError(`There is no cluster autoscaler for Kubernetes ${args.version}.`, parent);
  const { chart, version, repository } = charts.clusterAutoscaler;
  return new k8s.helm.v3.Release(
    `${name}-autoscaler`,
    {
      name: serviceAccount,
      namespace,
      chart,
      version,
      repositoryOpts: { repo: repository },
      timeout: 600,
      // One replica; the chart's own budget lets a drain take it.
      values: {
        fullnameOverride: serviceAccount,
        cloudProvider: "aws",
        awsRegion: args.region,
        autoDiscovery: { clusterName: args.clusterName },
        image: { tag },
        rbac: { serviceAccount: { create: true, name: serviceAccount } },
        priorityClassName: "system-cluster-critical",
        resources: { requests: { cpu: "20m", memory: "100Mi" }, limits: { memory: "300Mi" } },
        securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } },
        containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        extraArgs: {
          "balance-similar-node-groups": true,
          ...Object.fromEntries(groupLabels.map((label, index) => [`balancing-ignore-label_${index + 1}`, `eks.amazonaws.com/${label}`])),
          expander: "least-waste",
          "max-nodes-total": args.maxNodes,
          // The autoscaler would otherwise keep every node that has a pod with an `emptyDir`, or one of kube-system.
          "skip-nodes-with-local-storage": false,
          "skip-nodes-with-system-pods": false,
          v: 2,
        },
      },
    },
    { parent, provider: args.provider, dependsOn: [...args.identity.ready] },
  );
}
