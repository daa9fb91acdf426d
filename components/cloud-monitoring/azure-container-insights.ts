import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface ContainerInsightsArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly region: string;
  readonly clusterId: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  readonly workspaceId: pulumi.Input<string>;
  readonly tags: Tags;
}

/** What Azure takes: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights */
const longestName = 64;

const destination = "workspace";

/**
 * Everything that the agent collects but the containers' logs, which the cluster's own log store has:
 * https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-data-collection-configure
 */
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

/**
 * What Container Insights collects, and where it goes. The agent is the cluster's add-on `omsagent`, which signs in as a managed identity and
 * collects nothing before it has such a rule: https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable
 */
export function createContainerInsights(parent: pulumi.Resource, name: string, args: ContainerInsightsArgs): void {
  const { resourceGroupName, region, clusterId, clusterName, workspaceId, tags } = args;
  const rule = new monitor.DataCollectionRule(
    `${name}-container-insights`,
    {
      resourceGroupName,
      location: region,
      // By this name the portal knows it.
      dataCollectionRuleName: clusterName.apply((cluster) => `MSCI-${region}-${cluster}`.slice(0, longestName)),
      kind: "Linux",
      dataSources: {
        extensions: [
          {
            name: "ContainerInsightsExtension",
            extensionName: "ContainerInsights",
            streams,
            extensionSettings: {
              dataCollectionSettings: { interval: "1m", namespaceFilteringMode: "Off", enableContainerLogV2: true },
            },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: destination, workspaceResourceId: workspaceId }] },
      dataFlows: [{ streams, destinations: [destination] }],
      tags,
    },
    { parent },
  );
  new monitor.DataCollectionRuleAssociation(
    `${name}-container-insights-cluster`,
    { associationName: "ContainerInsightsExtension", resourceUri: clusterId, dataCollectionRuleId: rule.id },
    { parent },
  );
}
