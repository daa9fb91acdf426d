import type { Scene } from "../scene";
import { elsewhere, podsOf, type RoleTable, type TableCall } from "./table";

const volume = (scene: Scene): string => scene.of("ec2", "volume/vol-0123456789abcdef0");
const instance = (scene: Scene): string => scene.of("ec2", "instance/i-0123456789abcdef0");
const stream = (group: string): string => `${group}:log-stream:node`;
/** Tag by which the driver knows what is its own. */
const driven = { "aws:ResourceTag/ebs.csi.aws.com/cluster": "true", "ec2:ResourceTag/ebs.csi.aws.com/cluster": "true" };
const bare = { "aws:ResourceTag/Name": "somebody's", "ec2:ResourceTag/Name": "somebody's" };

/** What a pod could do as the node, were the metadata service open to it, is what AWS asks for nodes and no more. */
const node: RoleTable = {
  role: "cluster-node-role",
  assumed: ({ account }, arn) => ({
    may: [{ action: "sts:AssumeRole", on: arn, as: "ec2.amazonaws.com" }],
    mayNot: [
      { action: "sts:AssumeRole", on: arn, as: "pods.eks.amazonaws.com" },
      { action: "sts:AssumeRole", on: arn, as: "lambda.amazonaws.com" },
      { action: "sts:AssumeRole", on: arn, as: `arn:aws:iam::${account}:role/other` },
    ],
  }),
  calls: (scene, arn) => ({
    may: [
      { action: "eks-auth:AssumeRoleForPodIdentity", on: scene.of("eks", `cluster/${scene.clusterName}`) },
      { action: "eks:DescribeCluster", on: scene.of("eks", `cluster/${scene.clusterName}`) },
      { action: "ecr:GetAuthorizationToken", on: "*" },
      { action: "ecr:BatchGetImage", on: scene.of("ecr", "repository/eks/coredns") },
      { action: "ec2:AssignPrivateIpAddresses", on: scene.of("ec2", "network-interface/eni-0123456789abcdef0") },
    ],
    mayNot: [
      { action: "s3:GetObject", on: `${scene.arn("store-uploads-bucket")}/file` },
      { action: "kms:Decrypt", on: scene.arn("encryption-objects-key") },
      { action: "kms:Decrypt", on: scene.arn("encryption-secrets-key") },
      { action: "ec2:TerminateInstances", on: instance(scene) },
      { action: "ec2:AttachVolume", on: [volume(scene), instance(scene)] },
      { action: "ecr:PutImage", on: scene.of("ecr", "repository/eks/coredns") },
      { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
      { action: "autoscaling:SetDesiredCapacity", on: group(scene) },
    ],
  }),
};

const driver: RoleTable = {
  role: "cluster-ebs-csi-role",
  assumed: podsOf("kube-system", "ebs-csi-controller-sa"),
  calls: (scene) => {
    const key = scene.arn("encryption-volumes-key");
    return {
      may: [
        { action: "ec2:CreateVolume", on: volume(scene), with: { "aws:RequestTag/ebs.csi.aws.com/cluster": "true" } },
        { action: "ec2:AttachVolume", on: [volume(scene), instance(scene)], with: driven },
        { action: "ec2:DetachVolume", on: [volume(scene), instance(scene)], with: driven },
        { action: "ec2:ModifyVolume", on: volume(scene), with: driven },
        { action: "ec2:DeleteVolume", on: volume(scene), with: driven },
        { action: "ec2:CreateTags", on: volume(scene), with: { "ec2:CreateAction": "CreateVolume" } },
        { action: "kms:GenerateDataKeyWithoutPlaintext", on: key },
        { action: "kms:CreateGrant", on: key, with: { "kms:GrantIsForAWSResource": "true" } },
      ],
      mayNot: [
        { action: "ec2:CreateVolume", on: volume(scene) },
        { action: "ec2:DeleteVolume", on: volume(scene), with: bare },
        { action: "ec2:AttachVolume", on: [volume(scene), instance(scene)], with: bare },
        { action: "ec2:CreateTags", on: instance(scene), with: { "ec2:CreateAction": "RunInstances" } },
        { action: "ec2:RunInstances", on: instance(scene) },
        { action: "kms:CreateGrant", on: key, with: { "kms:GrantIsForAWSResource": "false" } },
        { action: "kms:CreateGrant", on: key },
        { action: "kms:CreateGrant", on: scene.arn("encryption-objects-key"), with: { "kms:GrantIsForAWSResource": "true" } },
        { action: "kms:Decrypt", on: scene.arn("encryption-objects-key") },
        { action: "kms:Decrypt", on: scene.arn("encryption-backups-key") },
      ],
    };
  },
};

/** Fluent Bit and the agent: they write to the groups that the program made, and make none. */
const logs: RoleTable = {
  role: "cluster-cloudwatch-role",
  assumed: podsOf("amazon-cloudwatch", "cloudwatch-agent"),
  calls: (scene) => {
    const application = scene.arn("cluster-application-logs");
    return {
      may: [
        { action: "logs:CreateLogStream", on: stream(application) },
        { action: "logs:PutLogEvents", on: stream(application) },
        { action: "logs:PutLogEvents", on: stream(scene.arn("cluster-dataplane-logs")) },
        { action: "logs:PutLogEvents", on: stream(scene.arn("cluster-host-logs")) },
        ...(scene.has("cluster-performance-logs")
          ? [
              { action: "logs:PutLogEvents", on: stream(scene.arn("cluster-performance-logs")) },
              { action: "ec2:DescribeVolumes", on: "*" },
              { action: "ec2:DescribeTags", on: "*" },
            ]
          : []),
      ],
      mayNot: [
        { action: "logs:CreateLogGroup", on: scene.of("logs", "log-group:/aws/containerinsights/other/application") },
        { action: "logs:PutLogEvents", on: stream(scene.of("logs", "log-group:/aws/containerinsights/other/application")) },
        { action: "logs:PutLogEvents", on: stream(scene.arn("cluster-logs")) },
        { action: "logs:GetLogEvents", on: stream(application) },
        { action: "logs:PutRetentionPolicy", on: application },
        { action: "kms:Decrypt", on: scene.arn("encryption-logs-key") },
        { action: "ssm:GetParameter", on: scene.of("ssm", "parameter/secret") },
      ],
    };
  },
};

const group = (scene: Scene): string =>
  scene.of("autoscaling", "autoScalingGroup:01234567-89ab-cdef-0123-456789abcdef:autoScalingGroupName/eks-cluster-a-0123");

const autoscaler: RoleTable = {
  role: "cluster-autoscaler-role",
  assumed: podsOf("kube-system", "cluster-autoscaler"),
  calls: (scene) => {
    const own = { "aws:ResourceTag/eks:cluster-name": scene.clusterName };
    const other = { "aws:ResourceTag/eks:cluster-name": `${scene.clusterName}-2` };
    const may: readonly TableCall[] = [
      { action: "autoscaling:DescribeAutoScalingGroups", on: "*" },
      { action: "ec2:DescribeInstanceTypes", on: "*" },
      { action: "eks:DescribeNodegroup", on: scene.of("eks", `nodegroup/${scene.clusterName}/a/01234567-89ab-cdef-0123-456789abcdef`) },
      { action: "autoscaling:SetDesiredCapacity", on: group(scene), with: own },
      { action: "autoscaling:TerminateInstanceInAutoScalingGroup", on: group(scene), with: own },
    ];
    return {
      may,
      mayNot: [
        ...elsewhere(scene, may),
        { action: "autoscaling:SetDesiredCapacity", on: group(scene), with: other },
        { action: "autoscaling:TerminateInstanceInAutoScalingGroup", on: group(scene), with: other },
        { action: "autoscaling:SetDesiredCapacity", on: group(scene) },
        { action: "autoscaling:UpdateAutoScalingGroup", on: group(scene), with: own },
        { action: "autoscaling:DeleteAutoScalingGroup", on: group(scene), with: own },
        { action: "eks:DescribeNodegroup", on: scene.of("eks", "nodegroup/other/a/01234567-89ab-cdef-0123-456789abcdef") },
        { action: "ec2:TerminateInstances", on: instance(scene) },
        { action: "ec2:RunInstances", on: instance(scene) },
      ],
    };
  },
};

export const cluster: readonly RoleTable[] = [node, driver, logs, autoscaler];
