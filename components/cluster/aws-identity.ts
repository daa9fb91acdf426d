import * as pulumi from "@pulumi/pulumi";

/** Lets the pods of one service account assume a role: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html */
export function podIdentityTrust(namespace: string, serviceAccount: string): pulumi.Output<string> {
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
