import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { region, tags } from "../../support/azure";
import {
  accountId,
  actionGroupId,
  alertType,
  azureMonitoring,
  backupVaultId,
  beforehand,
  clusterId,
  contentsOfMonitoring,
  gatewayId,
  group,
  keyVaultId,
  natGatewayId,
  ofGateway,
  workspaceId,
} from "../../support/azure-monitoring";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`monitoring on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureMonitoring(), { preview, region });
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is logs, alerts with whom they tell, and a dashboard; and nothing else", () => {
      expect(contents(graph, "monitoring")).to.deep.equal(contentsOfMonitoring);
    });

    it("tells a mail address, in the one form that all alerts have", () => {
      expect(named(graph, "monitoring-alerts").inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: "Global",
        enabled: true,
        groupShortName: "test",
        emailReceivers: [{ name: "operators", emailAddress: "ops@acme.io", useCommonAlertSchema: true }],
        tags,
      });
    });

    it("has every alert in the form that Azure takes", () => {
      const { inputs } = named(graph, "monitoring-node-cpu");
      expect(inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: "global",
        ruleName: "chat-node-cpu",
        description: inputs["description"],
        severity: 2,
        enabled: true,
        autoMitigate: true,
        scopes: [clusterId],
        windowSize: "PT15M",
        evaluationFrequency: "PT5M",
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [
            {
              criterionType: "StaticThresholdCriterion",
              name: "node-cpu",
              metricNamespace: "Microsoft.ContainerService/managedClusters",
              metricName: "node_cpu_usage_percentage",
              timeAggregation: "Average",
              operator: "GreaterThan",
              threshold: 85,
              dimensions: [{ name: "nodepool", operator: "Include", values: ["*"] }],
            },
          ],
        },
        actions: [{ actionGroupId: later(actionGroupId(graph)) }],
        tags,
      });
      expect(inputs["description"]).to.match(/^The nodes of a pool/);
    });

    it("watches each resource by its own id, and tells the same people", () => {
      const scopes: Readonly<Record<string, unknown>> = {
        "gateway-no-backend": later(gatewayId),
        "api-cpu": clusterId,
        "nat-ports": natGatewayId,
        "store-uploads": accountId("uploads"),
        "store-backups": accountId("backups"),
      };
      for (const [suffix, scope] of Object.entries(scopes))
        expect(named(graph, `monitoring-${suffix}`).inputs["scopes"], suffix).to.deep.equal([scope]);
      for (const { name, inputs } of ofType(graph, alertType)) {
        expect(inputs["ruleName"], name).to.equal(`chat-${name.slice("monitoring-".length)}`);
        expect(inputs["actions"], name).to.deep.equal([{ actionGroupId: later(actionGroupId(graph)) }]);
      }
    });

    it("calls the gateway unhealthy only when the chat is published", () => {
      const chat = named(graph, "chat-service");
      for (const name of ofGateway) expect(waitedFor(graph, named(graph, name)), name).to.include("chat-service");
      for (const name of [...beforehand, "monitoring-dashboard", "monitoring-alerts"])
        expect(waitsFor(graph, named(graph, name), chat), name).to.equal(false);
    });

    it("logs what changes something, and names each setting for the stack", () => {
      const logged: Readonly<Record<string, readonly [string, readonly string[]]>> = {
        cluster: [
          clusterId,
          [
            "cloud-controller-manager",
            "cluster-autoscaler",
            "csi-azuredisk-controller",
            "guard",
            "kube-audit-admin",
            "kube-controller-manager",
            "kube-scheduler",
          ],
        ],
        gateway: [gatewayId, ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"]],
        vault: [keyVaultId, ["AuditEvent"]],
        "store-uploads": [`${accountId("uploads")}/blobServices/default`, ["StorageDelete", "StorageWrite"]],
        "store-backups": [`${accountId("backups")}/blobServices/default`, ["StorageDelete", "StorageWrite"]],
      };
      for (const [what, [resourceUri, categories]] of Object.entries(logged))
        expect(named(graph, `monitoring-${what}-logs`).inputs, what).to.deep.equal({
          name: "rocketchat-test",
          resourceUri,
          workspaceId,
          logAnalyticsDestinationType: "Dedicated",
          logs: categories.map((category) => ({ category, enabled: true })),
        });
    });

    it("sends on what the backup vault raises", () => {
      const { inputs } = named(graph, "monitoring-backup-alerts");
      const { description } = inputs["properties"] as Record<string, unknown>;
      // The SDK looks into it, and so knows nothing of it before it knows all.
      expect(inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: "Global",
        properties: later({
          description,
          enabled: true,
          scopes: [backupVaultId],
          actions: [{ actionType: "AddActionGroups", actionGroupIds: [actionGroupId(graph)] }],
        }),
        tags,
      });
    });

    it("notices twelve hours without a backup, also where there never was one", () => {
      const { inputs } = named(graph, "monitoring-backup-missing");
      expect(inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: region,
        ruleName: "chat-backup-missing",
        kind: "LogAlert",
        description: inputs["description"],
        severity: 1,
        enabled: true,
        autoMitigate: true,
        scopes: [workspaceId],
        evaluationFrequency: "PT1H",
        windowSize: "PT6H",
        criteria: {
          allOf: [
            {
              query: [
                "union isfuzzy=true (datatable(TimeGenerated: datetime, JobOperation: string, JobStatus: string)[]), AddonAzureBackupJobs",
                '| where JobOperation endswith "Backup" and JobOperation !startswith "Configure"',
                '| where JobStatus startswith "Completed"',
              ].join("\n"),
              timeAggregation: "Count",
              operator: "LessThan",
              threshold: 1,
              failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 2 },
            },
          ],
        },
        skipQueryValidation: true,
        actions: { actionGroups: [later(actionGroupId(graph))] },
        tags,
      });
      expect(inputs["description"]).to.match(/^No backup .* twelve hours.*\.$/);
    });

    it("has a dashboard of half a day, and says where it is", () => {
      const { inputs, outputs } = named(graph, "monitoring-dashboard");
      const { lenses } = inputs["properties"] as { lenses: unknown[] };
      expect(inputs).to.deep.equal({
        resourceGroupName: "acme",
        location: region,
        properties: {
          lenses,
          metadata: {
            model: {
              timeRange: {
                value: { relative: { duration: 12, timeUnit: 1 } },
                type: "MsPortalFx.Composition.Configuration.ValueTypes.TimeRange",
              },
            },
          },
        },
        tags: { ...tags, "hidden-title": "chat" },
      });
      expect(lenses).to.have.lengthOf(1);
      for (const id of [clusterId, gatewayId, natGatewayId, accountId("uploads"), accountId("backups"), backupVaultId])
        expect(JSON.stringify(lenses)).to.include(id);
      expect(named(graph, "monitoring").outputs).to.deep.equal({
        dashboard: later(
          `https://portal.azure.com/#dashboard/arm${group}/providers/Microsoft.Portal/dashboards/${String(outputs["name"])}`,
        ),
        actionGroupId: later(actionGroupId(graph)),
      });
    });
  });
}
