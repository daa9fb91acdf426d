import * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";

export interface DeletionLockArgs {
  /** Resource id of what is locked. */
  readonly scope: pulumi.Input<string>;
  /** Everything below the scope that the program may have to delete: Azure would keep it as long as there is the lock. */
  readonly after: readonly pulumi.Resource[];
}

/**
 * Azure's own lock against deletion, which also stops those who work without this program. It is made last and goes first, since it covers whatever
 * lies below: containers, role assignments, diagnostic settings. It stops no one from deleting what a container holds
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources).
 *
 * It does not outlive the program as what it locks does, or it could never be switched off.
 */
export function createDeletionLock(
  parent: pulumi.Resource,
  name: string,
  { scope, after }: DeletionLockArgs,
): authorization.ManagementLockByScope {
  return new authorization.ManagementLockByScope(
    name,
    {
      scope,
      lockName: "no-deletion",
      level: "CanNotDelete",
      notes: "Holds data. Set rocketchat:backup.locks to false and run pulumi up before anything here can be deleted.",
    },
    { parent, dependsOn: [...after] },
  );
}
