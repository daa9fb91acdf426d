import { expect } from "chai";

import { AzureLogWorkspace, type AzureLogWorkspaceArgs } from "../../../components/cloud-monitoring/azure-workspace";
import type { ResourceGraph } from "../../../simulator/graph";
import { region, tags } from "../../support/azure";
import { group } from "../../support/azure-monitoring";
import { contents, named, simulateComponent } from "../../support/simulated";

describe("the workspace for logs on Azure", () => {
  const workspace = (change: Partial<AzureLogWorkspaceArgs> = {}): Promise<ResourceGraph> =>
    simulateComponent(
      () => new AzureLogWorkspace("logs", { resourceGroupName: "acme", region, retentionDays: 90, protect: true, tags, ...change }),
      { region },
    );

  it("keeps logs as long as configured, under a name that is not taken, and takes no keys", async () => {
    const graph = await workspace();
    expect(contents(graph, "logs")).to.deep.equal({ "azure-native:operationalinsights:Workspace": ["logs-workspace"] });
    const { inputs, outputs, protect } = named(graph, "logs-workspace");
    expect(inputs).to.deep.equal({
      resourceGroupName: "acme",
      location: region,
      sku: { name: "PerGB2018" },
      retentionInDays: 90,
      workspaceCapping: { dailyQuotaGb: -1 },
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      tags,
    });
    expect(protect).to.equal(true);
    expect(named(graph, "logs").outputs).to.deep.equal({
      workspaceId: `${group}/providers/Microsoft.OperationalInsights/workspaces/${String(outputs["name"])}`,
    });
  });

  it("stops at a cap where there is one, and may go where data may", async () => {
    const { inputs, protect } = named(await workspace({ dailyCapGiB: 5, protect: false }), "logs-workspace");
    expect(inputs["workspaceCapping"]).to.deep.equal({ dailyQuotaGb: 5 });
    expect(protect).to.equal(false);
  });
});
