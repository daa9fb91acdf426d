import type { ResourceGraph } from "../../simulator/graph";
import { textOf, type GraphDocument } from "./documents";
import { conditionsOf, many } from "./policy";

/** `ROLE for NAMESPACE/SERVICE ACCOUNT`, for each pair that a trust policy lets assume its role as pods. */
export function podIdentityOf({ kind, owner, policy }: GraphDocument): string[] {
  if (kind !== "trust") return [];
  return many(policy.Statement).flatMap((statement) => {
    const tag = (name: string): string | undefined =>
      conditionsOf(statement)
        .find(({ key }) => key === `aws:RequestTag/kubernetes-${name}`)
        ?.values.join();
    const [namespace, serviceAccount] = [tag("namespace"), tag("service-account")];
    return namespace === undefined || serviceAccount === undefined ? [] : [`${owner} for ${namespace}/${serviceAccount}`];
  });
}

/** The same for each pair to which EKS gives a role. An association of an add-on names no namespace, and none is made here. */
export function associationsOf(graph: ResourceGraph): string[] {
  return graph.resources
    .filter(({ type }) => type === "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    .map((association) => {
      const [role, namespace, serviceAccount] = ["roleArn", "namespace", "serviceAccount"].map((name) => textOf(association, name));
      return `${role} for ${namespace}/${serviceAccount}`;
    })
    .sort();
}
