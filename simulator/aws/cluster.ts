import type * as aws from "@pulumi/aws";

import { sameOwner } from "../network-rules";
import {
  digits,
  row,
  textInput,
  type Failure,
  type Inventory,
  type PackageTable,
  type Registration,
  type ResourceType,
} from "../resource-type";
import { arn, autoNamed, clusterType, ec2, joined, subnetType } from "./ids";

const ofCluster = { clusterName: clusterType };
const nodeGroup = autoNamed("nodeGroupName", 63);
const templateName = autoNamed("name", 128);
const template = ec2("launch-template", "lt");
const associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

/**
 * Simulated answers to "which version of the add-on is the newest": in the form of real ones, and none of them was read from AWS. A proxy
 * follows its cluster's minor; the rest serves every minor.
 */
const addonVersions: Readonly<Record<string, (kubernetesVersion: string) => string>> = {
  "amazon-cloudwatch-observability": () => "v6.4.0-eksbuild.1",
  "aws-ebs-csi-driver": () => "v1.64.0-eksbuild.1",
  coredns: () => "v1.14.2-eksbuild.1",
  "eks-pod-identity-agent": () => "v1.3.10-eksbuild.1",
  "kube-proxy": (kubernetesVersion) => `v${kubernetesVersion}.2-eksbuild.1`,
  "metrics-server": () => "v0.8.1-eksbuild.1",
  "snapshot-controller": () => "v8.5.0-eksbuild.1",
  "vpc-cni": () => "v1.22.1-eksbuild.1",
};

/** Simulated EKS, and the launch templates of its nodes. */
export const clusterTable: PackageTable = {
  types: {
    "aws:ec2/launchTemplate:LaunchTemplate": row<aws.ec2.LaunchTemplate>({
      ...templateName,
      id: template.id,
      tags: "tags",
      computed: (r) => {
        const latestVersion = typeof r.previous?.["latestVersion"] === "number" ? r.previous["latestVersion"] + 1 : 1;
        return { ...template.computed(r), name: templateName.id(r), latestVersion, defaultVersion: latestVersion };
      },
      recomputed: ["latestVersion", "defaultVersion"],
      createOnly: ["name"],
    }),
    "aws:eks/accessEntry:AccessEntry": row<aws.eks.AccessEntry>({
      ...joined(":", "clusterName", "principalArn"),
      tags: "tags",
      createOnly: ["clusterName", "principalArn", "type"],
      refersTo: ofCluster,
    }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": row<aws.eks.AccessPolicyAssociation>({
      ...joined("#", "clusterName", "principalArn", "policyArn"),
      createOnly: ["clusterName", "principalArn", "policyArn", "accessScope"],
      refersTo: ofCluster,
    }),
    "aws:eks/addon:Addon": row<aws.eks.Addon>({
      ...joined(":", "clusterName", "addonName"),
      tags: "tags",
      computed: (r) => ({ arn: arn("eks", r.region, `addon/${textInput(r, "clusterName")}/${textInput(r, "addonName")}`) }),
      createOnly: ["clusterName", "addonName"],
      refersTo: ofCluster,
    }),
    [clusterType]: row<aws.eks.Cluster>({
      ...autoNamed("name", 100),
      tags: "tags",
      computed: (r) => {
        const id = digits(32, r.seed).toUpperCase();
        return {
          arn: arn("eks", r.region, `cluster/${textInput(r, "name")}`),
          endpoint: `https://${id}.gr7.${r.region}.eks.amazonaws.com`,
          identities: [{ oidcs: [{ issuer: `https://oidc.eks.${r.region}.amazonaws.com/id/${id}` }] }],
          certificateAuthority: { data: Buffer.from("simulated").toString("base64") },
          status: "ACTIVE",
        };
      },
      createOnly: ["name", "roleArn", "kubernetesNetworkConfig", "encryptionConfig", "bootstrapSelfManagedAddons"],
      refuse: (r, inventory) => sameOwner({ inputs: vpcConfig(r) }, inventory, "vpcId", { subnetIds: subnetType }),
    }),
    "aws:eks/nodeGroup:NodeGroup": row<aws.eks.NodeGroup>({
      ...nodeGroup,
      id: (r) => `${textInput(r, "clusterName")}:${nodeGroup.id(r)}`,
      tags: "tags",
      computed: (r) => ({
        arn: arn("eks", r.region, `nodegroup/${textInput(r, "clusterName")}/${nodeGroup.id(r)}`),
        nodeGroupName: nodeGroup.id(r),
        resources: [{ autoscalingGroups: [{ name: `eks-${nodeGroup.id(r)}-${digits(8, r.seed)}` }], remoteAccessSecurityGroupId: "" }],
        status: "ACTIVE",
      }),
      createOnly: [
        "clusterName",
        "nodeGroupName",
        "nodeRoleArn",
        "subnetIds",
        "amiType",
        "capacityType",
        "instanceTypes",
        "diskSize",
        "launchTemplate.id",
      ],
      refersTo: ofCluster,
    }),
    [associationType]: row<aws.eks.PodIdentityAssociation>({
      id: (r) => `a-${digits(16, r.seed)}`,
      tags: "tags",
      computed: (r) => ({ associationId: `a-${digits(16, r.seed)}` }),
      createOnly: ["clusterName", "namespace", "serviceAccount"],
      refersTo: ofCluster,
      refuse: secondIdentity,
    }),
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:eks/getAddonVersion:getAddonVersion": (args) => {
      const [addonName, kubernetesVersion] = [textInput({ inputs: args }, "addonName"), textInput({ inputs: args }, "kubernetesVersion")];
      const newest = addonVersions[addonName];
      if (newest === undefined) throw new Error(`EKS knows no add-on ${addonName}: add it to simulator/aws/cluster.ts`);
      return { ...args, id: addonName, version: newest(kubernetesVersion) };
    },
  },
};

/**
 * A service account has one role: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html
 * (`ResourceInUseException`).
 */
function secondIdentity(resource: Registration, inventory: Inventory): Failure[] {
  const parts = ["clusterName", "namespace", "serviceAccount"];
  const taken = inventory.all(associationType).some((other) => parts.every((part) => other[part] === resource.inputs[part]));
  return taken ? [{ property: "serviceAccount", reason: `${textInput(resource, "serviceAccount")} has an association already` }] : [];
}

function vpcConfig(resource: Registration): Readonly<Record<string, unknown>> {
  const config = resource.inputs["vpcConfig"];
  return typeof config === "object" && config !== null ? (config as Readonly<Record<string, unknown>>) : {};
}
