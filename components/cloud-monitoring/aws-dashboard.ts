import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { zoneLetter } from "../naming";
import { alarmStatus, graph, layOut, line, queryLine, type DashboardBody } from "./aws-widgets";
import { backupMetric, controlPlaneMetric, loadBalancerMetric, natMetric, nodeMetric, targetsQuery, volumeQueueQuery } from "./aws-metrics";

export interface DashboardArgs {
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly autoScalingGroups: readonly pulumi.Output<string>[];
  readonly natGatewayIds: readonly pulumi.Output<string>[];
  readonly backupVaultName: pulumi.Output<string>;
  /** The load balancer, as its metrics name it: `app/NAME/ID`. */
  readonly loadBalancer: pulumi.Output<string>;
  readonly alarmArns: readonly pulumi.Output<string>[];
}

/** What the dashboard shows, from the users inwards: one row to a layer, the alarms above all. */
export function dashboardBody(args: DashboardArgs): DashboardBody {
  const { natGatewayIds } = args;
  return layOut([
    { title: "Alarms", widgets: [alarmStatus(args.alarmArns)] },
    { title: "Load balancer", widgets: loadBalancerGraphs(args) },
    { title: "Nodes and volumes", widgets: nodeGraphs(args) },
    { title: "Kubernetes API", widgets: controlPlaneGraphs(args) },
    ...(natGatewayIds.length === 0 ? [] : [{ title: "NAT gateways", widgets: natGraphs(args) }]),
    { title: "Backups", widgets: backupGraphs(args) },
  ]);
}

function loadBalancerGraphs({ region, loadBalancer }: DashboardArgs) {
  const metric = (name: Parameters<typeof loadBalancerMetric>[1], label: string, stat?: string) =>
    line(loadBalancerMetric(loadBalancer, name), label, stat);
  return [
    graph({ title: "Requests", region, stat: "Sum", lines: [metric("RequestCount", "Requests")] }),
    graph({
      title: "Errors",
      region,
      stat: "Sum",
      lines: [
        metric("HTTPCode_ELB_5XX_Count", "5xx of the load balancer"),
        metric("HTTPCode_Target_5XX_Count", "5xx of the chat"),
        metric("HTTPCode_Target_4XX_Count", "4xx of the chat"),
      ],
    }),
    graph({
      title: "Seconds to an answer",
      region,
      stat: "p50",
      lines: ["p50", "p95", "p99"].map((stat) => metric("TargetResponseTime", stat, stat)),
    }),
    graph({
      title: "Targets",
      region,
      stat: "Maximum",
      lines: [
        queryLine("healthy", targetsQuery(loadBalancer, "HealthyHostCount"), "Healthy"),
        queryLine("unhealthy", targetsQuery(loadBalancer, "UnHealthyHostCount"), "Unhealthy"),
      ],
    }),
  ];
}

function nodeGraphs({ region, autoScalingGroups }: DashboardArgs) {
  const byGroup = (name: Parameters<typeof nodeMetric>[1]) => autoScalingGroups.map((group) => line(nodeMetric(group, name), group));
  return [
    graph({ title: "CPU in %", region, stat: "Average", lines: byGroup("CPUUtilization") }),
    // Each node reports its check once a minute.
    graph({ title: "Nodes", region, stat: "SampleCount", period: 60, lines: byGroup("StatusCheckFailed") }),
    graph({
      title: "Failed status checks, of nodes and of their volumes",
      region,
      stat: "Maximum",
      lines: [...byGroup("StatusCheckFailed"), ...byGroup("StatusCheckFailed_AttachedEBS")],
    }),
    graph({
      title: "Longest queue of a volume, of the whole account",
      region,
      stat: "Maximum",
      lines: [queryLine("queue", volumeQueueQuery, "Waiting requests")],
    }),
  ];
}

function controlPlaneGraphs({ region, clusterName }: DashboardArgs) {
  const metric = (name: Parameters<typeof controlPlaneMetric>[1], label: string) => line(controlPlaneMetric(clusterName, name), label);
  return [
    graph({
      title: "Requests",
      region,
      stat: "Sum",
      lines: [
        metric("apiserver_request_total", "All"),
        metric("apiserver_request_total_429", "Turned away (429)"),
        metric("apiserver_request_total_5XX", "Failed (5xx)"),
      ],
    }),
    graph({
      title: "Seconds to an answer (GET, p99)",
      region,
      stat: "Average",
      lines: [metric("apiserver_request_duration_seconds_GET_P99", "GET")],
    }),
    graph({
      title: "Pods that fit nowhere",
      region,
      stat: "Sum",
      period: 60,
      lines: [metric("scheduler_pending_pods_UNSCHEDULABLE", "Unschedulable")],
    }),
    graph({ title: "Size of etcd in bytes", region, stat: "Maximum", lines: [metric("apiserver_storage_size_bytes", "Size")] }),
  ];
}

function natGraphs({ region, natGatewayIds }: DashboardArgs) {
  const byZone = (name: Parameters<typeof natMetric>[1], what: string) =>
    natGatewayIds.map((id, zone) => line(natMetric(id, name), `${zoneLetter(zone)}: ${what}`));
  return [
    graph({
      title: "Bytes",
      region,
      stat: "Sum",
      lines: [...byZone("BytesOutToDestination", "out"), ...byZone("BytesInFromDestination", "in")],
    }),
    graph({
      title: "Lost",
      region,
      stat: "Sum",
      lines: [...byZone("ErrorPortAllocation", "connections without a port"), ...byZone("PacketsDropCount", "packets")],
    }),
  ];
}

function backupGraphs({ region, backupVaultName }: DashboardArgs) {
  const jobs = (kind: "Backup" | "Copy" | "Restore") => [
    line(backupMetric(backupVaultName, `NumberOf${kind}JobsCompleted`), "Completed"),
    line(backupMetric(backupVaultName, `NumberOf${kind}JobsFailed`), "Failed"),
  ];
  return [
    graph({
      title: "Backups",
      region,
      stat: "Sum",
      period: 3600,
      lines: [...jobs("Backup"), line(backupMetric(backupVaultName, "NumberOfBackupJobsExpired"), "Never started")],
    }),
    graph({ title: "Copies", region, stat: "Sum", period: 3600, lines: jobs("Copy") }),
    graph({ title: "Restores and restore tests", region, stat: "Sum", period: 3600, lines: jobs("Restore") }),
  ];
}

/** Consoles by partition: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const consoles: Readonly<Record<string, string>> = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
};

/** Where a browser finds a dashboard; in a partition whose console nobody has named here, its name alone. */
export function dashboardAddress(parent: pulumi.Resource, region: string, name: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.all([aws.getPartitionOutput({}, { parent }).partition, name]).apply(([partition, dashboard]) => {
    const host = consoles[partition];
    return host === undefined ? dashboard : `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard}`;
  });
}
