import { setTimeout as pause } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";

/**
 * Azure spreads a new role assignment over its own caches after it has answered, and azure-native retries no 403: whatever uses a right in the
 * same minute may fail, an Application Gateway after half an hour and without a word.
 * https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignment-changes-are-not-being-detected
 */
const settlingSeconds = 120;

/** How the program lets time pass; a rehearsal, whose cloud settles at once, passes none. */
export const settling = {
  sleep: async (seconds: number): Promise<void> => {
    await pause(seconds * 1000);
  },
};

/** What the hooks of a stash are told. */
type Told = Pick<pulumi.ResourceHookArgs, "newInputs" | "oldInputs">;

/**
 * A resource that exists when role assignments have had time to act: what depends on it may use them. Like every resource it is made once: a
 * preview and an unchanged stack do not wait, and a new assignment among the others is waited for again.
 *
 * It holds the assignments' ids in the stack's state, so that a run which was interrupted meanwhile waits again. The wait itself is a hook of
 * Pulumi's engine, which the program's process runs: https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
 */
export function settled(parent: pulumi.Resource, name: string, assignments: readonly pulumi.CustomResource[]): pulumi.Resource {
  return new pulumi.Stash(
    `${name}-settled`,
    { input: pulumi.all(assignments.map(({ id }) => id)) },
    { parent, hooks: { afterCreate: [waitForNew], afterUpdate: [waitForNew] } },
  );
}

/** Waits where there is an assignment that was not there before. */
export async function waitForNew({ newInputs, oldInputs }: Told): Promise<void> {
  const before = new Set(idsIn(oldInputs));
  if (idsIn(newInputs).some((id) => !before.has(id))) await settling.sleep(settlingSeconds);
}

function idsIn(inputs: Told["newInputs"]): readonly unknown[] {
  const ids: unknown = inputs?.["input"];
  return Array.isArray(ids) ? ids : [];
}
