import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import {
  backupMetric,
  controlPlaneMetric,
  loadBalancerMetric,
  natMetric,
  nodeMetric,
  targetsQuery,
  volumeQueueQuery,
  type Metric,
} from "./aws-metrics";

/** An alarm, as AWS takes it; whom it tells is the same for all. */
export interface Alarm extends Omit<aws.cloudwatch.MetricAlarmArgs, "name" | "alarmActions" | "okActions" | "tags"> {
  /** What it is called after the stack. */
  readonly suffix: string;
  /** What it means, and what to do first. */
  readonly alarmDescription: string;
  /** Missing data is what most metrics of AWS say when nothing happened: where it means trouble, the alarm says `breaching`. */
  readonly treatMissingData: "notBreaching" | "breaching";
}

const minutes = (count: number): number => 60 * count;
const hours = (count: number): number => 3600 * count;

const above = { comparisonOperator: "GreaterThanThreshold" } as const;
const atLeast = { comparisonOperator: "GreaterThanOrEqualToThreshold" } as const;
const below = { comparisonOperator: "LessThanThreshold" } as const;
/** No data: no requests, no nodes, no failures. */
const quietIsFine = { treatMissingData: "notBreaching" } as const;
const quietIsTrouble = { treatMissingData: "breaching" } as const;

/** A query over many metrics. AWS reads its last three hours only: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html */
const query = (expression: pulumi.Input<string>, period: number, label: string): Pick<Alarm, "metricQueries"> => ({
  metricQueries: [{ id: "query", expression, period, label, returnData: true }],
});

/** The largest of several metrics, ten at most: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
const largest = (metrics: readonly Metric[], stat: string, period: number, label: string): Pick<Alarm, "metricQueries"> => ({
  metricQueries: [
    { id: "largest", expression: `MAX([${metrics.map((_, index) => `m${index}`).join(", ")}])`, label, returnData: true },
    ...metrics.map((metric, index) => ({ id: `m${index}`, metric: { ...metric, stat, period }, returnData: false })),
  ],
});

export function loadBalancerAlarms(loadBalancer: pulumi.Output<string>): Alarm[] {
  return [
    {
      suffix: "alb-5xx",
      alarmDescription:
        "The load balancer itself answers with errors (502, 503, 504): no pod takes its requests, or none answers in time. Look at the pods of the chat and at the healthy targets on the dashboard.",
      ...loadBalancerMetric(loadBalancer, "HTTPCode_ELB_5XX_Count"),
      statistic: "Sum",
      period: minutes(5),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 10,
      ...above,
      ...quietIsFine,
    },
    {
      suffix: "alb-target-5xx",
      alarmDescription:
        "The chat answers requests with errors of its own. Look at the logs of its pods, and at the database: a replica set without a primary looks like this.",
      ...loadBalancerMetric(loadBalancer, "HTTPCode_Target_5XX_Count"),
      statistic: "Sum",
      period: minutes(5),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 10,
      ...above,
      ...quietIsFine,
    },
    {
      suffix: "alb-latency",
      alarmDescription:
        "One request in twenty waits more than two seconds for the chat. Look at the CPU of nodes and pods and at slow operations of the database.",
      ...loadBalancerMetric(loadBalancer, "TargetResponseTime"),
      extendedStatistic: "p95",
      // With a handful of requests the slowest of them is the percentile, and a single upload at night would be an alarm.
      evaluateLowSampleCountPercentiles: "ignore",
      period: minutes(5),
      evaluationPeriods: 3,
      threshold: 2,
      ...above,
      ...quietIsFine,
    },
    {
      suffix: "alb-unhealthy-targets",
      alarmDescription:
        "A pod of the chat has failed the load balancer's health check for ten minutes, and gets no requests. Look at the pod's events, its log, and /api/info on its port.",
      ...query(targetsQuery(loadBalancer, "UnHealthyHostCount"), minutes(1), "Unhealthy targets"),
      evaluationPeriods: 10,
      threshold: 1,
      ...atLeast,
      ...quietIsFine,
    },
    {
      suffix: "alb-no-healthy-target",
      alarmDescription:
        "No pod of the chat is healthy for the load balancer: the chat is down for everyone. Look at its pods first, then at the database, then at the AWS Load Balancer Controller, which registers them.",
      ...query(targetsQuery(loadBalancer, "HealthyHostCount"), minutes(1), "Healthy targets"),
      evaluationPeriods: 3,
      threshold: 1,
      ...below,
      // AWS counts targets only while some are registered.
      ...quietIsTrouble,
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: 15 },
    },
  ];
}

export function nodeAlarms(groups: readonly pulumi.Output<string>[]): Alarm[] {
  const worst = (metricName: Parameters<typeof nodeMetric>[1], stat: string, period: number, label: string) =>
    largest(
      groups.map((group) => nodeMetric(group, metricName)),
      stat,
      period,
      label,
    );
  return [
    {
      suffix: "node-status",
      alarmDescription:
        "A node has failed AWS's status checks for five minutes. EKS repairs it by itself; if it is still there after half an hour, drain it and terminate the instance.",
      ...worst("StatusCheckFailed", "Maximum", minutes(1), "Failed status checks"),
      evaluationPeriods: 5,
      threshold: 1,
      ...atLeast,
      ...quietIsFine,
    },
    {
      suffix: "node-volumes",
      alarmDescription:
        "A volume of a node completes no operations. If the database is on that node it has lost a member: check rs.status(), then drain the node and terminate the instance, so that the volume is attached elsewhere in its zone.",
      ...worst("StatusCheckFailed_AttachedEBS", "Maximum", minutes(1), "Failed checks of attached volumes"),
      evaluationPeriods: 5,
      threshold: 1,
      ...atLeast,
      ...quietIsFine,
    },
    {
      suffix: "node-cpu",
      alarmDescription:
        "The nodes of a group have used more than 85 % of their processors for a quarter of an hour. Burstable sizes now cost more or slow down: see which pods use it, and raise the maximum of nodes or their size.",
      ...worst("CPUUtilization", "Average", minutes(5), "CPU of the busiest group"),
      evaluationPeriods: 3,
      threshold: 85,
      ...above,
      ...quietIsFine,
    },
  ];
}

export function natAlarms(natGatewayIds: readonly pulumi.Output<string>[]): Alarm[] {
  return natGatewayIds.map((id, zone) => ({
    suffix: `nat-${zoneLetter(zone)}-ports`,
    alarmDescription:
      "A NAT gateway has run out of ports to one destination, and connections fail. Find the pod that opens thousands of connections to one address; calls to S3 belong on the gateway endpoint.",
    ...natMetric(id, "ErrorPortAllocation"),
    statistic: "Sum",
    period: minutes(5),
    evaluationPeriods: 1,
    threshold: 0,
    ...above,
    ...quietIsFine,
  }));
}

export function volumeAlarms(): Alarm[] {
  return [
    {
      suffix: "volume-queue",
      alarmDescription:
        "A volume of this account and region, perhaps not of this stack, has had more than 32 requests waiting for a quarter of an hour: it stands still, or is asked for more than it was made for. Find it by VolumeQueueLength in CloudWatch; if it is the database's, look at its IOPS and throughput.",
      ...query(volumeQueueQuery, minutes(5), "Longest queue of a volume"),
      evaluationPeriods: 3,
      threshold: 32,
      ...above,
      ...quietIsFine,
    },
  ];
}

export function controlPlaneAlarms(clusterName: pulumi.Output<string>): Alarm[] {
  return [
    {
      suffix: "api-5xx",
      alarmDescription:
        "The Kubernetes API answers with errors. What runs goes on, but nothing is scheduled, scaled or healed. See which requests fail in the control plane's log group; webhooks that do not answer are the usual cause.",
      ...controlPlaneMetric(clusterName, "apiserver_request_total_5XX"),
      statistic: "Sum",
      period: minutes(5),
      evaluationPeriods: 3,
      threshold: 50,
      ...above,
      ...quietIsFine,
    },
    {
      suffix: "pods-unschedulable",
      alarmDescription:
        "A pod has fitted on no node for a quarter of an hour, longer than a new node takes. Its events say why: the maximum of nodes is reached, its zone has no room for its volume, or AWS has no machines of this size.",
      ...controlPlaneMetric(clusterName, "scheduler_pending_pods_UNSCHEDULABLE"),
      statistic: "Sum",
      period: minutes(1),
      evaluationPeriods: 15,
      threshold: 1,
      ...atLeast,
      ...quietIsFine,
    },
  ];
}

/**
 * Failed jobs, by AWS Backup's own counts, and the silence when no job succeeds: what was never started, because no volume bears the tag or the
 * role is gone, fails nowhere. Not by EventBridge, which promises its best effort only and cannot use the topic's key: its requests to KMS do
 * not carry `aws:SourceAccount`. https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-backup.html
 */
export function backupAlarms(vaultName: pulumi.Output<string>): Alarm[] {
  const failed = (suffix: string, metricName: Parameters<typeof backupMetric>[1], alarmDescription: string): Alarm => ({
    suffix,
    alarmDescription,
    ...backupMetric(vaultName, metricName),
    statistic: "Sum",
    period: hours(1),
    evaluationPeriods: 1,
    threshold: 1,
    ...atLeast,
    ...quietIsFine,
  });
  return [
    failed(
      "backup-failed",
      "NumberOfBackupJobsFailed",
      "A backup of a volume has failed. The job's message in AWS Backup says why: a volume that was just deleted is harmless, the role or a key is not. A backup by hand closes the gap.",
    ),
    failed(
      "backup-expired",
      "NumberOfBackupJobsExpired",
      "A backup of a volume did not start within its hour and was given up. Once is AWS being busy; if it comes again, look for a backup of the same volume that does not end.",
    ),
    failed(
      "backup-copy-failed",
      "NumberOfCopyJobsFailed",
      "A daily backup was not copied to the second region. The job's message says why: the key of the copies' vault first. The backup itself is there.",
    ),
    failed(
      "backup-restore-failed",
      "NumberOfRestoreJobsFailed",
      "A volume could not be restored from a backup, in the weekly test or by hand. Treat it as if there were no backups until a restore by hand has worked.",
    ),
    {
      suffix: "backup-missing",
      alarmDescription:
        "No backup of a volume has been completed for four hours, though one is due every hour. Check that the volumes bear the tag of the backup's selection, and that the plan, its role and the keys are there.",
      ...backupMetric(vaultName, "NumberOfBackupJobsCompleted"),
      statistic: "Sum",
      // Two hours may lie between two sound backups, and a day is the most that alarms with shorter periods may look back:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
      period: hours(1),
      evaluationPeriods: 4,
      threshold: 1,
      ...below,
      ...quietIsTrouble,
      // A new stack has no volume to back up yet.
      warmUpConfiguration: { warmUpPeriodDurationInMinutes: 360 },
    },
  ];
}
