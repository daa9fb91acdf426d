import * as portal from "@pulumi/azure-native/portal";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import type { StorageAccounts } from "./azure-alerts";
import { clusterMetric, each, gatewayMetric, natMetric, storageMetric } from "./azure-metrics";
import { chart, layOut, text, type Line, type Row } from "./azure-tiles";

export interface DashboardArgs {
  readonly gatewayId: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  /** None where the network is not the stack's. */
  readonly natGatewayId: pulumi.Output<string> | undefined;
  /** At least one. */
  readonly storageAccounts: StorageAccounts;
  readonly backupVaultId: pulumi.Output<string>;
}

/** What the dashboard shows, from the users inwards: one row to a layer. */
export function dashboardRows(args: DashboardArgs): Row[] {
  return [
    { title: "Gateway", tiles: gatewayTiles(args) },
    { title: "Nodes", tiles: nodeTiles(args) },
    { title: "Kubernetes", tiles: controlPlaneTiles(args) },
    ...(args.natGatewayId === undefined ? [] : [{ title: "NAT gateway", tiles: natTiles(args.natGatewayId) }]),
    { title: "Stores and backups", tiles: storeTiles(args) },
  ];
}

function gatewayTiles({ gatewayId }: DashboardArgs) {
  const failed = { name: "HttpStatusGroup", values: ["5xx"] };
  return [
    chart("Requests and WebSockets", [
      { metric: gatewayMetric(gatewayId, "TotalRequests", "Total"), label: "Requests" },
      { metric: gatewayMetric(gatewayId, "WebSocketActiveConnections", "Total"), label: "WebSockets" },
    ]),
    chart("Errors (5xx)", [
      { metric: gatewayMetric(gatewayId, "ResponseStatus", "Total", failed), label: "All that users get" },
      { metric: gatewayMetric(gatewayId, "BackendResponseStatus", "Total", failed), label: "Of the chat" },
    ]),
    chart("Milliseconds to the chat's first byte", [
      { metric: gatewayMetric(gatewayId, "BackendFirstByteResponseTime", "Average"), label: "Average" },
    ]),
    chart("Backends", [
      { metric: gatewayMetric(gatewayId, "HealthyHostCount", "Average"), label: "Healthy" },
      { metric: gatewayMetric(gatewayId, "UnhealthyHostCount", "Average"), label: "Unhealthy" },
    ]),
  ];
}

function nodeTiles({ clusterId }: DashboardArgs) {
  return [
    chart("CPU in %, by pool", [
      { metric: clusterMetric(clusterId, "node_cpu_usage_percentage", "Average", each("nodepool")), label: "CPU" },
    ]),
    chart("Memory in %, by node", [
      { metric: clusterMetric(clusterId, "node_memory_working_set_percentage", "Average", each("node")), label: "Memory" },
    ]),
    chart("Fullest disk in %, by node", [
      { metric: clusterMetric(clusterId, "node_disk_usage_percentage", "Maximum", each("node")), label: "Disk" },
    ]),
  ];
}

function controlPlaneTiles({ clusterId }: DashboardArgs) {
  return [
    chart("Control plane in %", [
      { metric: clusterMetric(clusterId, "apiserver_cpu_usage_percentage", "Average"), label: "CPU of the API server" },
      { metric: clusterMetric(clusterId, "apiserver_memory_usage_percentage", "Average"), label: "Memory of the API server" },
      { metric: clusterMetric(clusterId, "etcd_database_usage_percentage", "Maximum"), label: "Size of etcd" },
    ]),
    chart("Pods, by phase", [{ metric: clusterMetric(clusterId, "kube_pod_status_phase", "Total", each("phase")), label: "Pods" }]),
    chart("Pods that fit nowhere", [
      { metric: clusterMetric(clusterId, "cluster_autoscaler_unschedulable_pods_count", "Average"), label: "Unschedulable" },
    ]),
  ];
}

function natTiles(natGatewayId: pulumi.Output<string>) {
  return [
    chart("Connections, by state", [
      { metric: natMetric(natGatewayId, "SNATConnectionCount", "Total", each("ConnectionState")), label: "Connections" },
    ]),
    chart("Bytes, by direction", [{ metric: natMetric(natGatewayId, "ByteCount", "Total", each("Direction")), label: "Bytes" }]),
    chart("Lost packets", [{ metric: natMetric(natGatewayId, "PacketDropCount", "Total"), label: "Packets" }]),
  ];
}

function storeTiles({ storageAccounts, backupVaultId }: DashboardArgs) {
  const byAccount = (metricName: Parameters<typeof storageMetric>[1]): [Line, ...Line[]] => {
    const [first, ...more] = Object.entries(storageAccounts).map(([purpose, { account }]) => ({
      metric: storageMetric(account, metricName, "Average"),
      label: purpose,
    }));
    if (first === undefined) throw new TypeError("a dashboard needs a storage account");
    return [first, ...more];
  };
  return [
    chart("Availability of stores in %", byAccount("Availability")),
    chart("Bytes stored", byAccount("UsedCapacity")),
    text(
      pulumi.interpolate`Azure Backup has no metrics of AKS. Jobs and backups of the volumes are [in the vault](#resource${backupVaultId}/backupJobs); alerts say when one fails or none comes.`,
    ),
  ];
}

/** Portals by the beginning of a region's name; the public one serves all others: https://learn.microsoft.com/azure/azure-government/documentation-government-developer-guide */
const portals: Readonly<Record<string, string>> = { usgov: "portal.azure.us", usdod: "portal.azure.us", china: "portal.azure.cn" };

export interface DashboardResourceArgs extends DashboardArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly tags: Tags;
}

/** @returns where a browser finds it */
export function createDashboard(parent: pulumi.Resource, name: string, args: DashboardResourceArgs): pulumi.Output<string> {
  const { resourceGroupName, region, clusterName, tags } = args;
  const dashboard = new portal.Dashboard(
    `${name}-dashboard`,
    {
      resourceGroupName,
      location: region,
      properties: {
        lenses: [{ order: 0, parts: layOut(dashboardRows(args)) }],
        metadata: {
          model: {
            timeRange: {
              value: { relative: { duration: 12, timeUnit: 1 } },
              type: "MsPortalFx.Composition.Configuration.ValueTypes.TimeRange",
            },
          },
        },
      },
      // What the portal calls it.
      tags: { ...tags, "hidden-title": clusterName },
    },
    { parent },
  );
  const host = Object.entries(portals).find(([prefix]) => region.startsWith(prefix))?.[1] ?? "portal.azure.com";
  return pulumi.interpolate`https://${host}/#dashboard/arm${dashboard.id}`;
}
