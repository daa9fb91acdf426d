import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import {
  controlPlaneAlerts,
  gatewayAlerts,
  natAlerts,
  nodeAlerts,
  storageAlerts,
  type Alert,
} from "../../../components/cloud-monitoring/azure-alerts";

const all = [
  ...gatewayAlerts(pulumi.output("gateway")),
  ...nodeAlerts(pulumi.output("cluster")),
  ...controlPlaneAlerts(pulumi.output("cluster")),
  ...natAlerts(pulumi.output("nat")),
  ...storageAlerts({ uploads: { account: pulumi.output("uploads"), blobService: pulumi.output("blobs") } }),
];

/** An alert with every value known. */
const known = (alert: Alert): Promise<Record<string, unknown>> =>
  new Promise((resolve) => void pulumi.output(alert).apply((value) => resolve(value as Record<string, unknown>)));

const above = (threshold: number) => ({ operator: "GreaterThan", threshold });
const below = (threshold: number) => ({ operator: "LessThan", threshold });
const atOnce = { windowSize: "PT5M", evaluationFrequency: "PT1M" };
const overQuarterHour = { windowSize: "PT15M", evaluationFrequency: "PT5M" };
const overHalfHour = { windowSize: "PT30M", evaluationFrequency: "PT5M" };

type Dimension = readonly [name: string, value: string, ...more: string[]];
const measured = (resourceId: string, metricNamespace: string) => (metricName: string, aggregation: string, dimension?: Dimension) => ({
  metric: {
    resourceId,
    metricNamespace,
    metricName,
    aggregation,
    ...(dimension === undefined ? {} : { dimension: { name: dimension[0], values: dimension.slice(1) } }),
  },
});
const ofGateway = measured("gateway", "Microsoft.Network/applicationGateways");
const ofCluster = measured("cluster", "Microsoft.ContainerService/managedClusters");
const ofNat = measured("nat", "Microsoft.Network/natGateways");
const ofUploads = measured("uploads", "Microsoft.Storage/storageAccounts");

/** Every alert but its description. */
const expected: Readonly<Record<string, unknown>> = {
  "gateway-no-backend": { severity: 0, ...ofGateway("UnhealthyHostCount", "Average"), ...above(0.5), ...atOnce },
  "gateway-5xx": {
    severity: 1,
    ...ofGateway("ResponseStatus", "Total", ["HttpStatusGroup", "5xx"]),
    ...above(30),
    ...overQuarterHour,
  },
  "chat-5xx": {
    severity: 1,
    ...ofGateway("BackendResponseStatus", "Total", ["HttpStatusGroup", "5xx"]),
    ...above(30),
    ...overQuarterHour,
  },
  "chat-latency": { severity: 2, ...ofGateway("BackendFirstByteResponseTime", "Average"), ...above(2000), ...overQuarterHour },
  "node-not-ready": {
    severity: 1,
    ...ofCluster("kube_node_status_condition", "Average", ["status2", "NotReady"]),
    ...above(0.5),
    ...atOnce,
  },
  "node-cpu": {
    severity: 2,
    ...ofCluster("node_cpu_usage_percentage", "Average", ["nodepool", "*"]),
    ...above(85),
    ...overQuarterHour,
  },
  "node-memory": {
    severity: 2,
    ...ofCluster("node_memory_working_set_percentage", "Average", ["node", "*"]),
    ...above(90),
    ...overQuarterHour,
  },
  "node-disk": {
    severity: 2,
    ...ofCluster("node_disk_usage_percentage", "Maximum", ["node", "*"]),
    ...above(80),
    ...overQuarterHour,
  },
  "api-cpu": { severity: 1, ...ofCluster("apiserver_cpu_usage_percentage", "Average"), ...above(90), ...overQuarterHour },
  "api-memory": { severity: 1, ...ofCluster("apiserver_memory_usage_percentage", "Average"), ...above(90), ...overQuarterHour },
  "etcd-size": { severity: 1, ...ofCluster("etcd_database_usage_percentage", "Maximum"), ...above(75), ...overQuarterHour },
  "pods-pending": {
    severity: 2,
    ...ofCluster("kube_pod_status_phase", "Total", ["phase", "Pending", "Unknown"]),
    ...above(20),
    ...overHalfHour,
  },
  "nat-ports": { severity: 2, ...ofNat("SNATConnectionCount", "Total", ["ConnectionState", "Failed"]), ...above(0), ...atOnce },
  "nat-down": { severity: 1, ...ofNat("DatapathAvailability", "Average"), ...below(90), ...overQuarterHour },
  "store-uploads": { severity: 1, ...ofUploads("Availability", "Average"), ...below(90), ...overQuarterHour },
};

describe("the alerts on Azure", () => {
  it("are these", () => {
    expect(all.map(({ suffix }) => suffix).sort()).to.deep.equal(Object.keys(expected).sort());
  });

  for (const alert of all) {
    it(`ring when they should: ${alert.suffix}`, async () => {
      const { suffix, description, ...rest } = await known(alert);
      expect(rest).to.deep.equal(expected[String(suffix)]);
      // A mail says what happened and what to do: at least two sentences.
      expect(String(description).length).to.be.within(80, 1024);
      expect(description).to.match(/[.:] .+\.$/);
    });
  }
});
