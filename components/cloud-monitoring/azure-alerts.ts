import type * as pulumi from "@pulumi/pulumi";

import { clusterMetric, each, gatewayMetric, natMetric, storageMetric, type Metric } from "./azure-metrics";

/** An alert on a metric. Where there is no data, Azure raises none. */
export interface Alert {
  /** What it is called after the cluster. */
  readonly suffix: string;
  /** What it means, and what to do first. */
  readonly description: string;
  /** 0: the chat is down. 1: it will be, or data is in danger. 2: something is about to become tight. */
  readonly severity: 0 | 1 | 2;
  readonly metric: Metric;
  readonly operator: "GreaterThan" | "GreaterThanOrEqual" | "LessThan";
  readonly threshold: number;
  /** How far back it looks each time, and how often: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#metric-alerts */
  readonly windowSize: "PT5M" | "PT15M" | "PT30M";
  readonly evaluationFrequency: "PT1M" | "PT5M";
}

/** Storage accounts by their purpose, in a word: the id of each, and of its blob service. */
export type StorageAccounts = Readonly<
  Record<string, { readonly account: pulumi.Output<string>; readonly blobService: pulumi.Output<string> }>
>;

const above = (threshold: number) => ({ operator: "GreaterThan", threshold }) as const;
const below = (threshold: number) => ({ operator: "LessThan", threshold }) as const;
const atOnce = { windowSize: "PT5M", evaluationFrequency: "PT1M" } as const;
const overQuarterHour = { windowSize: "PT15M", evaluationFrequency: "PT5M" } as const;
const overHalfHour = { windowSize: "PT30M", evaluationFrequency: "PT5M" } as const;

const failed = { name: "HttpStatusGroup", values: ["5xx"] };

export function gatewayAlerts(gatewayId: pulumi.Output<string>): Alert[] {
  return [
    {
      suffix: "gateway-no-backend",
      description:
        "The gateway's only backend, the internal address of the chat, fails its health check: the chat is down for everyone. Look at the pods of the chat first, then at the database, then at the events of the Service with that address.",
      severity: 0,
      metric: gatewayMetric(gatewayId, "UnhealthyHostCount", "Average"),
      // For most of five minutes.
      ...above(0.5),
      ...atOnce,
    },
    {
      suffix: "gateway-5xx",
      description:
        "Users get errors. If the chat's own (`chat-5xx`) are as many, they come from there; if not, the gateway makes them (502, 504): no pod takes its requests, or none answers in time. Look at the pods of the chat and at the gateway's backend health.",
      severity: 1,
      metric: gatewayMetric(gatewayId, "ResponseStatus", "Total", failed),
      ...above(30),
      ...overQuarterHour,
    },
    {
      suffix: "chat-5xx",
      description:
        "The chat answers requests with errors of its own. Look at the logs of its pods, and at the database: a replica set without a primary looks like this.",
      severity: 1,
      metric: gatewayMetric(gatewayId, "BackendResponseStatus", "Total", failed),
      ...above(30),
      ...overQuarterHour,
    },
    {
      suffix: "chat-latency",
      description:
        "The chat takes more than two seconds on average before it begins to answer. Look at the CPU of nodes and pods and at slow operations of the database; a few large uploads at a quiet hour look the same and are harmless.",
      severity: 2,
      // Not the last byte: that of a WebSocket is the end of its connection.
      metric: gatewayMetric(gatewayId, "BackendFirstByteResponseTime", "Average"),
      ...above(2000),
      ...overQuarterHour,
    },
  ];
}

export function nodeAlerts(clusterId: pulumi.Output<string>): Alert[] {
  return [
    {
      suffix: "node-not-ready",
      description:
        "A node has not been ready for most of five minutes. AKS repairs it by itself; if it is still there after half an hour, drain it and delete its machine. If the database has a member on it, check rs.status() first.",
      severity: 1,
      metric: clusterMetric(clusterId, "kube_node_status_condition", "Average", { name: "status2", values: ["NotReady"] }),
      ...above(0.5),
      ...atOnce,
    },
    {
      suffix: "node-cpu",
      description:
        "The nodes of a pool have used more than 85 % of their processors for a quarter of an hour. Burstable sizes live on their credits now and then slow down to a fifth: see which pods use it, and raise the maximum of nodes or their size.",
      severity: 2,
      metric: clusterMetric(clusterId, "node_cpu_usage_percentage", "Average", each("nodepool")),
      ...above(85),
      ...overQuarterHour,
    },
    {
      suffix: "node-memory",
      description:
        "A node has used more than 90 % of the memory that pods may have for a quarter of an hour; a little more and Kubernetes evicts some. See which pods use it, and raise the maximum of nodes or their size.",
      severity: 2,
      metric: clusterMetric(clusterId, "node_memory_working_set_percentage", "Average", each("node")),
      ...above(90),
      ...overQuarterHour,
    },
    {
      suffix: "node-disk",
      description:
        "A disk of a node is fuller than 80 %. On the node's own, Kubernetes deletes images and then evicts pods: drain the node and delete its machine. On a volume's, enlarge its claim.",
      severity: 2,
      metric: clusterMetric(clusterId, "node_disk_usage_percentage", "Maximum", each("node")),
      ...above(80),
      ...overQuarterHour,
    },
  ];
}

export function controlPlaneAlerts(clusterId: pulumi.Output<string>): Alert[] {
  return [
    {
      suffix: "api-cpu",
      description:
        "The Kubernetes API server has used more than 90 % of its processors for a quarter of an hour. What runs goes on, but little is scheduled, scaled or healed. Look for a controller that asks too often, in the control plane's audit log.",
      severity: 1,
      metric: clusterMetric(clusterId, "apiserver_cpu_usage_percentage", "Average"),
      ...above(90),
      ...overQuarterHour,
    },
    {
      suffix: "api-memory",
      description:
        "The Kubernetes API server has used more than 90 % of its memory for a quarter of an hour, and restarts when it has used it all. Look for clients that list everything, and for objects in great number, such as Events or old ReplicaSets.",
      severity: 1,
      metric: clusterMetric(clusterId, "apiserver_memory_usage_percentage", "Average"),
      ...above(90),
      ...overQuarterHour,
    },
    {
      suffix: "etcd-size",
      description:
        "The database of the Kubernetes API is fuller than 75 %. When it is full the API takes no changes at all. Delete objects that nobody needs: old backup resources, Events, ReplicaSets, large ConfigMaps.",
      severity: 1,
      metric: clusterMetric(clusterId, "etcd_database_usage_percentage", "Maximum"),
      ...above(75),
      ...overQuarterHour,
    },
    {
      suffix: "pods-pending",
      description:
        "A pod has not started for twenty minutes, longer than a new node takes. Its events say why: its image cannot be pulled, the maximum of nodes is reached, its zone has no room for its volume, or Azure has no machines of this size.",
      severity: 2,
      metric: clusterMetric(clusterId, "kube_pod_status_phase", "Total", { name: "phase", values: ["Pending", "Unknown"] }),
      // Each such pod counts once a minute.
      ...above(20),
      ...overHalfHour,
    },
  ];
}

/** https://learn.microsoft.com/azure/nat-gateway/nat-metrics#how-to-use-nat-gateway-metrics */
export function natAlerts(natGatewayId: pulumi.Output<string>): Alert[] {
  return [
    {
      suffix: "nat-ports",
      description:
        "Connections out of the cluster fail at the NAT gateway: it has run out of ports to one destination. Find the pod that opens thousands of connections to one address; calls to storage belong on the service endpoint.",
      severity: 2,
      metric: natMetric(natGatewayId, "SNATConnectionCount", "Total", { name: "ConnectionState", values: ["Failed"] }),
      ...above(0),
      ...atOnce,
    },
    {
      suffix: "nat-down",
      description:
        "The NAT gateway carries less than 90 % of what it should: nodes pull no images, and pods reach nothing outside. Look at Azure's service health for the region first; there is nothing to repair in the stack.",
      severity: 1,
      metric: natMetric(natGatewayId, "DatapathAvailability", "Average"),
      ...below(90),
      ...overQuarterHour,
    },
  ];
}

export function storageAlerts(accounts: StorageAccounts): Alert[] {
  return Object.entries(accounts).map(([purpose, { account }]) => ({
    suffix: `store-${purpose}`,
    description: `Azure itself fails more than one request in ten to the storage account for ${purpose}. Look at Azure's service health for the region first; requests that the account's firewall or roles turn away do not count here.`,
    severity: 1,
    metric: storageMetric(account, "Availability", "Average"),
    ...below(90),
    ...overQuarterHour,
  }));
}
