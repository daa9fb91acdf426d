import { expect } from "chai";

import type { GraphResource, ResourceGraph } from "../simulator/graph";
import type { Simulation } from "../simulator/simulate";
import { resourceTypes } from "../simulator/tables";
import { named, ofType, simulateStack, stacks, waitsFor, type StackName } from "./support/simulated";

/** What differs between the clouds in words, so that every promise below is one sentence for both. */
const words: Readonly<Record<StackName, { readonly nodePools: string; readonly cluster: string; readonly holdsData: readonly string[] }>> =
  {
    "aws-prod": {
      nodePools: "aws:eks/nodeGroup:NodeGroup",
      cluster: "eks:index:Cluster",
      holdsData: [
        ...["backups", "objects", "volumes"].map((kind) => `encryption-${kind}-key`),
        ...["access-logs", "backups", "logs", "traces", "uploads"].map((kind) => `store-${kind}-bucket`),
        "backup-vault",
      ],
    },
    "azure-prod": {
      nodePools: "azure-native:containerservice:AgentPool",
      cluster: "azure-native:containerservice:ManagedCluster",
      holdsData: [
        "backup-snapshots",
        "backup-vault",
        "cluster-database-disks",
        "store-files",
        ...["backups", "cluster", "logs", "traces"].flatMap((kind) => [`store-${kind}`, `store-${kind}-account`]),
        "store-uploads",
      ],
    },
  };

for (const stack of stacks) {
  const { nodePools, cluster, holdsData } = words[stack];

  describe(`the contract, kept by ${stack}`, function () {
    this.timeout(20_000);
    let simulation: Simulation;
    let graph: ResourceGraph;
    const custom = (): GraphResource[] => graph.resources.filter((resource) => resource.custom || resourceTypes.has(resource.type));

    before(async () => {
      simulation = await simulateStack(stack, { preview: false });
      graph = simulation.graph;
    });

    it("has no orphan: every resource belongs to a component", () => {
      const components = new Set(graph.resources.filter(({ type }) => type.startsWith("rocketchat:")).map(({ urn }) => urn));
      const orphans = custom().filter(({ parent }) => parent === undefined || !components.has(parent));
      expect(orphans.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("names every child after its component", () => {
      const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
      const misnamed = custom().filter(({ name, parent }) => !name.startsWith(`${byUrn.get(parent ?? "")?.name ?? ""}-`));
      expect(misnamed.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("registers what each component promises as outputs", () => {
      const silent = graph.resources.filter(({ type, outputs }) => type.startsWith("rocketchat:") && Object.keys(outputs).length === 0);
      expect(silent.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("puts the stack's tags on everything that the cloud takes tags for", () => {
      const expected = { project: "rocketchat", stack, "managed-by": "pulumi", environment: "production" };
      const taggable = custom().filter(({ type }) => resourceTypes.get(type)?.tags !== undefined);
      expect(taggable.length).to.be.above(10);
      for (const { urn, inputs } of taggable) expect(inputs["tags"], urn).to.include(expected);
    });

    it("shows no secret in plain text: not in an input, not in an output of any resource or of the stack", () => {
      // A Secret also holds what everybody may know, such as the name of a storage account beside its key.
      const names = new Set(graph.resources.map(({ outputs }) => outputs["name"]));
      const secrets = [...simulation.secrets].filter((secret) => !names.has(secret));
      expect(secrets.length).to.be.above(10);
      for (const resource of graph.resources) {
        const text = JSON.stringify([resource.inputs, resource.outputs]);
        for (const secret of secrets) expect(text.includes(secret), `a secret in ${resource.urn}`).to.equal(false);
      }
      const outputs = JSON.stringify(graph.outputs);
      for (const secret of secrets) expect(outputs.includes(secret), "a secret in the stack's outputs").to.equal(false);
    });

    it("waits in no circle", () => {
      const circles = graph.resources.filter((resource) => waitsFor(graph, resource, resource));
      expect(circles.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("makes every Kubernetes object through the cluster's own provider", () => {
      const provider = named(graph, "cluster-kubernetes");
      const objects = graph.resources.filter(({ type }) => type.startsWith("kubernetes:"));
      expect(objects.length).to.be.above(15);
      expect(objects.filter((object) => object.provider !== provider.urn).map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("makes Kubernetes objects only when there are nodes to run pods, and when the deployer may make them", () => {
      const provider = named(graph, "cluster-kubernetes");
      const pools = ofType(graph, nodePools);
      expect(pools).to.have.lengthOf(3);
      for (const pool of pools) expect(waitsFor(graph, provider, pool), pool.name).to.equal(true);
      expect(waitsFor(graph, provider, named(graph, "cluster-general-storage"))).to.equal(false);
    });

    it("keeps the provider from being replaced with the cluster's kubeconfig, and its ConfigMaps and Secrets from being deleted first", () => {
      const { inputs } = named(graph, "cluster-kubernetes");
      expect(inputs["clusterIdentifier"]).to.be.a("string");
      expect(inputs).to.include({ enableConfigMapMutable: "true", enableSecretMutable: "true", kubeconfig: "[secret]" });
    });

    it("gives a workload its identity before there is a node for its pods", () => {
      const identity = graph.resources.filter(({ name }) => /^cluster-chat-(identity|credential)$/.test(name));
      expect(identity.length).to.be.above(0);
      for (const resource of identity) {
        for (const pool of ofType(graph, nodePools)) expect(waitsFor(graph, resource, pool), resource.name).to.equal(false);
      }
      const deployment = named(graph, "chat-deployment");
      for (const resource of identity) expect(waitsFor(graph, deployment, resource), resource.name).to.equal(true);
    });

    it("leaves the number of nodes and of pods to the autoscalers", () => {
      for (const pool of ofType(graph, nodePools)) {
        expect(pool.ignoreChanges, pool.name).to.have.lengthOf(1);
        expect(pool.ignoreChanges[0], pool.name).to.match(/^(scalingConfig\.desiredSize|count)$/);
      }
      expect(named(graph, "chat-deployment").inputs["spec"]).not.to.have.property("replicas");
      expect(named(graph, "chat-autoscaler").inputs["spec"]).to.include({ minReplicas: 2, maxReplicas: 5 });
    });

    it("protects what holds data, and keeps it when the stack goes", () => {
      for (const name of holdsData) expect(named(graph, name), name).to.include({ protect: true, retainOnDelete: true });
      expect(ofType(graph, cluster)[0]).to.include({ protect: true });
      const groups = ofType(graph, "azure-native:resources:ResourceGroup");
      expect(groups.filter(({ protect }) => !protect)).to.deep.equal([]);
    });

    it("lets go of it only by the explicit switch", async () => {
      const released = await simulateStack(stack, { preview: false, change: { "rocketchat:deletionProtection": false } });
      const kept = released.graph.resources.filter(({ protect, retainOnDelete }) => protect || retainOnDelete);
      expect(kept.map(({ urn }) => urn)).to.deep.equal([]);
    });

    it("loads nothing of the other cloud", () => {
      const foreign = stack === "aws-prod" ? /^azure-native:|^rocketchat:azure:/ : /^(aws|eks):|^rocketchat:aws:/;
      expect(graph.resources.filter(({ type }) => foreign.test(type)).map(({ urn }) => urn)).to.deep.equal([]);
    });
  });
}

describe("the two clouds, side by side", function () {
  this.timeout(20_000);

  it("run the same chat and the same observability: only store, identity, storage class, publication and policies differ", async () => {
    const aws = await simulateStack("aws-prod", { preview: false });
    const azure = await simulateStack("azure-prod", { preview: false });
    const apps = ({ graph }: Simulation): Map<string, GraphResource> =>
      new Map(
        graph.resources
          .filter(({ name, type }) => /^(chat|observability)-/.test(name) && type.startsWith("kubernetes:"))
          .map((resource) => [resource.name, resource]),
      );
    const [onAws, onAzure] = [apps(aws), apps(azure)];
    const isPolicy = ({ type }: GraphResource): boolean => /NetworkPolicy$/.test(type);
    const different = [...onAws]
      .filter(([, resource]) => !isPolicy(resource))
      .flatMap(([name, { inputs }]) => {
        const other = onAzure.get(name);
        return other !== undefined && JSON.stringify(other.inputs) === JSON.stringify(inputs) ? [] : [name];
      });
    expect(different.sort()).to.deep.equal([
      // Store and storage class.
      "chat-database-cluster",
      // The operator reads the store as itself on AWS.
      "chat-database-operator",
      "chat-deployment",
      // What publishes the chat: an Ingress of AWS's controller, a Service of type LoadBalancer on Azure.
      "chat-ingress",
      "chat-namespace",
      // One load balancer more.
      "chat-quota",
      "chat-service",
      "chat-service-account",
      "chat-settings",
      "observability-alertmanager-claim",
      "observability-grafana-claim",
      "observability-prometheus",
      "observability-prometheus-claim",
    ]);
    const onlyOn = (here: typeof onAws, there: typeof onAws): string[] =>
      [...here].flatMap(([name, resource]) => (there.has(name) || isPolicy(resource) ? [] : [name])).sort();
    expect(onlyOn(onAws, onAzure)).to.deep.equal(["chat-ingress"]);
    expect(onlyOn(onAzure, onAws)).to.deep.equal(["chat-database-backup-store", "chat-uploads-claim", "chat-uploads-volume"]);
  });
});
