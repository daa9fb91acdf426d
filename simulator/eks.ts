import type * as eks from "@pulumi/eks";

import { digits, row, textInput, type PackageTable } from "./resource-type";

/** The remote components of the package eks: what a program sees of one is what it returns. */
export const eksTable: PackageTable = {
  types: {
    "eks:index:Cluster": row<eks.Cluster>({
      // The component takes tags for what it makes, and has no such output.
      id: () => "",
      computed: (r) => {
        const server = `https://${digits(32, r.seed).toUpperCase()}.gr7.${r.region}.eks.amazonaws.com`;
        const issuer = `oidc.eks.${r.region}.amazonaws.com/id/${digits(32, r.seed).toUpperCase()}`;
        return {
          kubeconfigJson: eksKubeconfig(textInput(r, "name", r.name), r.region, server, Buffer.from("simulated").toString("base64")),
          oidcIssuer: issuer,
          clusterSecurityGroupId: `sg-0${digits(16, r.seed)}`,
        };
      },
    }),
  },
  functions: {},
};

/**
 * As the component writes it: the token comes from the AWS CLI.
 * https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts (`generateKubeconfig`)
 *
 * @param certificateAuthority base64 of its PEM
 */
export function eksKubeconfig(cluster: string, region: string, server: string, certificateAuthority: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    clusters: [{ cluster: { server, "certificate-authority-data": certificateAuthority }, name: "kubernetes" }],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: ["--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"],
            env: [{ name: "KUBERNETES_EXEC_INFO", value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' }],
          },
        },
      },
    ],
  });
}
