import type * as authorization from "@pulumi/azure-native/authorization";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as resources from "@pulumi/azure-native/resources";
import type * as pulumi from "@pulumi/pulumi";

import { digits, row, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { atPath, nameForm, placed, subscription, uuid } from "./ids";

const assignmentType = "azure-native:authorization:RoleAssignment";

/** Simulated Entra ID: identities, what they may do, and the groups that they may do it in. */
export const identityTable: PackageTable = {
  types: {
    [assignmentType]: atPath(
      row<authorization.RoleAssignment>({
        id: (r) =>
          `${textInput(r, "scope")}/providers/Microsoft.Authorization/roleAssignments/${textInput(r, "roleAssignmentName", uuid(r.seed))}`,
        computed: (r) => ({ name: textInput(r, "roleAssignmentName", uuid(r.seed)) }),
        createOnly: ["principalId"],
        check: assignmentForm,
        refuse: assignedAlready,
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
    // No cloud's: the engine keeps it in the stack's state, and calls the hooks of the real one.
    "pulumi:index:Stash": row<pulumi.Stash>({
      id: (r) => uuid(r.seed),
      computed: (r) => ({ output: r.inputs["input"] }),
    }),
  },
  functions: {},
};

function assignmentForm({ roleAssignmentName: name }: Registration["inputs"]): Failure[] {
  if (typeof name !== "string" || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name)) return [];
  return [{ property: "roleAssignmentName", reason: `The role assignment ID '${name}' is not valid. It must be a GUID.` }];
}

/** A principal has a role on a scope once, whatever the assignment is called: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting */
function assignedAlready({ inputs, previous }: Registration, inventory: Inventory): Failure[] {
  const key = (assignment: Registration["inputs"]): string =>
    [assignment["principalId"], assignment["roleDefinitionId"], assignment["scope"]].join("\0").toLowerCase();
  if (previous !== undefined || !inventory.all(assignmentType).some((other) => key(other) === key(inputs))) return [];
  return [{ property: "principalId", reason: "RoleAssignmentExists: The role assignment already exists." }];
}

function groupName(resource: Registration): string {
  return textInput(resource, "resourceGroupName", `${resource.name}${digits(nameForm.digits, resource.seed)}`);
}
