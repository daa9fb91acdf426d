import * as pulumi from "@pulumi/pulumi";

/** The metrics of AWS that alarms and dashboard read, each in one place. */

/** A metric of one thing. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
}

/** What an Application Load Balancer counts. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html */
export const loadBalancerMetric = (
  loadBalancer: pulumi.Input<string>,
  metricName: "RequestCount" | "HTTPCode_ELB_5XX_Count" | "HTTPCode_Target_5XX_Count" | "HTTPCode_Target_4XX_Count" | "TargetResponseTime",
): Metric => ({ namespace: "AWS/ApplicationELB", metricName, dimensions: { LoadBalancer: loadBalancer } });

/**
 * How many targets are healthy, or not, in the target group that has most of them. A query, since the controller replaces target groups and gives
 * each a new name: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */
export const targetsQuery = (
  loadBalancer: pulumi.Input<string>,
  metricName: "HealthyHostCount" | "UnHealthyHostCount",
): pulumi.Output<string> =>
  pulumi.interpolate`SELECT MAX(${metricName}) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${loadBalancer}'`;

/** Nodes of one group. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html */
export const nodeMetric = (
  group: pulumi.Input<string>,
  metricName: "CPUUtilization" | "StatusCheckFailed" | "StatusCheckFailed_AttachedEBS",
): Metric => ({ namespace: "AWS/EC2", metricName, dimensions: { AutoScalingGroupName: group } });

/** https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html */
export const natMetric = (
  natGatewayId: pulumi.Input<string>,
  metricName: "BytesOutToDestination" | "BytesInFromDestination" | "ErrorPortAllocation" | "PacketsDropCount",
): Metric => ({ namespace: "AWS/NATGateway", metricName, dimensions: { NatGatewayId: natGatewayId } });

/**
 * Requests that wait for a volume, of all volumes of the account in this region: those of the cluster come and go, and their ids are nobody's to
 * know. `VolumeStalledIOCheck` would say it better, but is not kept by volume alone: https://docs.aws.amazon.com/ebs/latest/userguide/using_cloudwatch_ebs.html
 */
export const volumeQueueQuery = 'SELECT MAX(VolumeQueueLength) FROM SCHEMA("AWS/EBS", VolumeId)';

/** Free with every cluster from 1.28 on, once a minute. https://docs.aws.amazon.com/eks/latest/userguide/cloudwatch.html */
export const controlPlaneMetric = (
  clusterName: pulumi.Input<string>,
  metricName:
    | "apiserver_request_total"
    | "apiserver_request_total_5XX"
    | "apiserver_request_total_429"
    | "apiserver_request_duration_seconds_GET_P99"
    | "apiserver_storage_size_bytes"
    | "scheduler_pending_pods_UNSCHEDULABLE",
): Metric => ({ namespace: "AWS/EKS", metricName, dimensions: { ClusterName: clusterName } });

/** Jobs of a vault; there is no data while there is nothing to count. https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html */
export const backupMetric = (
  vaultName: pulumi.Input<string>,
  metricName: `NumberOf${"Backup" | "Copy" | "Restore"}Jobs${"Completed" | "Failed"}` | "NumberOfBackupJobsExpired",
): Metric => ({ namespace: "AWS/Backup", metricName, dimensions: { BackupVaultName: vaultName } });
