import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";

import { secretText, unknownText, type ResourceGraph } from "../../../simulator/graph";
import { chat, credentials, identity, withMembers } from "../../support/chat";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const labels = { "app.kubernetes.io/name": "rocketchat", "app.kubernetes.io/managed-by": "pulumi" };
const inNamespace = (name: string): Record<string, unknown> => ({ name, namespace: "rocketchat", labels });

for (const preview of [true, false]) {
  describe(`the chat, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => chat(), { preview });
    });

    /** A secret that a preview cannot know yet. */
    const secret = preview ? unknownText : secretText;

    it("is pods behind a Service, with settings, credentials, bounds, policies and a database, and nothing else", () => {
      const { "kubernetes:networking.k8s.io/v1:NetworkPolicy": policies, ...others } = contents(graph, "chat");
      expect(policies).to.include("chat-default-deny");
      expect(others).to.deep.equal({
        "kubernetes:apps/v1:Deployment": ["chat-deployment"],
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ["chat-autoscaler"],
        "kubernetes:core/v1:ConfigMap": ["chat-settings"],
        "kubernetes:core/v1:LimitRange": ["chat-limits"],
        "kubernetes:core/v1:Namespace": ["chat-namespace"],
        "kubernetes:core/v1:ResourceQuota": ["chat-quota"],
        "kubernetes:core/v1:Secret": ["chat-credentials"],
        "kubernetes:core/v1:Service": ["chat-service"],
        "kubernetes:core/v1:ServiceAccount": ["chat-service-account"],
        "kubernetes:policy/v1:PodDisruptionBudget": ["chat-budget"],
        "kubernetes:scheduling.k8s.io/v1:PriorityClass": ["chat-priority"],
        "random:index/randomPassword:RandomPassword": ["chat-admin-password"],
        "rocketchat:index:Database": ["chat-database"],
      });
    });

    it("has a namespace of its own that admits restricted pods only, and everything in it", () => {
      expect(named(graph, "chat-namespace").inputs["metadata"]).to.deep.equal({
        name: "rocketchat",
        labels: {
          ...labels,
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      });
      const outside = ["Namespace", "PriorityClass"].map((kind) => `:${kind}`);
      const objects = graph.resources.filter(
        ({ type }) => type.startsWith("kubernetes:") && !type.includes(":helm.sh/") && !outside.some((kind) => type.endsWith(kind)),
      );
      expect(objects.map(({ name }) => name)).to.include.members([
        "chat-deployment",
        "chat-quota",
        "chat-default-deny",
        "chat-database-cluster",
      ]);
      for (const object of objects) {
        expect(object.inputs, object.name).to.have.nested.property("metadata.namespace", "rocketchat");
        expect(waitsFor(graph, object, named(graph, "chat-namespace")), object.name).to.equal(true);
      }
    });

    it("answers inside the cluster on the port of its pods, which policies of both clouds know it by", () => {
      expect(named(graph, "chat-service").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "Service",
        metadata: { ...inNamespace("rocketchat"), annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: { "app.kubernetes.io/name": "rocketchat" },
          ports: [{ name: "http", port: 3000, targetPort: 3000 }],
        },
      });
    });

    it("has a service account without a token for the Kubernetes API", () => {
      expect(named(graph, "chat-service-account").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { ...inNamespace("rocketchat"), annotations: {} },
        automountServiceAccountToken: false,
      });
    });

    it("is less important than its database, and more than what only watches", () => {
      const { name } = named(graph, "chat-priority").inputs["metadata"] as { name: string };
      expect(named(graph, "chat-priority").inputs).to.deep.equal({
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: { name: "rocketchat", labels },
        value: 900000,
        description: "Pods of the chat",
      });
      const above = ofType(graph, "kubernetes:scheduling.k8s.io/v1:PriorityClass").map(({ inputs }) => Number(inputs["value"]));
      expect(Math.max(...above)).to.be.above(900000);
      expect(named(graph, "chat-deployment").inputs).to.have.nested.property("spec.template.spec.priorityClassName", name);
      expect(waitsFor(graph, named(graph, "chat-deployment"), named(graph, "chat-priority"))).to.equal(true);
    });

    it("makes an administrator's password, and keeps it secret with the rest", () => {
      expect(named(graph, "chat-admin-password").inputs).to.deep.equal({ length: 32, special: false });
      expect(named(graph, "chat-credentials").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "Secret",
        metadata: inNamespace("rocketchat-credentials"),
        stringData: secret,
      });
      expect(waitedFor(graph, named(graph, "chat-credentials"))).to.include.members(["chat-admin-password", "chat-namespace"]);
    });

    it("starts its pods when the database is ready, and what bounds them and lets them speak is there", () => {
      const before = ["chat-database-cluster", "chat-quota", "chat-limits", "chat-default-deny"];
      expect(waitedFor(graph, named(graph, "chat-deployment"))).to.include.members(before);
      for (const pods of ["chat-database-cluster", "chat-database-operator"])
        expect(waitsFor(graph, named(graph, pods), named(graph, "chat-default-deny")), pods).to.equal(true);
    });

    it("says where it is, and hides the password it says", () => {
      expect(named(graph, "chat").outputs).to.deep.equal({
        url: "https://chat.acme.io",
        namespace: "rocketchat",
        serviceName: "rocketchat",
        adminPassword: secret,
        databaseMasterKey: secret,
      });
    });
  });
}

describe("the database of the chat", () => {
  it("is what the configuration asks for, with certificates that somebody can give", async () => {
    const graph = await simulateComponent(() =>
      chat({ ...withMembers(1), storageClass: "acme-disks", certificatesReady: [new random.RandomString("issuer", { length: 8 })] }),
    );
    const cluster = named(graph, "chat-database-cluster");
    expect(cluster.inputs).to.have.nested.property("spec.replsets[0].size", 1);
    expect(cluster.inputs).to.have.nested.property("spec.replsets[0].volumeSpec.persistentVolumeClaim.storageClassName", "acme-disks");
    expect(waitsFor(graph, cluster, named(graph, "issuer"))).to.equal(true);
  });

  it("reaches its backups as those that the cluster made for it", async () => {
    const graph = await simulateComponent(() => {
      const who = (name: string) =>
        identity({ annotations: { "acme.io/client-id": name }, ready: [new random.RandomString(name, { length: 8 })] });
      chat({ databaseIdentities: [who("members"), who("operator")] });
    });
    expect(waitsFor(graph, named(graph, "chat-database-cluster"), named(graph, "members"))).to.equal(true);
    expect(waitsFor(graph, named(graph, "chat-database-operator"), named(graph, "operator"))).to.equal(true);
  });

  it("takes the key that the configuration names, so that what follows from it is the same in another stack", async () => {
    const { database } = withMembers(3);
    const urls = new Set<string | undefined>();
    for (const byte of [7, 7, 8]) {
      const masterKey = pulumi.secret(byte.toString().repeat(64).slice(0, 64));
      urls.add((await credentials({ database: { ...database, masterKey } }))["MONGO_URL"]);
    }
    expect(urls.size).to.equal(2);
  });
});

describe("the chat's credentials", () => {
  it("are the database's address, every member by name and over TLS, and the administrator's password", async () => {
    const { MONGO_URL = "", ADMIN_PASS, ...others } = await credentials();
    expect(others).to.deep.equal({});
    expect(ADMIN_PASS).to.match(/^[0-9a-f]{32}$/);
    const url = /^mongodb:\/\/rocketchat:([0-9a-f]{64})@([^/]+)\/rocketchat\?(.+)$/.exec(MONGO_URL);
    expect(url?.[1]).to.not.equal(ADMIN_PASS);
    expect(url?.[2]?.split(",")).to.deep.equal(
      [0, 1, 2].map((member) => `rocketchat-db-rs0-${member}.rocketchat-db-rs0.rocketchat.svc.cluster.local:27017`),
    );
    expect(Object.fromEntries(new URLSearchParams(url?.[3]))).to.deep.equal({
      authSource: "admin",
      replicaSet: "rs0",
      tls: "true",
      tlsCAFile: "/etc/mongodb-ca/ca.crt",
      w: "majority",
      retryWrites: "true",
    });
  });

  it("name the one member of a trial's database", async () => {
    const { MONGO_URL } = await credentials(withMembers(1));
    expect(MONGO_URL).to.contain("@rocketchat-db-rs0-0.rocketchat-db-rs0.rocketchat.svc.cluster.local:27017/rocketchat?");
  });

  it("hold the token that registers the workspace, where there is one", async () => {
    const { REG_TOKEN, ...others } = await credentials({
      licence: { source: "registration", registrationToken: pulumi.secret("token-of-acme") },
    });
    expect(REG_TOKEN).to.equal("token-of-acme");
    expect(others).to.have.all.keys("MONGO_URL", "ADMIN_PASS");
  });

  it("hold the licence, where it is a key of the operator's", async () => {
    const { ROCKETCHAT_LICENSE, ...others } = await credentials({ licence: { source: "secret", key: pulumi.secret("licence-of-acme") } });
    expect(ROCKETCHAT_LICENSE).to.equal("licence-of-acme");
    expect(others).to.have.all.keys("MONGO_URL", "ADMIN_PASS");
  });

  const server = { host: "smtp.acme.io", port: 587, from: "chat@acme.io" };
  const account = { username: "chat@acme.io", password: pulumi.secret("p@ss/word: 1") };
  const mail: readonly [string, object, string][] = [
    ["without an account", server, "smtp://smtp.acme.io:587"],
    [
      "with an account, escaped, and over TLS or not at all",
      { ...server, ...account },
      "smtp://chat%40acme.io:p%40ss%2Fword%3A%201@smtp.acme.io:587/?requireTLS=true",
    ],
    [
      "over TLS from the first byte on the port for that",
      { ...server, ...account, port: 465 },
      "smtps://chat%40acme.io:p%40ss%2Fword%3A%201@smtp.acme.io:465",
    ],
  ];
  for (const [how, smtp, expected] of mail) {
    it(`hold the way to the mail server, ${how}`, async () => {
      const { MAIL_URL } = await credentials({ smtp: smtp as typeof server });
      expect(MAIL_URL).to.equal(expected);
    });
  }
});

describe("the chat with an identity in the cloud", () => {
  it("shows it on service account and pods, and starts no pod before it is there", async () => {
    const graph = await simulateComponent(() => {
      const ready = [new random.RandomString("federation", { length: 8 })];
      chat({ identity: identity({ annotations: { "acme.io/client-id": "the-chat" }, podLabels: { "acme.io/use": "true" }, ready }) });
    });
    expect(named(graph, "chat-service-account").inputs).to.have.deep.nested.property("metadata.annotations", {
      "acme.io/client-id": "the-chat",
    });
    const deployment = named(graph, "chat-deployment");
    expect(deployment.inputs).to.have.deep.nested.property("spec.template.metadata.labels", { ...labels, "acme.io/use": "true" });
    expect(deployment.inputs).to.have.deep.nested.property("spec.selector.matchLabels", { "app.kubernetes.io/name": "rocketchat" });
    expect(waitsFor(graph, deployment, named(graph, "federation"))).to.equal(true);
  });
});
