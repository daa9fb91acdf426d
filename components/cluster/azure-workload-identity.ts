import type * as containerservice from "@pulumi/azure-native/containerservice";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { answerOf } from "./azure-control-plane";
import { assignRole } from "./azure-roles";
import { settled } from "./azure-settling";
import type { RoleAssignmentData, WorkloadIdentity } from "./identity";

/** Which service account gets an identity, and what it may do. */
export interface WorkloadIdentityArgs {
  readonly resourceGroupName: pulumi.Output<string>;
  readonly region: string;
  /** The cluster, whose tokens the identity trusts. */
  readonly cluster: containerservice.ManagedCluster;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly assignments: readonly RoleAssignmentData[];
  readonly tags: Tags;
}

/**
 * A user-assigned identity that the pods of one service account sign in as, by a token of the cluster's own issuer:
 * https://learn.microsoft.com/azure/aks/workload-identity-overview
 *
 * It has one credential. Azure takes the credentials of one identity one after another
 * (https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations), those of several at once.
 */
export function createWorkloadIdentity(parent: pulumi.Resource, name: string, args: WorkloadIdentityArgs): WorkloadIdentity {
  const { resourceGroupName, region, cluster, namespace, serviceAccount, assignments, tags } = args;
  const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, { resourceGroupName, location: region, tags }, { parent });
  const credential = new managedidentity.FederatedIdentityCredential(
    `${name}-credential`,
    {
      resourceGroupName,
      resourceName: identity.name,
      issuer: cluster.oidcIssuerProfile.apply((profile) => answerOf(cluster, "the issuer of its tokens", profile?.issuerURL)),
      subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      audiences: ["api://AzureADTokenExchange"],
    },
    { parent },
  );
  const granted = assignments.map(({ role, roleDefinitionId, scope }) =>
    assignRole(parent, `${name}-${role}`, {
      role: roleDefinitionId,
      scope,
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
    }),
  );
  return {
    annotations: { "azure.workload.identity/client-id": identity.clientId },
    podLabels: { "azure.workload.identity/use": "true" },
    id: identity.clientId,
    ready: [credential, ...(granted.length === 0 ? [] : [settled(parent, name, granted)])],
  };
}
