import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { controlPlaneAlerts, gatewayAlerts, natAlerts, nodeAlerts, storageAlerts, type Alert, type StorageAccounts } from "./azure-alerts";
import { createBackupAlerts } from "./azure-backup-alerts";
import { createBudget, type Budget } from "./azure-budget";
import { createContainerInsights } from "./azure-container-insights";
import { createDashboard } from "./azure-dashboard";
import { logCategories, sendLogs } from "./azure-diagnostics";
import { CloudMonitoring } from "./index";

export interface AzureCloudMonitoringArgs {
  /** Group that alerts and dashboard lie in. */
  readonly resourceGroup: { readonly name: pulumi.Output<string>; readonly id: pulumi.Output<string> };
  readonly region: string;
  /** Workspace that logs go to. */
  readonly workspaceId: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;
  /** Whether inventory and metrics of every pod go to the workspace too; the cluster needs its add-on `omsagent` for it. */
  readonly containerInsights: boolean;
  readonly gatewayId: pulumi.Output<string>;
  /** None where the network is not the stack's. */
  readonly natGatewayId: pulumi.Output<string> | undefined;
  /** Key Vault that holds the certificate. It may be others' too: who reads it for whatever purpose is then in this stack's logs. */
  readonly keyVaultId: pulumi.Input<string>;
  /** Storage accounts by their purpose, at least one. */
  readonly storageAccounts: StorageAccounts;
  /** The backup vault; it sends its logs to the workspace itself. */
  readonly backupVaultId: pulumi.Output<string>;
  /** Who is told. */
  readonly email: string;
  /** What the stack may cost; left out there is no budget. */
  readonly budget?: Budget | undefined;
  readonly tags: Tags;
}

/**
 * Logs of everything that the stack is made of, alerts that mail whoever is named, a dashboard, and a budget if wanted.
 *
 * The gateway is there long before the chat behind it, and would be called unhealthy until then: its alerts come when the chat is published.
 */
export class AzureCloudMonitoring extends CloudMonitoring {
  readonly dashboard: pulumi.Output<string>;
  /** Id of the action group that all alerts go to. */
  readonly actionGroupId: pulumi.Output<string>;
  /** What it made below the resources that it watches: a lock on one of them covers it. */
  readonly diagnostics: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    private readonly args: AzureCloudMonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:CloudMonitoring", name, {}, opts);
    const { resourceGroup, clusterId, natGatewayId, storageAccounts } = args;
    const own = { ...args, resourceGroupName: resourceGroup.name };
    this.diagnostics = this.createDiagnostics();
    if (args.containerInsights) createContainerInsights(this, name, own);
    this.actionGroupId = this.createActionGroup();
    this.createAlerts([
      ...nodeAlerts(clusterId),
      ...controlPlaneAlerts(clusterId),
      ...(natGatewayId === undefined ? [] : natAlerts(natGatewayId)),
      ...storageAlerts(storageAccounts),
    ]);
    createBackupAlerts(this, name, { ...own, actionGroupId: this.actionGroupId });
    createBudget(this, name, { ...args, resourceGroupId: resourceGroup.id });
    this.dashboard = createDashboard(this, name, own);
    this.registerOutputs({ dashboard: this.dashboard, actionGroupId: this.actionGroupId });
  }

  override watchLoadBalancer(address: pulumi.Output<string>): void {
    // Of the address, although it says nothing of it: before there is one, nobody answers the gateway.
    this.createAlerts(gatewayAlerts(pulumi.all([this.args.gatewayId, address]).apply(([gatewayId]) => gatewayId)));
  }

  private createDiagnostics(): pulumi.Resource[] {
    const { clusterId, gatewayId, keyVaultId, storageAccounts, workspaceId, tags } = this.args;
    const send = (what: string, resourceId: pulumi.Input<string>, categories: readonly string[]): pulumi.Resource =>
      sendLogs(this, `${this.name}-${what}-logs`, { resourceId, workspaceId, categories, tags });
    return [
      send("cluster", clusterId, logCategories.cluster),
      send("gateway", gatewayId, logCategories.gateway),
      send("vault", keyVaultId, logCategories.keyVault),
      // The account has no logs of its own; its services have.
      ...Object.entries(storageAccounts).map(([purpose, { blobService }]) => send(`store-${purpose}`, blobService, logCategories.blobs)),
    ];
  }

  private createActionGroup(): pulumi.Output<string> {
    const { resourceGroup, email, tags } = this.args;
    const group = new monitor.ActionGroup(
      `${this.name}-alerts`,
      {
        resourceGroupName: resourceGroup.name,
        location: "Global",
        enabled: true,
        // The mails' sender; Azure takes twelve characters.
        groupShortName: (tags["stack"] ?? this.name).slice(0, 12),
        emailReceivers: [{ name: "operators", emailAddress: email, useCommonAlertSchema: true }],
        tags,
      },
      { parent: this },
    );
    return group.id;
  }

  private createAlerts(alerts: readonly Alert[]): void {
    const { resourceGroup, clusterName, tags } = this.args;
    for (const { suffix, metric, operator, threshold, ...alert } of alerts) {
      const { resourceId, metricNamespace, metricName, aggregation, dimension } = metric;
      new monitor.MetricAlert(
        `${this.name}-${suffix}`,
        {
          ...alert,
          resourceGroupName: resourceGroup.name,
          location: "global",
          // It is what the mail's subject says, so it names the stack's cluster.
          ruleName: pulumi.interpolate`${clusterName}-${suffix}`,
          enabled: true,
          autoMitigate: true,
          scopes: [resourceId],
          criteria: {
            odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            allOf: [
              {
                criterionType: "StaticThresholdCriterion",
                name: suffix,
                metricNamespace,
                metricName,
                timeAggregation: aggregation,
                operator,
                threshold,
                dimensions: dimension === undefined ? [] : [{ name: dimension.name, operator: "Include", values: [...dimension.values] }],
              },
            ],
          },
          actions: [{ actionGroupId: this.actionGroupId }],
          tags,
        },
        { parent: this },
      );
    }
  }
}
