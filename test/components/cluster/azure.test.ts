import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { AzureCluster } from "../../../components/cluster/azure";
import { secretText, unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster } from "../../support/azure";
import { contents, errorOf, named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const pool = "azure-native:containerservice:AgentPool";
const admin = "11111111-2222-4333-8444-555555555555";

for (const preview of [true, false]) {
  describe(`the cluster on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a control plane, a pool to a zone, rights, maintenance windows and storage classes, and nothing else", () => {
      const held = contents(graph, "cluster");
      expect(held[pool]).to.have.lengthOf(3);
      expect({ ...held, [pool]: 3 }).to.deep.equal({
        "azure-native:authorization:RoleAssignment": [
          `cluster-admin-${admin}-rbac`,
          `cluster-admin-${admin}-user`,
          "cluster-identity-apiserver",
          "cluster-identity-database-disks",
          "cluster-identity-nodes",
        ],
        [pool]: 3,
        "azure-native:containerservice:MaintenanceConfiguration": ["cluster-cluster-maintenance", "cluster-node-os-maintenance"],
        "azure-native:containerservice:ManagedCluster": ["cluster-aks"],
        "azure-native:managedidentity:UserAssignedIdentity": ["cluster-identity"],
        "azure-native:resources:ResourceGroup": ["cluster-database-disks"],
        "kubernetes:storage.k8s.io/v1:StorageClass": ["cluster-database-storage", "cluster-general-storage"],
        "pulumi:index:Stash": [
          "cluster-access-settled",
          "cluster-database-storage-name",
          "cluster-general-storage-name",
          "cluster-identity-settled",
        ],
        "pulumi:providers:kubernetes": ["cluster-kubernetes"],
      });
    });

    it("is spoken to only when there are nodes and the deployer may", () => {
      const provider = named(graph, "cluster-kubernetes");
      expect(provider.inputs).to.deep.equal({
        kubeconfig: later(secretText),
        clusterIdentifier: provider.inputs["clusterIdentifier"],
        enableConfigMapMutable: "true",
        enableSecretMutable: "true",
      });
      if (!preview) expect(provider.inputs["clusterIdentifier"]).to.match(/\/managedClusters\/cluster-aks/);
      const pools = contents(graph, "cluster")[pool] ?? [];
      expect(pools).to.have.lengthOf(3);
      expect(waitedFor(graph, provider)).to.include.members(["cluster-access-settled", ...pools]);
    });
  });
}

describe("the cluster on Azure", () => {
  it("says what the other parts of the platform need of it", async () => {
    const seen: Record<string, unknown> = {};
    const graph = await simulateComponent(() => {
      const cluster = azureCluster();
      const { clusterName, clusterId, identityPrincipalId, nodeResourceGroup, databaseDiskGroup, lastChange, settledAccess } = cluster;
      return pulumi
        .output({
          clusterName,
          clusterId,
          identityPrincipalId,
          nodeResourceGroup,
          ...databaseDiskGroup,
          last: lastChange.urn,
          access: settledAccess.urn,
          pools: cluster.pools.map(({ urn }) => urn),
        })
        .apply((values) => Object.assign(seen, values));
    });
    const aks = named(graph, "cluster-aks");
    const disks = named(graph, "cluster-database-disks");
    expect(seen).to.deep.equal({
      clusterName: aks.outputs["name"],
      clusterId: named(graph, "cluster-kubernetes").inputs["clusterIdentifier"],
      identityPrincipalId: named(graph, "cluster-identity").outputs["principalId"],
      nodeResourceGroup: aks.outputs["nodeResourceGroup"],
      id: `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(disks.outputs["name"])}`,
      name: disks.outputs["name"],
      last: named(graph, "cluster-node-os-maintenance").urn,
      access: named(graph, "cluster-access-settled").urn,
      pools: (contents(graph, "cluster")[pool] ?? []).map((name) => named(graph, name).urn),
    });
  });

  it("reads its kubeconfig when it is there and the deployer may", async () => {
    const graph = await simulateComponent(() => {
      new pulumi.Stash("reader", { input: azureCluster().kubeconfig });
    });
    expect(waitedFor(graph, named(graph, "reader"))).to.deep.equal(["cluster-access-settled", "cluster-aks", "network-rg"]);
  });

  it("may be deleted, and its disks with it, where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => azureCluster({ deletionProtection: false }));
    const held = graph.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
    expect(held.map(({ name }) => name)).to.deep.equal([]);
  });

  it("keeps control plane, disks and the stack's group from being deleted, and lets go what the configuration changes", async () => {
    const graph = await simulateComponent(() => azureCluster());
    const held = graph.resources.filter(({ protect }) => protect);
    expect(held.map(({ name }) => name).sort()).to.deep.equal(["cluster-aks", "cluster-database-disks", "network-rg"]);
    expect(graph.resources.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name)).to.deep.equal([
      "cluster-database-disks",
    ]);
  });

  it("takes its pools and windows with it, and drains nothing for its own sake", async () => {
    const together = new Map<string, string>();
    const waiting: Promise<void>[] = [];
    await simulateComponent(async () => {
      pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
        const { deletedWith } = opts;
        if (deletedWith !== undefined)
          waiting.push(
            new Promise((resolve) => deletedWith.urn.apply((urn) => resolve(void together.set(name.replace(/-[0-9a-f]{6}$/, ""), urn)))),
          );
        return { props, opts };
      });
      azureCluster({ spot: { sizes: ["Standard_B2s"], max: 1 } });
      await Promise.resolve();
    });
    await Promise.all(waiting);
    expect([...together.keys()].filter((name) => name.startsWith("cluster-")).sort()).to.deep.equal([
      "cluster-cluster-maintenance",
      "cluster-node-os-maintenance",
      "cluster-nodes-a",
      "cluster-nodes-b",
      "cluster-nodes-c",
      "cluster-spot",
    ]);
    expect(new Set([...together].filter(([name]) => name.startsWith("cluster-")).map(([, urn]) => urn.split("::").at(-1)))).to.deep.equal(
      new Set(["cluster-aks"]),
    );
  });

  it("is not made in a network without a subnet for nodes", async () => {
    const error = await errorOf(
      simulateComponent(() => {
        const cluster: Partial<Parameters<typeof azureCluster>[0]> = { network: { nodeSubnetIds: [], resourceGroup: {} } as never };
        return azureCluster(cluster) satisfies AzureCluster;
      }),
    );
    expect(error.message).to.equal("the network has no subnet for nodes");
  });
});

describe("changes of the cluster on Azure", () => {
  it("come one after another, since AKS takes one at a time: cluster, pools, spot pools, the two schedules", async () => {
    const graph = await simulateComponent(() => azureCluster({ spot: { sizes: ["Standard_B2s", "Standard_B2as_v2"], max: 2 } }));
    const changes = graph.resources.filter(({ type }) => type.startsWith("azure-native:containerservice:"));
    expect(changes).to.have.lengthOf(8);
    const before = changes.map((change) => changes.filter((other) => waitsFor(graph, change, other)).length);
    expect(before.sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7]);
    const last = changes.find((change) => changes.filter((other) => waitsFor(graph, change, other)).length === 7);
    expect(last?.name).to.equal("cluster-node-os-maintenance");
  });
});
