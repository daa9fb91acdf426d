import { createHash } from "node:crypto";

import * as authorization from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";

/** Built-in roles by their GUID, the same in every tenant: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
export const roles = {
  aksClusterUser: "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
  aksRbacClusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  aksRbacReader: "7f6c6a51-bcf8-42ba-9220-52d62157d7db",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  diskSnapshotContributor: "7efff54f-a5b4-42b5-a1c5-5411624893ce",
  keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
} as const;

export interface RoleGrant {
  /** GUID of the role definition, one of {@link roles}. */
  readonly role: string;
  readonly scope: pulumi.Input<string>;
  readonly principalId: pulumi.Input<string>;
  /** Said, so that Azure does not look for an identity that it has only just made. */
  readonly principalType: "ServicePrincipal" | "User" | "Group";
  /**
   * Whether it is the identity that Azure gave a resource and takes back with it. A preview that changes the resource does not know the identity,
   * and would show everything that it was granted as made anew.
   *
   * @default false
   */
  readonly systemAssigned?: boolean;
}

/**
 * Assigns a built-in role. The assignment's own name follows from the resource's name and the role, so that every run calls it the same, and
 * another role is another assignment: Azure refuses to change the role of one that exists.
 *
 * It cannot be used at once: what needs it depends on `settled` of ./azure-settling.
 *
 * @param name says who gets what on what; one principal gets a role on a scope only once, whatever the assignments are called
 */
export function assignRole(
  parent: pulumi.Resource,
  name: string,
  { role, scope, principalId, principalType, systemAssigned = false }: RoleGrant,
): authorization.RoleAssignment {
  const subscription = pulumi.output(scope).apply((id) => id.split("/").slice(0, 3).join("/"));
  return new authorization.RoleAssignment(
    name,
    {
      roleAssignmentName: stableGuid(pulumi.getProject(), pulumi.getStack(), name, role),
      roleDefinitionId: pulumi.interpolate`${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
      scope,
      principalId,
      principalType,
    },
    { parent, ignoreChanges: systemAssigned ? ["principalId"] : [] },
  );
}

/** A GUID that is the same for the same texts. */
export function stableGuid(...texts: readonly string[]): string {
  const hex = createHash("sha256").update(texts.join("\0")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}
