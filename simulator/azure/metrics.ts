/** What Azure measures, by kind of resource: how the values of each metric may be taken together, and by what they can be told apart. */
interface MetricDefinition {
  readonly aggregations: readonly string[];
  readonly dimensions: readonly string[];
}

const average = ["Average"];
const total = ["Total"];
const averageOrTotal = ["Total", "Average"];
const averageOrMaximum = ["Maximum", "Average"];
const backend = ["BackendServer", "BackendPool", "BackendHttpSetting"];
const ofNode = ["node", "nodepool"];
const ofRequest = ["GeoType", "ApiName", "Authentication"];

const measured = (aggregations: readonly string[], dimensions: readonly string[] = []): MetricDefinition => ({ aggregations, dimensions });

const definitions: Readonly<Record<string, Readonly<Record<string, MetricDefinition>>>> = {
  // https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-containerservice-managedclusters-metrics
  "microsoft.containerservice/managedclusters": {
    apiserver_cpu_usage_percentage: measured(averageOrMaximum),
    apiserver_memory_usage_percentage: measured(averageOrMaximum),
    cluster_autoscaler_unschedulable_pods_count: measured(averageOrTotal),
    etcd_database_usage_percentage: measured(averageOrMaximum),
    kube_node_status_condition: measured(averageOrTotal, ["condition", "node", "status", "status2"]),
    kube_pod_status_phase: measured(averageOrTotal, ["namespace", "phase", "pod"]),
    node_cpu_usage_percentage: measured(averageOrMaximum, ofNode),
    node_disk_usage_percentage: measured(averageOrMaximum, [...ofNode, "device"]),
    node_memory_working_set_percentage: measured(averageOrMaximum, ofNode),
  },
  // https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-applicationgateways-metrics
  "microsoft.network/applicationgateways": {
    BackendFirstByteResponseTime: measured(averageOrMaximum, ["Listener", ...backend]),
    BackendResponseStatus: measured(total, [...backend, "HttpStatusGroup"]),
    CapacityUnits: measured(average),
    HealthyHostCount: measured(average, ["BackendSettingsPool"]),
    ResponseStatus: measured(total, ["HttpStatusGroup"]),
    TotalRequests: measured(total, ["BackendSettingsPool"]),
    UnhealthyHostCount: measured(average, ["BackendSettingsPool"]),
    WebSocketActiveConnections: measured(total),
  },
  // https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-network-natgateways-metrics
  "microsoft.network/natgateways": {
    ByteCount: measured(total, ["Protocol", "Direction"]),
    DatapathAvailability: measured(average),
    PacketDropCount: measured(total),
    SNATConnectionCount: measured(total, ["Protocol", "ConnectionState"]),
  },
  // https://learn.microsoft.com/azure/azure-monitor/reference/supported-metrics/microsoft-storage-storageaccounts-metrics
  "microsoft.storage/storageaccounts": {
    Availability: measured(["Average", "Minimum", "Maximum"], ofRequest),
    SuccessE2ELatency: measured(["Average", "Minimum", "Maximum"], ofRequest),
    UsedCapacity: measured(average),
  },
};

/** Who asks for a metric, and how. */
export interface MetricRequest {
  readonly resourceId: unknown;
  readonly namespace: unknown;
  readonly name: unknown;
  readonly aggregation: unknown;
  readonly dimensions: readonly unknown[];
}

/**
 * Why nothing would ever come of asking for a metric. Azure itself says nothing of it: an alert on a metric, an aggregation or a dimension that is
 * not there is taken, and never raised.
 */
export function metricProblem({ resourceId, namespace, name, aggregation, dimensions }: MetricRequest): string | undefined {
  if (typeof resourceId !== "string" || typeof namespace !== "string" || typeof name !== "string") return undefined;
  const kind = namespace.toLowerCase();
  if (resourceId.startsWith("/") && !resourceId.toLowerCase().includes(`/providers/${kind}/`)) return `${resourceId} is no ${namespace}`;
  const definition = definitions[kind]?.[name];
  if (definition === undefined) return `${namespace} has no metric ${name}`;
  if (!definition.aggregations.includes(String(aggregation))) return `${name} has no ${String(aggregation)}`;
  const strange = dimensions
    .map((dimension) => JSON.stringify(dimension))
    .find((text) => !definition.dimensions.some((known) => JSON.stringify(known) === text));
  return strange === undefined ? undefined : `${name} has no dimension ${strange}`;
}
