import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import type { IamStatement } from "./identity";

/** Which service account of which cluster gets a role, and what the role may do. */
export interface PodIdentityArgs {
  readonly clusterName: pulumi.Output<string>;
  /** The cluster itself: nothing else has to be there before the identity. */
  readonly cluster: pulumi.Resource;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** A role takes 10,240 characters of them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  readonly statements: readonly IamStatement[];
  readonly tags: Tags;
}

export interface PodIdentity {
  readonly role: aws.iam.Role;
  /** What must exist before the first pod of the service account. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * A role that the pods of one service account assume through the Pod Identity agent.
 *
 * The SDKs ask the agent as the last link but one of their default chain, at an address that they allow by name
 * (https://github.com/aws/aws-sdk-js-v3/blob/main/packages/credential-provider-http/src/fromHttp/checkUrl.ts), so that it serves Rocket.Chat,
 * which takes that chain where it is given no keys, as well as controllers in Go. Hence there is no OIDC provider, which is read from the
 * cluster over TLS, and no annotation on any service account. The namespace and the service account need not exist yet.
 */
export function createPodIdentity(parent: pulumi.Resource, name: string, args: PodIdentityArgs): PodIdentity {
  const { clusterName, cluster, namespace, serviceAccount, statements } = args;
  const tagged = (suffix: string): Record<string, string> => ({ ...args.tags, Name: `${name}-${suffix}` });
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: podIdentityTrust(namespace, serviceAccount), tags: tagged("role") },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    { role: role.name, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }) },
    { parent },
  );
  const association = new aws.eks.PodIdentityAssociation(
    `${name}-identity`,
    { clusterName, namespace, serviceAccount, roleArn: role.arn, tags: tagged("identity") },
    { parent, dependsOn: [cluster] },
  );
  return { role, ready: [policy, association] };
}

/** Lets the pods of one service account assume a role: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
function podIdentityTrust(namespace: string, serviceAccount: string): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": serviceAccount,
          },
        },
      },
    ],
  });
}
