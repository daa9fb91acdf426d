import type * as authorization from "@pulumi/azure-native/authorization";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as resources from "@pulumi/azure-native/resources";

import { digits, row, textInput, type PackageTable, type Registration } from "../resource-type";
import { atPath, nameForm, placed, subscription, uuid } from "./ids";

/** Simulated Entra ID: identities, what they may do, and the groups that they may do it in. */
export const identityTable: PackageTable = {
  types: {
    "azure-native:authorization:RoleAssignment": atPath(
      row<authorization.RoleAssignment>({
        id: (r) =>
          `${textInput(r, "scope")}/providers/Microsoft.Authorization/roleAssignments/${textInput(r, "roleAssignmentName", uuid(r.seed))}`,
        computed: (r) => ({ name: textInput(r, "roleAssignmentName", uuid(r.seed)) }),
        createOnly: ["principalId"],
      }),
      "scope",
      "roleAssignmentName",
    ),
    "azure-native:managedidentity:FederatedIdentityCredential": placed<managedidentity.FederatedIdentityCredential>(
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
      ["resourceName", "federatedIdentityCredentialResourceName"],
      {},
    ),
    "azure-native:managedidentity:UserAssignedIdentity": placed<managedidentity.UserAssignedIdentity>(
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      ["resourceName"],
      {
        tags: "tags",
        computed: (r) => ({ clientId: uuid(`client ${r.seed}`), principalId: uuid(`principal ${r.seed}`), tenantId: uuid("tenant") }),
      },
    ),
    "azure-native:resources:ResourceGroup": atPath(
      row<resources.ResourceGroup>({
        tags: "tags",
        nameProperty: "resourceGroupName",
        autoName: nameForm,
        id: (r) => `/subscriptions/${subscription}/resourceGroups/${groupName(r)}`,
        computed: (r) => ({ name: groupName(r) }),
        createOnly: ["location"],
      }),
      "resourceGroupName",
    ),
  },
  functions: {},
};

function groupName(resource: Registration): string {
  return textInput(resource, "resourceGroupName", `${resource.name}${digits(nameForm.digits, resource.seed)}`);
}
