import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

/** Backups of a stack's volumes, beside the database's own: what a restore needs to know of them. */
export abstract class Backup extends pulumi.ComponentResource {
  /** Name of the vault that holds the backups. */
  abstract readonly vault: pulumi.Output<string>;
}

/** A tag by which volumes are chosen for backup. */
export interface BackupTag {
  readonly key: string;
  readonly value: string;
}

/**
 * The tag that a volume of this stack carries to be backed up: whatever makes volumes puts it on them, and the backup looks for it. Its value
 * names the stack, so that two stacks of one account do not back up each other's volumes.
 *
 * @param tags the stack's own, as `stackTags` makes them
 */
export function backupTag(tags: Tags): BackupTag {
  const owner = [tags["project"], tags["stack"]].filter((part) => part !== undefined);
  return { key: "backup", value: owner.join("-") };
}
