import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createVault, lockVault, type VaultLock } from "./aws-vault";

export interface CopyVaultArgs {
  /** Second region; left out there is no vault. */
  readonly region: string | undefined;
  /**
   * Name of the first vault. The copies' has the same, since AWS counts copies under the name of the vault that they go to: one set of alarms
   * then hears of both. https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
   */
  readonly vaultName: pulumi.Input<string>;
  /** How long copies are kept, in days. */
  readonly dailyRetentionDays: number;
  readonly vaultLock: VaultLock;
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * The vault in a second region, by the resources' own `region` and without a second provider. A key works in one region only, and copies are
 * encrypted with the key of the vault that they go to, so it has one of its own: without it they are lost.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
 *
 * The key has AWS's default policy, which leaves it to the account's IAM policies.
 */
export function createCopyVault(parent: pulumi.Resource, name: string, args: CopyVaultArgs): aws.backup.Vault | undefined {
  const { region, vaultName, dailyRetentionDays, vaultLock, protect, tags } = args;
  if (region === undefined) return undefined;
  const key = new aws.kms.Key(
    `${name}-copies-key`,
    {
      region,
      description: `Copies of the backups of ${tags["project"] ?? ""} ${tags["stack"] ?? ""}`.trim(),
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { ...tags, Name: `${name}-copies-key` },
    },
    { parent, protect, retainOnDelete: protect },
  );
  const vault = createVault(parent, `${name}-copies-vault`, { kmsKeyArn: key.arn, vaultName, region, protect, tags });
  lockVault(parent, `${name}-copies-lock`, { vault, mode: vaultLock, shortestRetentionDays: dailyRetentionDays, region, protect });
  return vault;
}
