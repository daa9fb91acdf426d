import type * as aws from "@pulumi/aws";

import type { Tags } from "../tags";

export interface RetentionArgs {
  readonly hourlyRetentionHours: number;
  readonly dailyRetentionDays: number;
}

/** How long backups are kept, in days as AWS counts: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
export function retention({ hourlyRetentionHours, dailyRetentionDays }: RetentionArgs): {
  readonly hourlyDays: number;
  readonly dailyDays: number;
  readonly shortestDays: number;
} {
  const hourlyDays = Math.ceil(hourlyRetentionHours / 24);
  return { hourlyDays, dailyDays: dailyRetentionDays, shortestDays: Math.min(hourlyDays, dailyRetentionDays) };
}

export interface PlanRulesArgs extends RetentionArgs {
  readonly vault: aws.backup.Vault;
  /** Vault in a second region; left out there are no copies. */
  readonly copyVault: aws.backup.Vault | undefined;
  readonly tags: Tags;
}

/** AWS's shortest, in minutes. A job that has not started by then is given up: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html */
const startWindow = 60;

/** The rules of the plan: one backup an hour, AWS's finest, and one a day at a time when no hourly one is due to start. All times are UTC. */
export function planRules(args: PlanRulesArgs): aws.types.input.backup.PlanRule[] {
  const { hourlyDays, dailyDays } = retention(args);
  const shared = { targetVaultName: args.vault.name, startWindow, recoveryPointTags: args.tags };
  const lifecycle = { deleteAfter: dailyDays };
  return [
    { ...shared, ruleName: "hourly", schedule: "cron(0 * * * ? *)", lifecycle: { deleteAfter: hourlyDays } },
    {
      ...shared,
      ruleName: "daily",
      schedule: "cron(30 2 * * ? *)",
      lifecycle,
      ...(args.copyVault === undefined ? {} : { copyActions: [{ destinationVaultArn: args.copyVault.arn, lifecycle }] }),
    },
  ];
}
