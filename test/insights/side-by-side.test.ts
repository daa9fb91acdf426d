import { expect } from "chai";

import { sideBySide } from "../../insights/side-by-side";
import type { ResourceGraph } from "../../simulator/graph";
import { sectionOf, simulateStack, type StackName } from "../support/simulated";

const graphOf = async (stack: StackName, change: Readonly<Record<string, unknown>> = {}): Promise<ResourceGraph> =>
  (await simulateStack(stack, { change })).graph;

/** The table's cells by what its rows are about. */
function cells(table: string): ReadonlyMap<string, readonly [string, string]> {
  return new Map(
    table.split("\n").map((line) => {
      const [, what = "", aws = "", azure = ""] = line.split("|").map((cell) => cell.trim());
      return [what, [aws, azure]];
    }),
  );
}

describe("the two clouds side by side", function () {
  this.timeout(20_000);
  let aws: ResourceGraph;
  let azure: ResourceGraph;

  before(async () => {
    aws = await graphOf("aws-prod");
    azure = await graphOf("azure-prod");
  });

  it("says of every row what each cloud has, in known words", () => {
    const table = cells(sideBySide(aws, azure));
    expect(table.size).to.be.above(20);
    for (const [what, both] of table) {
      if (what === "" || what === "---") continue;
      for (const cell of both) expect(cell, what).to.match(/^(?!.*(undefined|null|NaN|\[unknown\]|\[object)).+$/);
    }
  });

  it("is read out of the stacks: other choices are other cells", async () => {
    const change = { "rocketchat:network": { create: { natGateways: "single", flowLogRetentionDays: 30 } } };
    const larger = { ...sectionOf("azure-prod", "rocketchat:cluster"), nodes: { size: "Standard_B4ms", min: 3, max: 6 }, version: "1.35" };
    const table = cells(sideBySide(await graphOf("aws-prod", change), await graphOf("azure-prod", { "rocketchat:cluster": larger })));
    expect(table.get("Way out of the nodes")).to.deep.equal(["1 NAT gateway", "1 NAT gateway"]);
    expect(table.get("Flow logs")).to.deep.equal(["30 days in CloudWatch", "90 days in a storage account"]);
    expect(table.get("Nodes of the workload")?.[1]).to.equal("3 to 6 Standard_B4ms in 3 pools, one to a zone");
    expect(table.get("Kubernetes")).to.deep.equal(["EKS 1.36", "AKS 1.35, tier Standard"]);
  });

  it("says nothing of what is not there: an error names the stack and what is missing", () => {
    const without = { ...aws, resources: aws.resources.filter(({ type }) => type !== "aws:backup/plan:Plan") };
    expect(() => sideBySide(without, azure)).to.throw("the graph of aws-prod has 0 of aws:backup/plan:Plan, not one");
  });
});
