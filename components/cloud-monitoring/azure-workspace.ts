import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface AzureLogWorkspaceArgs {
  /** Name of the group that it lies in. */
  readonly resourceGroupName: pulumi.Input<string>;
  readonly region: string;
  /** How long logs are kept, in days. */
  readonly retentionDays: number;
  /** What it takes in a day, in GiB, before it drops the rest; left out there is no cap. */
  readonly dailyCapGiB?: number | undefined;
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** What Azure's own default is: https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap */
const noCap = -1;

/**
 * The Log Analytics workspace of a stack. It comes before the cluster, whose add-on for Container Insights names it; what watches the cluster
 * comes after.
 *
 * The provider makes up its name, and keeps it in the stack's state: Azure holds the name of a deleted workspace for 14 days and gives whoever
 * takes it the old one back, so that a stack that is made again needs another.
 * https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace
 */
export class AzureLogWorkspace extends pulumi.ComponentResource {
  /** Resource id. */
  readonly workspaceId: pulumi.Output<string>;

  constructor(name: string, args: AzureLogWorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("rocketchat:azure:LogWorkspace", name, {}, opts);
    const { resourceGroupName, region, retentionDays, dailyCapGiB, protect, tags } = args;
    const workspace = new operationalinsights.Workspace(
      `${name}-workspace`,
      {
        resourceGroupName,
        location: region,
        sku: { name: "PerGB2018" },
        retentionInDays: retentionDays,
        // Said also where there is none: a cap that is left out stays as it was.
        workspaceCapping: { dailyQuotaGb: dailyCapGiB ?? noCap },
        // Whoever may read a resource may read its logs; nobody writes with a key.
        features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
        tags,
      },
      { parent: this, protect },
    );
    this.workspaceId = workspace.id;
    this.registerOutputs({ workspaceId: this.workspaceId });
  }
}
