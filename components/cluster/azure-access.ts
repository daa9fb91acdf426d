import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";

import { ConfigurationError } from "../configuration-error";
import type { AzureNetwork } from "../network/azure";
import type { Tags } from "../tags";
import { assignRole, roles } from "./azure-roles";
import { settled } from "./azure-settling";
import type { AccessGroups, Subject } from "./index";

/** A principal of Entra ID. */
export interface Principal {
  readonly id: string;
  readonly type: "ServicePrincipal" | "User" | "Group";
}

/** Who may use the cluster. */
export interface Access {
  readonly admins: readonly Principal[];
  /** They see everything but secrets. */
  readonly viewers: readonly Principal[];
  /** Who works in the namespace of the chat. @default nobody */
  readonly chatOperators?: readonly Principal[];
  /** Who may look at the namespace of the chat. @default nobody */
  readonly chatViewers?: readonly Principal[];
}

/**
 * What people may do. Local accounts are off: without these roles nobody, the deployer included, could do anything in the cluster. They take
 * minutes to act, so they are on the stack's resource group, and there before the cluster is.
 *
 * @returns what exists when they act
 */
export function createAccess(
  parent: pulumi.Resource,
  name: string,
  { admins, viewers, chatOperators = [], chatViewers = [] }: Access,
  group: resources.ResourceGroup,
): pulumi.Resource {
  const grant = (who: string, { id, type }: Principal, role: string, what: string) =>
    assignRole(parent, `${name}-${who}-${id}-${what}`, { role, scope: group.id, principalId: id, principalType: type });
  return settled(parent, `${name}-access`, [
    ...admins.flatMap((principal) => [
      grant("admin", principal, roles.aksRbacClusterAdmin, "rbac"),
      grant("admin", principal, roles.aksClusterUser, "user"),
    ]),
    ...viewers.flatMap((principal) => [
      grant("viewer", principal, roles.aksRbacReader, "rbac"),
      grant("viewer", principal, roles.aksClusterUser, "user"),
    ]),
    // They fetch a kubeconfig and no more; what they may do there is Kubernetes' own to say, beside what Azure says:
    // https://learn.microsoft.com/azure/aks/concepts-cluster-authorization
    ...chatOperators.map((principal) => grant("chat-operator", principal, roles.aksClusterUser, "user")),
    ...chatViewers.map((principal) => grant("chat-viewer", principal, roles.aksClusterUser, "user")),
  ]);
}

/**
 * The chat's people in the words of a RoleBinding.
 *
 * @throws ConfigurationError for a single user: Kubernetes knows one by the user principal name, which an id does not tell
 * (https://learn.microsoft.com/azure/aks/kubernetes-rbac-entra-id)
 */
export function accessGroups({ chatOperators = [], chatViewers = [] }: Access): AccessGroups {
  const users = Object.entries({ chatOperators, chatViewers }).flatMap(([list, principals]) =>
    principals.flatMap(({ id, type }) => (type === "User" ? [{ list, id }] : [])),
  );
  if (users.length > 0) {
    throw new ConfigurationError(
      pulumi.getStack(),
      users.map(({ list, id }) => ({
        key: `rocketchat:access.${list}`,
        value: id,
        limit: "It must not be a single user: inside the cluster a user has another name, which the id does not tell.",
        cure: "Put the user in a group of Entra ID, and name that with `type: Group`.",
      })),
    );
  }
  const subject = ({ id, type }: Principal): Subject => ({ kind: type === "Group" ? "Group" : "User", name: id });
  return { operators: chatOperators.map(subject), viewers: chatViewers.map(subject) };
}

export interface ClusterIdentityArgs {
  readonly network: AzureNetwork;
  readonly nodeSubnetId: pulumi.Input<string>;
  readonly region: string;
  /** Whether the database's disks stay, whatever happens to the stack. */
  readonly deletionProtection: boolean;
  readonly tags: Tags;
}

/** As whom the control plane works, and where it keeps the database's disks. */
export interface ClusterIdentity {
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly databaseDisks: resources.ResourceGroup;
  /** Exists when the identity may do what it has to. */
  readonly ready: pulumi.Resource;
}

/**
 * The identity of the control plane: nodes and load balancer into the nodes' subnet, the API server into its own, the database's disks into a
 * group that stays, for AKS deletes its own group of node resources with the cluster. It brings the right on that group of AKS's own itself:
 * https://learn.microsoft.com/azure/aks/managed-identity-overview. (Kubelets keep the identity that AKS makes for them: it pulls images from a
 * registry of one's own, and there is none.)
 */
export function createClusterIdentity(parent: pulumi.Resource, name: string, args: ClusterIdentityArgs): ClusterIdentity {
  const { network, region, tags, deletionProtection } = args;
  const identity = new managedidentity.UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName: network.resourceGroup.name, location: region, tags },
    { parent },
  );
  const databaseDisks = new resources.ResourceGroup(
    `${name}-database-disks`,
    { location: region, tags },
    { parent, protect: deletionProtection, retainOnDelete: deletionProtection },
  );
  const grant = (what: string, role: string, scope: pulumi.Input<string>) =>
    assignRole(parent, `${name}-identity-${what}`, { role, scope, principalId: identity.principalId, principalType: "ServicePrincipal" });
  const ready = settled(parent, `${name}-identity`, [
    // https://learn.microsoft.com/azure/aks/api-server-vnet-integration: on both subnets.
    grant("nodes", roles.networkContributor, args.nodeSubnetId),
    grant("apiserver", roles.networkContributor, network.apiServerSubnetId),
    // https://learn.microsoft.com/azure/aks/create-volume-azure-disk: disks outside AKS's own group.
    grant("database-disks", roles.contributor, databaseDisks.id),
  ]);
  return { identity, databaseDisks, ready };
}
