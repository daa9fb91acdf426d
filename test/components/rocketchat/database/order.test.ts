import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { ResourceGraph } from "../../../../simulator/graph";
import { contents, named, simulateComponent, waitedFor, waitsFor } from "../../../support/simulated";
import { container, database } from "./fixture";

const onAws = {
  "kubernetes:cert-manager.io/v1:Certificate": [
    "chat-database-authority",
    "chat-database-certificate",
    "chat-database-internal-certificate",
  ],
  "kubernetes:cert-manager.io/v1:Issuer": ["chat-database-issuer", "chat-database-self-signed-issuer"],
  "kubernetes:core/v1:Secret": ["chat-database-chat-user", "chat-database-encryption-key", "chat-database-system-users"],
  "kubernetes:core/v1:ServiceAccount": ["chat-database-service-account"],
  "kubernetes:helm.sh/v3:Release": ["chat-database-definitions", "chat-database-operator"],
  "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB": ["chat-database-cluster"],
  "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDBBackup": ["chat-database-first-backup"],
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": ["chat-database-priority"],
  "random:index/randomPassword:RandomPassword": ["chat-database-master-key"],
};

for (const preview of [true, false]) {
  describe(`the database, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => database(), { preview });
    });

    it("is these resources and no others", async () => {
      expect(contents(graph, "chat-database")).to.deep.equal(onAws);
      const onAzure = await simulateComponent(() => database({ backups: container() }), { preview });
      expect(contents(onAzure, "chat-database")).to.deep.equal({
        ...onAws,
        "kubernetes:core/v1:Secret": ["chat-database-backup-store", ...onAws["kubernetes:core/v1:Secret"]],
      });
    });

    it("comes up in this order: definitions, operator, members, first backup", () => {
      const order = ["definitions", "operator", "cluster", "first-backup"].map((each) => named(graph, `chat-database-${each}`));
      const waits = order.slice(1).map((later, index) => {
        const earlier = order[index];
        return earlier !== undefined && waitsFor(graph, later, earlier) && !waitsFor(graph, earlier, later);
      });
      expect(waits).to.deep.equal([true, true, true]);
      expect(waitedFor(graph, named(graph, "chat-database-first-backup"))).to.deep.equal(["chat-database-cluster", "namespace"]);
    });

    it("has everything there that the operator would otherwise make up, or a pod miss for ever, before the members", () => {
      expect(waitedFor(graph, named(graph, "chat-database-cluster")).filter((name) => name !== "chat-database-master-key")).to.deep.equal([
        "chat-database-certificate",
        "chat-database-chat-user",
        "chat-database-encryption-key",
        "chat-database-internal-certificate",
        "chat-database-operator",
        "chat-database-priority",
        "chat-database-service-account",
        "chat-database-system-users",
        "member-identity",
        "namespace",
        "policies",
      ]);
    });

    it("has the account's key there on Azure, and waits for no identity", async () => {
      const onAzure = await simulateComponent(() => database({ backups: container() }), { preview });
      const cluster = named(onAzure, "chat-database-cluster");
      expect(waitsFor(onAzure, cluster, named(onAzure, "chat-database-backup-store"))).to.equal(true);
      expect(onAzure.resources.filter(({ name }) => name.endsWith("-identity"))).to.deep.equal([]);
    });

    it("has the operator's identity and the network policies there before the operator", () => {
      expect(waitedFor(graph, named(graph, "chat-database-operator"))).to.deep.equal([
        "chat-database-definitions",
        "namespace",
        "operator-identity",
        "policies",
      ]);
    });

    it("refuses to lose its keys, its definitions and itself, and leaves key and definitions behind", () => {
      const flagged = (flag: "protect" | "retainOnDelete") =>
        graph.resources
          .filter((resource) => resource[flag])
          .map(({ name }) => name)
          .sort();
      expect(flagged("protect")).to.deep.equal([
        "chat-database-cluster",
        "chat-database-definitions",
        "chat-database-encryption-key",
        "chat-database-master-key",
      ]);
      expect(flagged("retainOnDelete")).to.deep.equal(["chat-database-definitions", "chat-database-master-key"]);
    });

    it("runs as a service account with the cloud's identity and without a token for Kubernetes", () => {
      expect(named(graph, "chat-database-service-account").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: {
          name: "rocketchat-db",
          namespace: "rocketchat",
          labels: { "app.kubernetes.io/name": "rocketchat-db", "app.kubernetes.io/managed-by": "pulumi" },
          annotations: { "acme.io/role": "member-identity" },
        },
        automountServiceAccountToken: false,
      });
    });

    it("goes before the chat when there is no room for both", () => {
      const { metadata, value } = named(graph, "chat-database-priority").inputs;
      expect({ metadata, value }).to.deep.equal({
        metadata: {
          name: "rocketchat-database",
          labels: { "app.kubernetes.io/name": "rocketchat-db", "app.kubernetes.io/managed-by": "pulumi" },
        },
        value: 1_000_000,
      });
    });
  });
}

describe("the time that the database may take", () => {
  it("is longer than the ten minutes that Pulumi waits by itself", async () => {
    const timeouts: Record<string, unknown> = {};
    const look: pulumi.ResourceTransformation = ({ name, opts }) => {
      const { customTimeouts } = opts as pulumi.CustomResourceOptions;
      if (customTimeouts !== undefined) timeouts[name] = customTimeouts;
      return undefined;
    };
    await simulateComponent(() => database({}, { transformations: [look] }));
    expect(timeouts).to.deep.equal({
      "chat-database-cluster": { create: "30m", update: "60m", delete: "30m" },
      "chat-database-first-backup": { create: "30m" },
    });
  });
});
