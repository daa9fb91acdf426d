import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export type VaultLock = "none" | "governance" | "compliance";

/** AWS takes nothing shorter: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
const complianceGraceDays = 3;

export interface VaultArgs {
  readonly kmsKeyArn: pulumi.Input<string>;
  /** By default the provider makes one. */
  readonly vaultName?: pulumi.Input<string>;
  /** By default the stack's. */
  readonly region?: string;
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * A vault. Unless data may go it refuses to be deleted, and stays when the stack is destroyed; where it may, it goes with everything in it
 * (which AWS only does if an `up` has said so before the `destroy`).
 */
export function createVault(parent: pulumi.Resource, name: string, args: VaultArgs): aws.backup.Vault {
  const { kmsKeyArn, vaultName, region, protect, tags } = args;
  return new aws.backup.Vault(
    name,
    {
      ...(vaultName === undefined ? {} : { name: vaultName }),
      ...(region === undefined ? {} : { region }),
      kmsKeyArn,
      forceDestroy: !protect,
      tags: { ...tags, Name: name },
    },
    { parent, protect, retainOnDelete: protect },
  );
}

export interface VaultLockArgs {
  readonly vault: aws.backup.Vault;
  readonly mode: VaultLock;
  /** Retention of the backup that is kept shortest, in days. AWS fails every job whose backup would be kept shorter than the lock says. */
  readonly shortestRetentionDays: number;
  /** By default the stack's. */
  readonly region?: string;
  readonly protect: boolean;
}

/** Locks a vault, if wanted: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html */
export function lockVault(parent: pulumi.Resource, name: string, args: VaultLockArgs): void {
  if (args.mode === "none") return;
  new aws.backup.VaultLockConfiguration(
    name,
    {
      backupVaultName: args.vault.name,
      ...(args.region === undefined ? {} : { region: args.region }),
      minRetentionDays: args.shortestRetentionDays,
      ...(args.mode === "compliance" ? { changeableForDays: complianceGraceDays } : {}),
    },
    { parent, retainOnDelete: args.protect },
  );
}
