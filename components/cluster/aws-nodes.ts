import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import type { AwsNetwork } from "../network/aws";
import { lastingTags, type Tags } from "../tags";
import type { Toleration } from "./index";
import { sharedBounds, type Bounds } from "./node-pools";

export interface AwsNodesArgs {
  readonly network: AwsNetwork;
  /** Machines of the workload: size, fewest and most over all zones, and their own disk in GiB. */
  readonly nodes: Bounds & { readonly size: string; readonly diskGiB: number };
  /** Spare capacity beside them: sizes to choose from, and the most of them. */
  readonly spot?: { readonly sizes: readonly string[]; readonly max: number } | undefined;
  readonly volumesKeyArn: pulumi.Input<string>;
  readonly tags: Tags;
}

/** What the nodes join, and what must be there before them. */
export interface NodeGroupTarget {
  readonly clusterName: pulumi.Output<string>;
  readonly version: string;
  readonly dependsOn: readonly pulumi.Resource[];
}

export interface AwsNodes {
  readonly created: readonly pulumi.Resource[];
  /** Most nodes over all groups. */
  readonly max: number;
  /** Names of the Auto Scaling groups that EKS makes, one to a node group. */
  readonly autoScalingGroups: readonly pulumi.Output<string>[];
  /** What a pod tolerates to run on spot capacity. */
  readonly interruptibleTolerations: readonly Toleration[];
}

/** Managed policies of a node: https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
const nodePolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"];

/** Keeps everything off spot nodes that does not say it can be interrupted; above all the database. */
const spotTaint = { key: "rocketchat/interruptible", value: "true" } as const;

/** Nodes of a cluster on AWS: a managed node group to a zone, and one of spot capacity where it is wanted. All share one role. */
export function createNodeGroups(parent: pulumi.Resource, name: string, args: AwsNodesArgs, target: NodeGroupTarget): AwsNodes {
  const role = createNodeRole(parent, name, args.tags);
  const template = createLaunchTemplate(parent, `${name}-nodes`, args, args.nodes.size);
  const zones = sharedBounds(args.nodes, args.network.nodeSubnetIds.length);
  const shared = { clusterName: target.clusterName, version: target.version, nodeRoleArn: role.arn, amiType: "AL2023_x86_64_STANDARD" };
  const created: aws.eks.NodeGroup[] = [];
  const create = (
    groupName: string,
    own: Partial<aws.eks.NodeGroupArgs> & Pick<aws.eks.NodeGroupArgs, "subnetIds" | "scalingConfig">,
    after: pulumi.Resource[],
  ) => {
    const group = new aws.eks.NodeGroup(
      groupName,
      {
        ...shared,
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        tags: { ...args.tags, Name: groupName },
        ...own,
      },
      // The autoscaler moves the desired size between the bounds.
      {
        parent,
        dependsOn: [...target.dependsOn, ...role.ready, ...args.network.egress, ...after],
        ignoreChanges: ["scalingConfig.desiredSize"],
      },
    );
    created.push(group);
    return group;
  };

  let previous: pulumi.Resource[] = [];
  args.network.nodeSubnetIds.forEach((subnetId, zone) => {
    const { min, max } = zones[zone] ?? { min: 0, max: 1 };
    // One after another: an update drains one zone at a time, and the database keeps its majority.
    previous = [
      create(
        `${name}-nodes-${zoneLetter(zone)}`,
        {
          subnetIds: [subnetId],
          launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
          capacityType: "ON_DEMAND",
          scalingConfig: { minSize: min, maxSize: max, desiredSize: min },
        },
        previous,
      ),
    ];
  });
  const made = (max: number, interruptibleTolerations: readonly Toleration[]): AwsNodes => ({
    created,
    max,
    autoScalingGroups: created.map(autoScalingGroup),
    interruptibleTolerations,
  });
  if (args.spot === undefined) return made(args.nodes.max, []);

  const spotTemplate = createLaunchTemplate(parent, `${name}-spot`, args);
  create(
    `${name}-spot`,
    {
      subnetIds: [...args.network.nodeSubnetIds],
      launchTemplate: { id: spotTemplate.id, version: pulumi.interpolate`${spotTemplate.latestVersion}` },
      instanceTypes: [...args.spot.sizes],
      capacityType: "SPOT",
      scalingConfig: { minSize: 0, maxSize: args.spot.max, desiredSize: 0 },
      taints: [{ ...spotTaint, effect: "NO_SCHEDULE" }],
      tags: { ...args.tags, ...emptyGroupTags(args.nodes.diskGiB), Name: `${name}-spot` },
    },
    [],
  );
  return made(args.nodes.max + args.spot.max, [{ ...spotTaint, operator: "Equal", effect: "NoSchedule" }]);
}

/**
 * What the autoscaler cannot know of a group without nodes: that its machines have a disk. Of that the kubelet keeps 1 GiB and a tenth. (Their
 * memory depends on the size that spot capacity happens to have; the autoscaler takes all that the first size has.)
 * https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 */
function emptyGroupTags(diskGiB: number): Tags {
  const usable = Math.floor(diskGiB * 0.9) - 1;
  return { "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": `${usable}Gi` };
}

/** The Auto Scaling group that EKS made for a node group. */
function autoScalingGroup(group: aws.eks.NodeGroup): pulumi.Output<string> {
  return group.resources.apply((resources) => {
    const name = resources[0]?.autoscalingGroups[0]?.name;
    if (name === undefined) throw new pulumi.ResourceError("EKS names no Auto Scaling group of this node group.", group);
    return name;
  });
}

function createNodeRole(parent: pulumi.Resource, name: string, tags: Tags): { arn: pulumi.Output<string>; ready: pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-node-role`,
    {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
      tags: { ...tags, Name: `${name}-node-role` },
    },
    { parent },
  );
  const ready = nodePolicies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-node-${policy}`,
        { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        { parent },
      ),
  );
  return { arn: role.arn, ready };
}

/**
 * Disk, metadata service and tags of a node. The size of the machine stands here too where there is one: a new size is then a new version of
 * the template, which rolls through the groups, instead of new groups.
 *
 * There is no `maxPods` in it: EKS appends its own node configuration, and the later one wins
 * (https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html#max-pods-precedence).
 */
function createLaunchTemplate(parent: pulumi.Resource, name: string, args: AwsNodesArgs, instanceType?: string): aws.ec2.LaunchTemplate {
  // A change here is a new version of the template, which replaces every node.
  const tags = { ...lastingTags(args.tags), Name: name };
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      ...(instanceType === undefined ? {} : { instanceType }),
      updateDefaultVersion: true,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: args.nodes.diskGiB,
            encrypted: "true",
            kmsKeyId: args.volumesKeyArn,
            deleteOnTermination: "true",
          },
        },
      ],
      // With one hop a pod cannot reach the metadata service, and so never the node's role.
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { ...args.tags, Name: `${name}-template` },
    },
    { parent },
  );
}
