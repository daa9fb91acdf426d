import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { networkPluginProblem, type AddonName } from "../versions";

/** Versions of add-ons that the operator names; the others take the newest for the cluster's Kubernetes. */
export type AddonVersions = Readonly<Partial<Record<AddonName, string>>>;

/**
 * The version of an add-on: the one that is named, or else the newest for a Kubernetes minor.
 *
 * @throws pulumi.ResourceError where it is a `vpc-cni` that must not be used
 */
export function addonVersion(
  parent: pulumi.Resource,
  addonName: AddonName,
  kubernetesVersion: string,
  named: AddonVersions,
): pulumi.Input<string> {
  const refuse = (version: string): string => {
    const problem = addonName === "vpc-cni" ? networkPluginProblem(version) : undefined;
    if (problem === undefined) return version;
    throw new pulumi.ResourceError(`rocketchat:cluster.addonVersions.vpc-cni is ${version}. ${problem.limit} ${problem.cure}`, parent);
  };
  const own = named[addonName];
  if (own !== undefined) return refuse(own);
  return aws.eks.getAddonVersionOutput({ addonName, kubernetesVersion, mostRecent: true }, { parent }).version.apply(refuse);
}
