import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";
import { ofType, simulateComponent } from "../../support/simulated";
import { alertType, azureMonitoring, settingType } from "../../support/azure-monitoring";
import { resourceTypes } from "../../../simulator/tables";

type Inputs = Readonly<Record<string, unknown>>;

const reasons = (type: string, inputs: Inputs): string[] =>
  resourceTypes
    .get(type)
    ?.check?.(inputs)
    .map(({ reason }) => reason) ?? ["no row"];

describe("the simulated Azure Monitor", () => {
  const clusterId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c";
  const criterion = {
    metricNamespace: "Microsoft.ContainerService/managedClusters",
    metricName: "node_cpu_usage_percentage",
    timeAggregation: "Average",
    dimensions: [{ name: "nodepool" }],
  };
  const alert = (own: Inputs = {}, more: Inputs = {}): Inputs => ({
    severity: 2,
    windowSize: "PT15M",
    evaluationFrequency: "PT5M",
    scopes: [clusterId],
    criteria: { allOf: [{ ...criterion, ...own }] },
    ...more,
  });
  const problems = (own: Inputs, more: Inputs = {}): string[] => reasons(alertType, alert(own, more));

  it("takes every alert, rule and dashboard of ours", async () => {
    const graph = await simulateComponent(() => azureMonitoring({ containerInsights: true }));
    for (const { type, name, inputs } of graph.resources)
      if (type.startsWith("azure-native:") && resourceTypes.get(type)?.check !== undefined)
        expect(reasons(type, inputs), name).to.deep.equal([]);
    expect(ofType(graph, alertType)).to.have.lengthOf(16);
  });

  it("refuses alerts that Azure takes and never raises", () => {
    expect(problems({})).to.deep.equal([]);
    expect(problems({ metricName: "node_cpu" })).to.deep.equal([`${criterion.metricNamespace} has no metric node_cpu`]);
    expect(problems({ metricNamespace: "Insights.Container/nodes" })[0]).to.contain("is no Insights.Container/nodes");
    expect(problems({ timeAggregation: "Total" })).to.deep.equal(["node_cpu_usage_percentage has no Total"]);
    expect(problems({ dimensions: [{ name: "pool" }] })[0]).to.contain('has no dimension "pool"');
    expect(problems({}, { scopes: ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/natGateways/n"] })[0]).to.contain(
      "is no Micro",
    );
  });

  it("refuses times and severities that are not Azure's", () => {
    expect(problems({}, { windowSize: "PT10M" })[0]).to.equal("PT10M is none of PT1M, PT5M, PT15M, PT30M, PT1H, PT6H, PT12H, P1D");
    expect(problems({}, { windowSize: "PT1M" })).to.deep.equal(["it is shorter than the time from one evaluation to the next"]);
    expect(problems({}, { windowSize: "P1D", evaluationFrequency: "PT6H" })).to.deep.equal(["PT6H is none of Azure's"]);
    expect(problems({}, { severity: 5 })).to.deep.equal(["5 is not 0 to 4"]);
    const rule = (numberOfEvaluationPeriods: number, minFailingPeriodsToAlert: number): string[] =>
      reasons("azure-native:monitor:ScheduledQueryRule", {
        criteria: { allOf: [{ failingPeriods: { numberOfEvaluationPeriods, minFailingPeriodsToAlert } }] },
      });
    expect(rule(6, 6)).to.deep.equal([]);
    expect(rule(7, 1)).to.deep.equal(["of at most six periods some fail"]);
    expect(rule(1, 2)).to.deep.equal(["of at most six periods some fail"]);
  });

  it("refuses names that are too long", () => {
    const group = (groupShortName: string): string[] => reasons("azure-native:monitor:ActionGroup", { groupShortName });
    expect([group("a".repeat(12)), group("a".repeat(13))]).to.deep.equal([[], ["it may have 12 characters"]]);
    const rule = (dataCollectionRuleName: string): string[] =>
      reasons("azure-native:monitor:DataCollectionRule", { dataCollectionRuleName });
    expect([rule("a".repeat(64)), rule("a".repeat(65))]).to.deep.equal([[], ["it may have 64 characters"]]);
  });

  it("refuses dashboards whose tiles hide each other, or would stay empty", () => {
    const metric = {
      resourceMetadata: { id: clusterId },
      namespace: criterion.metricNamespace,
      name: criterion.metricName,
      aggregationType: 4,
    };
    const tile = (x: number, own: Inputs = {}, more: Inputs = {}) => ({
      position: { x, y: 0, colSpan: 6, rowSpan: 4 },
      metadata: { settings: { content: { options: { chart: { metrics: [{ ...metric, ...own }], ...more } } } } },
    });
    const dashboard = (...parts: Inputs[]): string[] => reasons("azure-native:portal:Dashboard", { properties: { lenses: [{ parts }] } });
    expect(dashboard(tile(0), tile(6, {}, { grouping: { dimension: "nodepool" } }))).to.deep.equal([]);
    expect(dashboard(tile(0), tile(5))).to.deep.equal(["another tile lies there"]);
    expect(dashboard(tile(0, { name: "cpu" }))).to.deep.equal([`${criterion.metricNamespace} has no metric cpu`]);
    expect(dashboard(tile(0, { aggregationType: 1 }))).to.deep.equal(["node_cpu_usage_percentage has no Total"]);
    expect(dashboard(tile(0, {}, { grouping: { dimension: "pool" } }))[0]).to.contain('no dimension "pool"');
    expect(dashboard(tile(0, {}, { filterCollection: { filters: [{ key: "pool" }] } }))[0]).to.contain('no dimension "pool"');
  });

  it("refuses budgets that start within a month, or tell too often", () => {
    const budget = (startDate: string, notifications: Inputs = {}): string[] =>
      reasons("azure-native:consumption:Budget", { timePeriod: { startDate }, notifications });
    expect(budget("2026-12-01T00:00:00Z")).to.deep.equal([]);
    for (const wrong of ["2026-12-02T00:00:00Z", "2026-13-01T00:00:00Z", "2026-12-01"])
      expect(budget(wrong), wrong).to.deep.equal([`${wrong} is not the first of a month`]);
    expect(budget("2026-12-01T00:00:00Z", { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} })).to.deep.equal(["a budget has at most five"]);
  });
});

describe("a simulated subscription that is watched", () => {
  const types = {
    group: "azure-native:resources:ResourceGroup",
    cluster: "azure-native:containerservice:ManagedCluster",
    workspace: "azure-native:operationalinsights:Workspace",
    budget: "azure-native:consumption:Budget",
    account: "azure-native:storage:StorageAccount",
    lock: "azure-native:authorization:ManagementLockByScope",
  } as const;
  const inGroup = { resourceGroupName: "acme" };
  let cloud: SimulatedCloud;
  const make = (type: string, name: string, inputs: Inputs): string => cloud.create({ urn: `urn:${name}`, type, name, inputs }).id;
  const logs = (...categories: string[]) => categories.map((category) => ({ category, enabled: true }));

  beforeEach(() => {
    cloud = new SimulatedCloud("eastus");
    make(types.group, "group", inGroup);
  });

  it("sends a category of a resource to a workspace once", () => {
    const resourceUri = make(types.cluster, "cluster", { ...inGroup, resourceName: "chat", dnsPrefix: "chat" });
    const [one, other] = ["one", "other"].map((workspaceName) => make(types.workspace, workspaceName, { ...inGroup, workspaceName }));
    const send = (name: string, workspaceId: string | undefined, ...categories: string[]) =>
      make(settingType, name, { name, resourceUri, workspaceId, logs: logs(...categories) });
    const first = send("a", one, "guard", "kube-audit-admin");
    expect(first).to.equal(`${resourceUri}/providers/Microsoft.Insights/diagnosticSettings/a`);
    expect(() => send("b", one, "kube-scheduler", "guard")).to.throw("guard goes to this workspace already");
    expect(() => send("b", one, "kube-scheduler")).not.to.throw();
    expect(() => send("c", other, "guard")).not.to.throw();
    const inputs = { name: "a", resourceUri, workspaceId: one, logs: logs("guard") };
    expect(() => cloud.update(settingType, first, inputs), "its own categories").not.to.throw();
  });

  it("logs the blobs of an account, which nobody has to make, and keeps the setting below a lock", () => {
    const account = make(types.account, "files", { ...inGroup, accountName: "acmefiles" });
    const workspaceId = make(types.workspace, "logs", { ...inGroup, workspaceName: "logs" });
    const setting = (of: string) =>
      make(settingType, "blobs", { name: "a", resourceUri: `${of}/blobServices/default`, workspaceId, logs: logs("StorageWrite") });
    expect(() => setting(`${account}2`)).to.throw("does not exist");
    const id = setting(account);
    const lock = make(types.lock, "lock", { scope: account, lockName: "no-deletion" });
    expect(() => cloud.delete(settingType, id)).to.throw("is locked by no-deletion");
    cloud.delete(types.lock, lock);
    cloud.delete(settingType, id);
  });

  it("never moves the start of a budget", () => {
    const inputs = (startDate: string, amount: number) => ({
      scope: "/subscriptions/99999999-9999-4999-8999-999999999999",
      budgetName: "chat",
      amount,
      timePeriod: { startDate },
    });
    const id = make(types.budget, "budget", inputs("2026-12-01T00:00:00Z", 100));
    expect(id).to.equal("/subscriptions/99999999-9999-4999-8999-999999999999/providers/Microsoft.Consumption/budgets/chat");
    expect(cloud.update(types.budget, id, inputs("2026-12-01T00:00:00Z", 200))).to.deep.equal({
      name: "chat",
      timePeriod: { startDate: "2026-12-01T00:00:00Z", endDate: "2036-12-01T00:00:00Z" },
    });
    expect(() => cloud.update(types.budget, id, inputs("2027-01-01T00:00:00Z", 200))).to.throw("Start date of budgets cannot be updated");
  });
});
