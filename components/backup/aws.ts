import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createCopyVault } from "./aws-copies";
import { planRules, retention } from "./aws-rules";
import { createVault, lockVault, type VaultLock } from "./aws-vault";
import { Backup, type BackupTag } from "./index";

export interface AwsBackupArgs {
  /** Key of the vault. Backups of volumes stay under the volumes' own key: AWS does not use the vault's for EBS. */
  readonly vaultKeyArn: pulumi.Input<string>;
  /** Key of the volumes, under which a restore test makes them again. */
  readonly volumesKeyArn: pulumi.Input<string>;
  /** How long the hourly backups are kept, in hours. AWS counts in days, so it is rounded up to whole ones. */
  readonly hourlyRetentionHours: number;
  /** How long the daily backups and their copies are kept, in days. */
  readonly dailyRetentionDays: number;
  /** Second region that gets a copy of each daily backup; left out there are no copies. */
  readonly copyRegion?: string | undefined;
  /**
   * Whether backups refuse to be deleted before their time. `governance`: by all but those who may lift the lock. `compliance`: from three days
   * after the lock was set on by everyone, AWS included; neither the vault nor its bill goes away before the last backup has expired.
   */
  readonly vaultLock: VaultLock;
  /** Whether AWS restores every volume once a week to prove that it can; what it restored is deleted after an hour. */
  readonly restoreTests: boolean;
  /** Which volumes are backed up: `backupTag` of the stack's tags, the same that its volumes carry. */
  readonly selectionTag: BackupTag;
  /** Whether the vaults refuse to be deleted, and outlive the stack with everything that their backups need. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * Backups of the volumes by AWS Backup: every hour, and once a day with a longer retention and, if wanted, a copy in a second region.
 *
 * An hourly backup does not mean that at most an hour is lost. AWS has an hour to start a job, its shortest window, so that two backups can lie
 * almost two hours apart; each is consistent for its volume only. The hour that the architecture promises comes from the database's own
 * point-in-time backup: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
 *
 * The vaults have no access policy of their own. One that denies deletion to everyone either shuts out the operators too or is changed by
 * whoever wants to delete; the lock does the same and can be lifted in order.
 */
export class AwsBackup extends Backup {
  readonly vault: pulumi.Output<string>;
  /** Role for `aws backup start-restore-job`. */
  readonly restoreRoleArn: pulumi.Output<string>;

  private readonly partition: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: AwsBackupArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:Backup", name, {}, opts);
    const { tags, protect, vaultLock } = args;
    this.partition = aws.getPartitionOutput({}, { parent: this }).partition;
    const vault = createVault(this, `${name}-vault`, { kmsKeyArn: args.vaultKeyArn, tags, protect });
    lockVault(this, `${name}-lock`, { vault, mode: vaultLock, shortestRetentionDays: retention(args).shortestDays, protect });
    const plan = this.createPlan(vault, createCopyVault(this, name, { ...args, vaultName: vault.name, region: args.copyRegion }));
    this.createSelection(plan);
    const restoreRole = this.createRole("restore", "AWSBackupServiceRolePolicyForRestores", false);
    if (args.restoreTests) this.createRestoreTests(vault, restoreRole);

    this.vault = vault.name;
    this.restoreRoleArn = restoreRole.arn;
    this.registerOutputs({ vault: this.vault, restoreRoleArn: this.restoreRoleArn });
  }

  private createPlan(vault: aws.backup.Vault, copyVault: aws.backup.Vault | undefined): aws.backup.Plan {
    return new aws.backup.Plan(
      `${this.name}-plan`,
      { rules: planRules({ ...this.args, vault, copyVault }), tags: this.tagged("plan") },
      { parent: this },
    );
  }

  /**
   * Naming the kind of resource beside the tag makes AWS ignore whether the account has opted in to backups of volumes:
   * https://docs.aws.amazon.com/aws-backup/latest/devguide/working-with-supported-services.html
   */
  private createSelection(plan: aws.backup.Plan): void {
    const { selectionTag, protect } = this.args;
    // AWS deletes expired backups as the role that made them, also when the stack is gone:
    // https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-iam.html
    const role = this.createRole("backup", "AWSBackupServiceRolePolicyForBackup", protect);
    new aws.backup.Selection(
      `${this.name}-selection`,
      {
        planId: plan.id,
        iamRoleArn: role.arn,
        resources: [pulumi.interpolate`arn:${this.partition}:ec2:*:*:volume/*`],
        conditions: [{ stringEquals: [{ key: `aws:ResourceTag/${selectionTag.key}`, value: selectionTag.value }] }],
      },
      // AWS tries the role's permissions when it takes the selection.
      { parent: this, dependsOn: role.ready },
    );
  }

  /**
   * A role with AWS's own policy for the task. Backing up and restoring are two, so that neither may do the other's work. The policies cover
   * volumes under customer managed keys, through EC2: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
   *
   * The trust has no `aws:SourceAccount`: AWS documents it for the topics and keys that AWS Backup uses, not for its roles, and a role that
   * cannot be assumed is no backup. Whoever hands the role over needs `iam:PassRole` in this account.
   */
  private createRole(task: string, policy: string, retainOnDelete: boolean): { arn: pulumi.Output<string>; ready: pulumi.Resource[] } {
    const own = { parent: this, retainOnDelete };
    const role = new aws.iam.Role(
      `${this.name}-${task}-role`,
      {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
        tags: this.tagged(`${task}-role`),
      },
      own,
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      `${this.name}-${task}-policy`,
      { role: role.name, policyArn: pulumi.interpolate`arn:${this.partition}:iam::aws:policy/service-role/${policy}` },
      own,
    );
    return { arn: role.arn, ready: [attachment] };
  }

  /** https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html */
  private createRestoreTests(vault: aws.backup.Vault, role: { arn: pulumi.Output<string>; ready: pulumi.Resource[] }): void {
    const { selectionTag, volumesKeyArn } = this.args;
    const plan = new aws.backup.RestoreTestingPlan(
      `${this.name}-restore-tests`,
      {
        // Letters, digits and underscores only; the vault's name is unique, and as long as the plan's may be.
        name: vault.name.apply((name) => name.replaceAll("-", "_")),
        scheduleExpression: "cron(0 5 ? * SUN *)",
        recoveryPointSelection: {
          algorithm: "RANDOM_WITHIN_WINDOW",
          includeVaults: [vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 7,
        },
        tags: this.tagged("restore-tests"),
      },
      { parent: this },
    );
    new aws.backup.RestoreTestingSelection(
      `${this.name}-restore-test-volumes`,
      {
        name: "volumes",
        restoreTestingPlanName: plan.name,
        iamRoleArn: role.arn,
        protectedResourceType: "EBS",
        protectedResourceConditions: {
          stringEquals: [{ key: `aws:ResourceTag/${selectionTag.key}`, value: selectionTag.value }],
        },
        // AWS chooses a zone and encrypts of its own accord; with this key, as a real restore would.
        restoreMetadataOverrides: { kmsKeyId: volumesKeyArn },
        validationWindowHours: 1,
      },
      { parent: this, dependsOn: role.ready },
    );
  }

  private tagged(suffix: string): Record<string, string> {
    return { ...this.args.tags, Name: `${this.name}-${suffix}` };
  }
}
