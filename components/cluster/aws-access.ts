import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import type { AccessGroups } from "./index";

/** AWS's own access policies: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html. `View` shows no secrets. */
const accessPolicies = {
  admin: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
  viewer: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
} as const;

/** Groups of Kubernetes that principals of IAM are put in; roles of the cluster's namespaces say what they may do. */
const groups = { operators: "rocketchat-operators", viewers: "rocketchat-viewers" } as const;

/** Who may use the cluster: ARNs of IAM principals, beside the deployer, who is an administrator by creating it. */
export interface AwsAccess {
  readonly admins: readonly string[];
  /** They see everything but secrets. */
  readonly viewers: readonly string[];
  /** Who works in the namespace of the chat. @default nobody */
  readonly chatOperators?: readonly string[];
  /** Who may look at the namespace of the chat. @default nobody */
  readonly chatViewers?: readonly string[];
}

export interface AccessArgs {
  readonly access: AwsAccess;
  readonly clusterName: pulumi.Output<string>;
  readonly cluster: pulumi.Resource;
  readonly tags: Tags;
}

/** Lets principals of IAM in: each by an entry of its own, with a policy of AWS's or in a group of Kubernetes. Returns what has to exist for it. */
export function createAccess(parent: pulumi.Resource, name: string, { access, clusterName, cluster, tags }: AccessArgs): pulumi.Resource[] {
  const enter = (who: string, principalArn: string, kubernetesGroups: string[]): aws.eks.AccessEntry => {
    const entry = `${name}-${who}-${principalName(principalArn)}-entry`;
    return new aws.eks.AccessEntry(
      entry,
      {
        clusterName,
        principalArn,
        ...(kubernetesGroups.length === 0 ? {} : { kubernetesGroups }),
        tags: { ...tags, Name: entry },
      },
      { parent, dependsOn: [cluster] },
    );
  };
  const grant = (who: string, arn: string, policyArn: string): pulumi.Resource => {
    const { principalArn } = enter(who, arn, []);
    return new aws.eks.AccessPolicyAssociation(
      `${name}-${who}-${principalName(arn)}-policy`,
      { clusterName, principalArn, policyArn, accessScope: { type: "cluster" } },
      { parent },
    );
  };
  const { admins, viewers, chatOperators = [], chatViewers = [] } = access;
  return [
    ...admins.map((arn) => grant("admin", arn, accessPolicies.admin)),
    ...viewers.map((arn) => grant("viewer", arn, accessPolicies.viewer)),
    ...chatOperators.map((arn) => enter("chat-operator", arn, [groups.operators])),
    ...chatViewers.map((arn) => enter("chat-viewer", arn, [groups.viewers])),
  ];
}

/** The same people in the words of a RoleBinding; without any there is nobody to bind. */
export function accessGroups({ chatOperators = [], chatViewers = [] }: AwsAccess): AccessGroups {
  const group = (name: string, members: readonly string[]) => (members.length === 0 ? [] : [{ kind: "Group", name } as const]);
  return { operators: group(groups.operators, chatOperators), viewers: group(groups.viewers, chatViewers) };
}

/** What a principal is called, whatever its place in a list: with its account and path, since two may bear one name. */
function principalName(arn: string): string {
  return arn.split(":").slice(4).join("-").replaceAll("/", "-");
}
