import { expect } from "chai";

import type { Toleration } from "../../../components/cluster";
import type { AzureNodesArgs } from "../../../components/cluster/azure-nodes";
import { unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster, tags } from "../../support/azure";
import { named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const zones = ["1", "2", "3"] as const;
const nodes = { size: "Standard_B2s", min: 3, max: 4, diskGiB: 64 };

/** Pools in the order of their zones, spot pools last. */
function pools(graph: ResourceGraph): GraphResource[] {
  return ofType(graph, "azure-native:containerservice:AgentPool").sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names of the pools, in Pulumi and in Azure. */
async function poolNames(change: Partial<AzureNodesArgs> & { readonly version?: string } = {}): Promise<unknown[]> {
  const graph = await simulateComponent(() => azureCluster(change));
  return pools(graph).map(({ name, inputs }) => [name, inputs["agentPoolName"]]);
}

for (const preview of [true, false]) {
  describe(`the nodes on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("are a pool to each zone, a node in each, and together no more than the configuration allows", () => {
      const most = [2, 1, 1];
      expect(pools(graph)).to.have.lengthOf(3);
      pools(graph).forEach(({ name, inputs, ignoreChanges }, index) => {
        const letter = "abc"[index] ?? "";
        expect(name).to.match(new RegExp(`^cluster-nodes-${letter}-[0-9a-f]{6}$`));
        expect(inputs, name).to.deep.equal({
          resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
          resourceName: later(named(graph, "cluster-aks").outputs["name"]),
          agentPoolName: `n${letter}${name.slice(-6)}`,
          mode: "User",
          vmSize: "Standard_B2s",
          osType: "Linux",
          osSKU: "Ubuntu",
          osDiskType: "Managed",
          osDiskSizeGB: 64,
          maxPods: 30,
          availabilityZones: [zones[index]],
          scaleSetPriority: "Regular",
          orchestratorVersion: "1.36",
          vnetSubnetID: inputs["vnetSubnetID"],
          enableNodePublicIP: false,
          enableAutoScaling: true,
          minCount: 1,
          maxCount: most[index],
          count: 1,
          upgradeSettings: { maxSurge: "1", drainTimeoutInMinutes: 30 },
          tags,
        });
        if (!preview) expect(inputs["vnetSubnetID"], name).to.match(/\/subnets\/nodes$/);
        expect(ignoreChanges, name).to.deep.equal(["count"]);
      });
    });

    it("are made one pool after another, since AKS takes one change at a time", () => {
      const [a, b, c] = pools(graph);
      if (!a || !b || !c) throw new Error("a pool is missing");
      for (const pool of [a, b, c]) expect(waitsFor(graph, pool, named(graph, "cluster-aks")), pool.name).to.equal(true);
      expect([waitsFor(graph, b, a), waitsFor(graph, c, b)]).to.deep.equal([true, true]);
      expect([waitsFor(graph, a, b), waitsFor(graph, b, c)]).to.deep.equal([false, false]);
    });
  });
}

describe("the name of a pool on Azure", () => {
  it("fits Azure: twelve lower case letters and digits, a letter first", async () => {
    const names = await poolNames({ spot: { sizes: ["Standard_B2s"], max: 1 } });
    expect(names).to.have.lengthOf(4);
    for (const [, agentPoolName] of names as [string, string][]) expect(agentPoolName).to.match(/^[a-z][a-z0-9]{1,11}$/);
  });

  it("changes with what Azure cannot change in place, size or disk, so that new pools stand before the old ones go", async () => {
    const before = (await poolNames()).flat();
    for (const changed of [{ size: "Standard_B2s_v2" }, { diskGiB: 128 }]) {
      const after = (await poolNames({ nodes: { ...nodes, ...changed } })).flat();
      expect(after).to.have.lengthOf(before.length);
      expect(
        after.filter((name) => before.includes(name)),
        JSON.stringify(changed),
      ).to.deep.equal([]);
    }
  });

  it("stays with everything else: bounds, Kubernetes version, tags, spot pools beside it", async () => {
    const before = await poolNames();
    expect(await poolNames({ nodes: { ...nodes, min: 4, max: 9 } })).to.deep.equal(before);
    expect(await poolNames({ version: "1.35" })).to.deep.equal(before);
    expect(await poolNames({ tags: { ...tags, team: "chat" } })).to.deep.equal(before);
    expect((await poolNames({ spot: { sizes: ["Standard_B2s"], max: 1 } })).slice(0, 3)).to.deep.equal(before);
  });
});

describe("spot nodes on Azure", () => {
  const spot = { sizes: ["Standard_B2s", "Standard_B2as_v2"], max: 3 };
  let graph: ResourceGraph;
  let tolerations: readonly Toleration[] = [];
  before(async () => {
    graph = await simulateComponent(() => {
      tolerations = azureCluster({ spot }).interruptibleTolerations;
    });
  });
  const spotPools = (): GraphResource[] => pools(graph).filter(({ name }) => name.startsWith("cluster-spot-"));

  it("are a pool to each size, over all zones, empty until needed, and together no more than the configuration allows", () => {
    expect(spotPools().map(({ inputs }) => [inputs["vmSize"], inputs["minCount"], inputs["maxCount"]])).to.have.deep.members([
      ["Standard_B2s", 0, 2],
      ["Standard_B2as_v2", 0, 1],
    ]);
    for (const { name, inputs } of spotPools()) {
      expect(inputs, name).to.deep.include({
        mode: "User",
        availabilityZones: [...zones],
        scaleSetPriority: "Spot",
        scaleSetEvictionPolicy: "Delete",
        spotMaxPrice: -1,
        count: 0,
      });
    }
  });

  it("are no pools that could never have a node", async () => {
    const one = await simulateComponent(() => azureCluster({ spot: { ...spot, max: 1 } }));
    const sizes = pools(one).filter(({ name }) => name.startsWith("cluster-spot-"));
    expect(sizes.map(({ inputs }) => [inputs["vmSize"], inputs["maxCount"]])).to.deep.equal([["Standard_B2s", 1]]);
  });

  it("are closed to what does not say that it can be interrupted, and so to the database", () => {
    for (const { name, inputs } of spotPools()) {
      expect(inputs["nodeTaints"], name).to.deep.equal(["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]);
    }
    expect(tolerations).to.deep.equal([
      { key: "kubernetes.azure.com/scalesetpriority", operator: "Equal", value: "spot", effect: "NoSchedule" },
    ]);
    const others = pools(graph).filter((pool) => !spotPools().includes(pool));
    expect(others).to.have.lengthOf(3);
    for (const { name, inputs } of others) expect(inputs, name).to.not.have.property("nodeTaints");
  });

  it("take their turn after the others", () => {
    const all = pools(graph).map(({ name }) => named(graph, name));
    const ordered = all.filter((pool) => all.filter((other) => waitsFor(graph, pool, other)).length >= 3);
    expect(ordered.map(({ name }) => name)).to.have.members(spotPools().map(({ name }) => name));
  });

  it("are not there, and nothing is tolerated, where none are wanted", async () => {
    let none: readonly Toleration[] | undefined;
    const without = await simulateComponent(() => {
      none = azureCluster().interruptibleTolerations;
    });
    expect(none).to.deep.equal([]);
    expect(pools(without)).to.have.lengthOf(3);
  });
});
