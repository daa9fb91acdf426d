import type * as authorization from "@pulumi/azure-native/authorization";

import { digits, row, textInput, type Inventory, type PackageTable, type Registration, type ResourceType } from "../resource-type";
import { atPath, nameForm } from "./ids";

const lockType = "azure-native:authorization:ManagementLockByScope";

/** Simulated locks. */
export const lockTable: PackageTable = {
  types: {
    [lockType]: atPath(
      row<authorization.ManagementLockByScope>({
        nameProperty: "lockName",
        autoName: nameForm,
        id: (r) => `${textInput(r, "scope")}/providers/Microsoft.Authorization/locks/${lockName(r)}`,
        computed: (r) => ({ name: lockName(r) }),
      }),
      "scope",
      "lockName",
    ),
  },
  functions: {},
};

function lockName(resource: Registration): string {
  return textInput(resource, "lockName", `${resource.name}${digits(nameForm.digits, resource.seed)}`);
}

/**
 * The table with rows that locks keep from deletion: nothing goes that is locked, lies below something locked, or would take something locked along.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources#lock-inheritance
 */
export function lockable({ types, functions }: PackageTable): PackageTable {
  const locked = Object.entries(types).map(([type, own]) => [type, type === lockType ? own : lockableType(own)] as const);
  return { types: Object.fromEntries(locked), functions };
}

function lockableType(own: ResourceType): ResourceType {
  return {
    ...own,
    refuseDeletion: (resource, inventory) => lockOn(own.id(resource), inventory) ?? own.refuseDeletion?.(resource, inventory),
  };
}

function lockOn(id: string, inventory: Inventory): string | undefined {
  const lock = inventory.all(lockType).find(({ scope }) => isBelow(id, String(scope)) || isBelow(String(scope), id));
  return lock === undefined ? undefined : `ScopeLocked: ${String(lock["scope"])} is locked by ${String(lock["name"])}`;
}

/** Whether an id is another one, or lies below it. Azure does not mind the case of either. */
function isBelow(id: string, scope: string): boolean {
  return `${id}/`.toLowerCase().startsWith(`${scope}/`.toLowerCase());
}
