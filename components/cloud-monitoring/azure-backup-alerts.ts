import * as alertsmanagement from "@pulumi/azure-native/alertsmanagement";
import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface BackupAlertsArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly workspaceId: pulumi.Input<string>;
  readonly backupVaultId: pulumi.Output<string>;
  readonly actionGroupId: pulumi.Output<string>;
  readonly tags: Tags;
}

/**
 * Completed backups. The table is not there before its first record, hence the empty one beside it; a backup that left something out counts.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/addonazurebackupjobs
 */
const completedBackups = `union isfuzzy=true (datatable(TimeGenerated: datetime, JobOperation: string, JobStatus: string)[]), AddonAzureBackupJobs
| where JobOperation endswith "Backup" and JobOperation !startswith "Configure"
| where JobStatus startswith "Completed"`;

/**
 * Tells of backups that fail and of their silence. Azure Backup counts nothing of AKS in its metrics, so not by those:
 * https://learn.microsoft.com/azure/backup/metrics-overview#supported-scenarios
 *
 * Failed backups and restores, and deleted ones, are alerts that the vault raises by itself; here they are sent on.
 * https://learn.microsoft.com/azure/backup/backup-azure-monitoring-alerts
 */
export function createBackupAlerts(parent: pulumi.Resource, name: string, args: BackupAlertsArgs): void {
  const { resourceGroupName, region, clusterName, workspaceId, backupVaultId, actionGroupId, tags } = args;
  new alertsmanagement.AlertProcessingRuleByName(
    `${name}-backup-alerts`,
    {
      resourceGroupName,
      location: "Global",
      properties: {
        description: "Sends on what the backup vault raises: backups and restores that fail, backups that somebody deletes.",
        enabled: true,
        scopes: [backupVaultId],
        actions: [{ actionType: "AddActionGroups", actionGroupIds: [actionGroupId] }],
      },
      tags,
    },
    { parent },
  );
  new monitor.ScheduledQueryRule(
    `${name}-backup-missing`,
    {
      resourceGroupName,
      location: region,
      ruleName: pulumi.interpolate`${clusterName}-backup-missing`,
      kind: "LogAlert",
      description:
        "No backup of the volumes has been completed for twelve hours, though one is due every four; a new stack says so until its first. Look at the backup instance's state and jobs in the vault, then at the pods in dataprotection-microsoft. If the workspace has reached its daily cap, it only did not hear of it.",
      severity: 1,
      enabled: true,
      autoMitigate: true,
      scopes: [workspaceId],
      evaluationFrequency: "PT1H",
      // Two windows without one.
      windowSize: "PT6H",
      criteria: {
        allOf: [
          {
            query: completedBackups,
            timeAggregation: "Count",
            operator: "LessThan",
            threshold: 1,
            failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 2 },
          },
        ],
      },
      skipQueryValidation: true,
      actions: { actionGroups: [actionGroupId] },
      tags,
    },
    { parent },
  );
}
