import type * as pulumi from "@pulumi/pulumi";

/** The metrics of Azure that alerts and dashboard read, each in one place. All of them are free, and need no agent. */

/** How the values of a period become one. */
export type Aggregation = "Average" | "Maximum" | "Total";

/** A metric of one resource. */
export interface Metric {
  readonly resourceId: pulumi.Input<string>;
  readonly metricNamespace: string;
  readonly metricName: string;
  readonly aggregation: Aggregation;
  /** Which of its series: those of these values, or with `*` every one by itself. */
  readonly dimension?: { readonly name: string; readonly values: readonly string[] };
}

type Dimension = Metric["dimension"];

const metric = (
  resourceId: pulumi.Input<string>,
  metricNamespace: string,
  metricName: string,
  aggregation: Aggregation,
  dimension: Dimension,
): Metric => ({ resourceId, metricNamespace, metricName, aggregation, ...(dimension === undefined ? {} : { dimension }) });

/** https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-applicationgateways-metrics */
export const gatewayMetric = (
  gatewayId: pulumi.Input<string>,
  metricName:
    | "BackendFirstByteResponseTime"
    | "BackendResponseStatus"
    | "HealthyHostCount"
    | "ResponseStatus"
    | "TotalRequests"
    | "UnhealthyHostCount"
    | "WebSocketActiveConnections",
  aggregation: Aggregation,
  dimension?: Dimension,
): Metric => metric(gatewayId, "Microsoft.Network/applicationGateways", metricName, aggregation, dimension);

/** https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerservice-managedclusters-metrics */
export const clusterMetric = (
  clusterId: pulumi.Input<string>,
  metricName:
    | "apiserver_cpu_usage_percentage"
    | "apiserver_memory_usage_percentage"
    | "cluster_autoscaler_unschedulable_pods_count"
    | "etcd_database_usage_percentage"
    | "kube_node_status_condition"
    | "kube_pod_status_phase"
    | "node_cpu_usage_percentage"
    | "node_disk_usage_percentage"
    | "node_memory_working_set_percentage",
  aggregation: Aggregation,
  dimension?: Dimension,
): Metric => metric(clusterId, "Microsoft.ContainerService/managedClusters", metricName, aggregation, dimension);

/** https://learn.microsoft.com/azure/nat-gateway/nat-metrics */
export const natMetric = (
  natGatewayId: pulumi.Input<string>,
  metricName: "ByteCount" | "DatapathAvailability" | "PacketDropCount" | "SNATConnectionCount",
  aggregation: Aggregation,
  dimension?: Dimension,
): Metric => metric(natGatewayId, "Microsoft.Network/natGateways", metricName, aggregation, dimension);

/** https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics */
export const storageMetric = (
  accountId: pulumi.Input<string>,
  metricName: "Availability" | "UsedCapacity",
  aggregation: Aggregation,
): Metric => metric(accountId, "Microsoft.Storage/storageAccounts", metricName, aggregation, undefined);

/** Every value of a dimension, each by itself. */
export const each = (name: string): Dimension => ({ name, values: ["*"] });
