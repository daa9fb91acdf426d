import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { dashboardBody } from "../../../components/cloud-monitoring/aws-dashboard";
import { graph, layOut, line, queryLine } from "../../../components/cloud-monitoring/aws-widgets";

interface Placed {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

const region = "eu-central-1";
const albId = "app/k8s-chat/0123456789abcdef";
const alarmArns = ["arn:1", "arn:2"];

/** The widgets as CloudWatch gets them. */
const widgetsFor = async (natGatewayIds: readonly string[]): Promise<readonly Placed[]> => {
  const body = dashboardBody({
    region,
    clusterName: pulumi.output("chat-prod"),
    autoScalingGroups: [pulumi.output("eks-a"), pulumi.output("eks-b")],
    natGatewayIds: natGatewayIds.map((id) => pulumi.output(id)),
    backupVaultName: pulumi.output("vault"),
    loadBalancer: pulumi.output(albId),
    alarmArns: alarmArns.map((arn) => pulumi.output(arn)),
  });
  const text = await new Promise<string>((resolve) => void pulumi.jsonStringify(body).apply(resolve));
  const { widgets, ...settings } = JSON.parse(text) as { widgets: Placed[] };
  expect(settings).to.deep.equal({ start: "-PT12H", periodOverride: "inherit" });
  return widgets;
};

const alb = (metric: string, settings: Record<string, unknown>) => ["AWS/ApplicationELB", metric, "LoadBalancer", albId, settings];
const node = (metric: string, group: string) => ["AWS/EC2", metric, "AutoScalingGroupName", group, { label: group }];
const nodes = (metric: string) => [node(metric, "eks-a"), node(metric, "eks-b")];
const nat = (metric: string, id: string, label: string) => ["AWS/NATGateway", metric, "NatGatewayId", id, { label }];
const api = (metric: string, label: string) => ["AWS/EKS", metric, "ClusterName", "chat-prod", { label }];
const jobs = (metric: string, label: string) => ["AWS/Backup", metric, "BackupVaultName", "vault", { label }];
const targets = (metric: string) =>
  `SELECT MAX(${metric}) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${albId}'`;

/** What every graph shows: title, how a period becomes a point, and the lines. */
const graphs = [
  ["Requests", "Sum", 300, [alb("RequestCount", { label: "Requests" })]],
  [
    "Errors",
    "Sum",
    300,
    [
      alb("HTTPCode_ELB_5XX_Count", { label: "5xx of the load balancer" }),
      alb("HTTPCode_Target_5XX_Count", { label: "5xx of the chat" }),
      alb("HTTPCode_Target_4XX_Count", { label: "4xx of the chat" }),
    ],
  ],
  ["Seconds to an answer", "p50", 300, ["p50", "p95", "p99"].map((stat) => alb("TargetResponseTime", { label: stat, stat }))],
  [
    "Targets",
    "Maximum",
    300,
    [
      [{ id: "healthy", expression: targets("HealthyHostCount"), label: "Healthy" }],
      [{ id: "unhealthy", expression: targets("UnHealthyHostCount"), label: "Unhealthy" }],
    ],
  ],
  ["CPU in %", "Average", 300, nodes("CPUUtilization")],
  ["Nodes", "SampleCount", 60, nodes("StatusCheckFailed")],
  [
    "Failed status checks, of nodes and of their volumes",
    "Maximum",
    300,
    [...nodes("StatusCheckFailed"), ...nodes("StatusCheckFailed_AttachedEBS")],
  ],
  [
    "Longest queue of a volume, of the whole account",
    "Maximum",
    300,
    [[{ id: "queue", expression: 'SELECT MAX(VolumeQueueLength) FROM SCHEMA("AWS/EBS", VolumeId)', label: "Waiting requests" }]],
  ],
  [
    "Requests",
    "Sum",
    300,
    [
      api("apiserver_request_total", "All"),
      api("apiserver_request_total_429", "Turned away (429)"),
      api("apiserver_request_total_5XX", "Failed (5xx)"),
    ],
  ],
  ["Seconds to an answer (GET, p99)", "Average", 300, [api("apiserver_request_duration_seconds_GET_P99", "GET")]],
  ["Pods that fit nowhere", "Sum", 60, [api("scheduler_pending_pods_UNSCHEDULABLE", "Unschedulable")]],
  ["Size of etcd in bytes", "Maximum", 300, [api("apiserver_storage_size_bytes", "Size")]],
  ["Bytes", "Sum", 300, [nat("BytesOutToDestination", "nat-1", "a: out"), nat("BytesInFromDestination", "nat-1", "a: in")]],
  [
    "Lost",
    "Sum",
    300,
    [nat("ErrorPortAllocation", "nat-1", "a: connections without a port"), nat("PacketsDropCount", "nat-1", "a: packets")],
  ],
  [
    "Backups",
    "Sum",
    3600,
    [
      jobs("NumberOfBackupJobsCompleted", "Completed"),
      jobs("NumberOfBackupJobsFailed", "Failed"),
      jobs("NumberOfBackupJobsExpired", "Never started"),
    ],
  ],
  ["Copies", "Sum", 3600, [jobs("NumberOfCopyJobsCompleted", "Completed"), jobs("NumberOfCopyJobsFailed", "Failed")]],
  [
    "Restores and restore tests",
    "Sum",
    3600,
    [jobs("NumberOfRestoreJobsCompleted", "Completed"), jobs("NumberOfRestoreJobsFailed", "Failed")],
  ],
] as const;

describe("the dashboard on AWS", () => {
  let widgets: readonly Placed[];
  before(async () => {
    widgets = await widgetsFor(["nat-1"]);
  });

  it("shows the alarms first, then each layer from the users inwards", () => {
    expect(widgets.filter(({ type }) => type === "text").map(({ properties }) => properties["markdown"])).to.deep.equal([
      "## Alarms",
      "## Load balancer",
      "## Nodes and volumes",
      "## Kubernetes API",
      "## NAT gateways",
      "## Backups",
    ]);
    expect(widgets.filter(({ type }) => type === "alarm")).to.deep.equal([
      { type: "alarm", x: 0, y: 1, width: 24, height: 6, properties: { sortBy: "stateUpdatedTimestamp", alarms: alarmArns } },
    ]);
  });

  it("draws what each title says", () => {
    expect(widgets.filter(({ type }) => type === "metric").map(({ properties }) => properties)).to.deep.equal(
      graphs.map(([title, stat, period, metrics]) => ({
        title,
        region,
        stat,
        period,
        view: "timeSeries",
        yAxis: { left: { min: 0, showUnits: false } },
        metrics,
      })),
    );
  });

  it("says nothing of NAT gateways where the network is not the stack's", async () => {
    const without = await widgetsFor([]);
    expect(without).to.have.lengthOf(widgets.length - 3);
    expect(JSON.stringify(without)).to.not.include("NAT");
  });

  it("lets no two widgets overlap, and leaves no row short", () => {
    const area = (placed: readonly Placed[]): number => placed.reduce((sum, { width, height }) => sum + width * height, 0);
    for (const a of widgets)
      for (const b of widgets)
        expect(a !== b && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).to.equal(false);
    expect(area(widgets)).to.equal(24 * Math.max(...widgets.map(({ y, height }) => y + height)));
  });
});

describe("the parts of a dashboard", () => {
  const metric = { namespace: "N", metricName: "M", dimensions: { B: "2", A: "1" } };

  it("share the width of their row", () => {
    const widget = graph({ title: "t", region, stat: "Sum", lines: [] });
    const { widgets } = layOut([
      { title: "one", widgets: [widget] },
      { title: "three", widgets: [widget, widget, widget] },
    ]);
    expect(widgets.map(({ x, y, width, height }) => [x, y, width, height])).to.deep.equal([
      [0, 0, 24, 1],
      [0, 1, 24, 6],
      [0, 7, 24, 1],
      [0, 8, 8, 6],
      [8, 8, 8, 6],
      [16, 8, 8, 6],
    ]);
  });

  it("name a metric with its dimensions, and a statistic of its own only where it has one", () => {
    expect(line(metric, "x")).to.deep.equal(["N", "M", "B", "2", "A", "1", { label: "x" }]);
    expect(line(metric, "x", "p99")).to.deep.equal(["N", "M", "B", "2", "A", "1", { label: "x", stat: "p99" }]);
    expect(queryLine("q", "SELECT", "x")).to.deep.equal([{ id: "q", expression: "SELECT", label: "x" }]);
  });
});
