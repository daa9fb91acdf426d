import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { eksKubeconfig } from "../eks";

/** Inputs of the remote component that this program uses, resolved by Pulumi's own plumbing. */
type Inputs = Readonly<Record<string, unknown>>;

/**
 * The body of `eks.Cluster`, as far as this program uses it: the control plane and its role. The real component has the same shape
 * (https://github.com/pulumi/pulumi-eks/blob/master/nodejs/eks/cluster/cluster.ts) and makes more where more is asked of it.
 */
export class EksClusterComponent extends pulumi.ComponentResource {
  readonly kubeconfigJson: pulumi.Output<string>;
  readonly eksCluster: aws.eks.Cluster;

  /** @param live kubeconfig of a real cluster that stands in for the simulated one */
  constructor(name: string, inputs: Inputs, opts: pulumi.ComponentResourceOptions, live?: string) {
    super("eks:index:Cluster", name, {}, opts);
    const input = <T>(property: string): pulumi.Input<T> => inputs[property] as pulumi.Input<T>;
    const tags = input<Record<string, string>>("tags");
    const role = new aws.iam.Role(
      `${name}-eksRole-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: ["sts:AssumeRole"] }],
        }),
        tags,
      },
      { parent: this },
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${name}-eksRole-policy`,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" },
      { parent: this },
    );
    const subnets = pulumi
      .all([input<string[] | undefined>("publicSubnetIds"), input<string[] | undefined>("privateSubnetIds")])
      .apply((lists) => lists.flatMap((ids) => ids ?? []));
    this.eksCluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: input("name"),
        version: input("version"),
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: subnets,
          endpointPrivateAccess: input("endpointPrivateAccess"),
          endpointPublicAccess: input("endpointPublicAccess"),
          publicAccessCidrs: input("publicAccessCidrs"),
        },
        accessConfig: { authenticationMode: input("authenticationMode"), bootstrapClusterCreatorAdminPermissions: true },
        bootstrapSelfManagedAddons: input("bootstrapSelfManagedAddons"),
        deletionProtection: input("deletionProtection"),
        enabledClusterLogTypes: input("enabledClusterLogTypes"),
        encryptionConfig: { provider: { keyArn: input("encryptionConfigKeyArn") }, resources: ["secrets"] },
        kubernetesNetworkConfig: { serviceIpv4Cidr: input("kubernetesServiceIpAddressRange") },
        upgradePolicy: input("upgradePolicy"),
        tags,
      },
      // AWS changes the add-ons' bootstrap never again; nor does the component.
      { parent: this, dependsOn: [attachment], ignoreChanges: ["bootstrapSelfManagedAddons"] },
    );
    const { arn, endpoint, certificateAuthority, name: clusterName } = this.eksCluster;
    this.kubeconfigJson = pulumi
      .all([arn, endpoint, certificateAuthority.data, clusterName])
      .apply(([id, server, data, cluster]) => live ?? eksKubeconfig(cluster, id.split(":")[3] ?? "", server, data));
    this.registerOutputs({ kubeconfigJson: this.kubeconfigJson, eksCluster: this.eksCluster });
  }
}
