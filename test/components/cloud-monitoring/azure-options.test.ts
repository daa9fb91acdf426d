import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { AzureCloudMonitoringArgs } from "../../../components/cloud-monitoring/azure";
import { region, tags } from "../../support/azure";
import {
  alertType,
  azureMonitoring,
  beforehand,
  build,
  clusterId,
  contentsOfMonitoring,
  group,
  settingType,
  subscription,
  workspaceId,
} from "../../support/azure-monitoring";
import { contents, named, ofType, simulateComponent } from "../../support/simulated";

describe("monitoring on Azure", () => {
  it("has everything but the gateway's alerts before the chat is published", async () => {
    expect(contents(await build({}, false), "monitoring")).to.deep.equal({ ...contentsOfMonitoring, [alertType]: beforehand });
  });

  it("watches no NAT gateway where the network is not the stack's", async () => {
    const graph = await build({ natGatewayId: undefined });
    expect(contents(graph, "monitoring")).to.deep.equal({
      ...contentsOfMonitoring,
      [alertType]: contentsOfMonitoring[alertType].filter((name) => !name.includes("-nat-")),
    });
    expect(JSON.stringify(named(graph, "monitoring-dashboard").inputs)).to.not.include("natGateways");
  });

  it("collects inventory and metrics of every pod where that is wanted, and no logs, which the cluster keeps", async () => {
    const graph = await build({ containerInsights: true, clusterName: pulumi.output("c".repeat(63)) });
    expect(contents(graph, "monitoring")).to.deep.equal({
      ...contentsOfMonitoring,
      "azure-native:monitor:DataCollectionRule": ["monitoring-container-insights"],
      "azure-native:monitor:DataCollectionRuleAssociation": ["monitoring-container-insights-cluster"],
    });
    const streams = [
      "Microsoft-ContainerInventory",
      "Microsoft-ContainerNodeInventory",
      "Microsoft-InsightsMetrics",
      "Microsoft-KubeEvents",
      "Microsoft-KubeNodeInventory",
      "Microsoft-KubePVInventory",
      "Microsoft-KubePodInventory",
      "Microsoft-KubeServices",
      "Microsoft-Perf",
    ];
    const dataCollectionRuleName = `MSCI-eastus-${"c".repeat(52)}`;
    expect(dataCollectionRuleName).to.have.lengthOf(64);
    expect(named(graph, "monitoring-container-insights").inputs).to.deep.equal({
      resourceGroupName: "acme",
      location: region,
      dataCollectionRuleName,
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: "ContainerInsightsExtension",
            extensionName: "ContainerInsights",
            streams,
            extensionSettings: { dataCollectionSettings: { interval: "1m", namespaceFilteringMode: "Off", enableContainerLogV2: true } },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: "workspace", workspaceResourceId: workspaceId }] },
      dataFlows: [{ streams, destinations: ["workspace"] }],
      tags,
    });
    expect(named(graph, "monitoring-container-insights-cluster").inputs).to.deep.equal({
      associationName: "ContainerInsightsExtension",
      resourceUri: clusterId,
      dataCollectionRuleId: `${group}/providers/Microsoft.Insights/dataCollectionRules/${dataCollectionRuleName}`,
    });
  });

  it("mails of the cost of the stack's own groups, from a month on that no later run moves", async () => {
    const graph = await build({ budget: { amount: 400, firstMonth: "2026-12", resourceGroups: ["acme", pulumi.output("nodes")] } });
    expect(contents(graph, "monitoring")).to.deep.equal({
      ...contentsOfMonitoring,
      "azure-native:consumption:Budget": ["monitoring-budget"],
    });
    const tell = { enabled: true, operator: "GreaterThan", contactEmails: ["ops@acme.io"] };
    const budget = named(graph, "monitoring-budget");
    expect(budget.inputs).to.deep.equal({
      scope: subscription,
      category: "Cost",
      amount: 400,
      timeGrain: "Monthly",
      timePeriod: { startDate: "2026-12-01T00:00:00Z" },
      filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: ["acme", "nodes"] } },
      notifications: {
        actual: { ...tell, thresholdType: "Actual", threshold: 80 },
        forecast: { ...tell, thresholdType: "Forecasted", threshold: 100 },
      },
    });
    expect(budget.ignoreChanges).to.deep.equal(["timePeriod"]);
  });

  it("links to the portal of its own cloud", async () => {
    const hostIn = async (where: string): Promise<string> =>
      new URL(String(named(await build({ region: where }), "monitoring").outputs["dashboard"])).host;
    expect(await hostIn("usgovvirginia")).to.equal("portal.azure.us");
    expect(await hostIn("usdodeast")).to.equal("portal.azure.us");
    expect(await hostIn("chinanorth3")).to.equal("portal.azure.cn");
    expect(await hostIn("uksouth")).to.equal("portal.azure.com");
  });

  it("signs mails with what Azure takes of the stack's name", async () => {
    const shortName = async (own: AzureCloudMonitoringArgs["tags"]): Promise<unknown> =>
      named(await build({ tags: own }), "monitoring-alerts").inputs["groupShortName"];
    expect(await shortName({ ...tags, stack: "azure-production" })).to.equal("azure-produc");
    expect(await shortName({})).to.equal("monitoring");
  });

  it("says what it made below others' resources, for whoever locks them", async () => {
    let made: readonly pulumi.Resource[] = [];
    const graph = await simulateComponent(() => {
      made = azureMonitoring().diagnostics;
    });
    const urns = await Promise.all(made.map(({ urn }) => new Promise<string>((resolve) => void urn.apply(resolve))));
    expect(urns.sort()).to.deep.equal(ofType(graph, settingType).map(({ urn }) => urn));
  });
});
