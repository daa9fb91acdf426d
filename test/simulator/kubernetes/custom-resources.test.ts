import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";

type Inputs = Readonly<Record<string, unknown>>;

const release = "kubernetes:helm.sh/v3:Release";
const psmdb = "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB";
const backup = "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDBBackup";
const issuer = "kubernetes:cert-manager.io/v1:Issuer";
const namespace = "kubernetes:core/v1:Namespace";
const cilium = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";

/** A simulated cluster with the namespace `chat`. */
class Cluster {
  readonly cloud = new SimulatedCloud("eu-central-1");

  constructor() {
    this.make(namespace, { metadata: { name: "chat" } });
  }

  make(type: string, inputs: Inputs): string {
    return this.cloud.create({ urn: `urn:${type}:${JSON.stringify(inputs)}`, type, name: "it", inputs }).id;
  }

  install(chart: string, values?: Inputs): string {
    return this.make(release, { name: chart, namespace: "chat", chart, ...(values === undefined ? {} : { values }) });
  }

  object(type: string, name = "db", more: Inputs = {}): string {
    return this.make(type, { metadata: { name, namespace: "chat", ...more } });
  }
}

/** Group and version, kind, and the charts that bring its definition along. */
const definitions: readonly (readonly [version: string, kind: string, charts: readonly (readonly [string, Inputs?])[]])[] = [
  ["cert-manager.io/v1", "Certificate", [["cert-manager", { crds: { enabled: true } }]]],
  [
    "cert-manager.io/v1",
    "Issuer",
    [
      ["cert-manager", { crds: { enabled: true } }],
      ["cert-manager", { installCRDs: true }],
    ],
  ],
  ["cert-manager.io/v1", "ClusterIssuer", [["cert-manager", { crds: { enabled: true } }]]],
  ["psmdb.percona.com/v1", "PerconaServerMongoDB", [["psmdb-operator-crds"]]],
  ["psmdb.percona.com/v1", "PerconaServerMongoDBBackup", [["psmdb-operator-crds"]]],
  ...["PodMonitor", "PrometheusRule", "ServiceMonitor"].map(
    (kind) => ["monitoring.coreos.com/v1", kind, [["kube-prometheus-stack"], ["prometheus-operator-crds"]]] as const,
  ),
];

describe("a custom resource in the simulated cluster", () => {
  for (const [version, kind, charts] of definitions) {
    const type = `kubernetes:${version}:${kind}`;
    for (const [chart, values] of charts) {
      it(`${kind} is no kind until a release of ${chart}${values === undefined ? "" : ` with ${JSON.stringify(values)}`} is there`, () => {
        const cluster = new Cluster();
        for (const [, , others] of definitions)
          for (const [other, othersValues] of others)
            if (!charts.some(([own]) => own === other) && cluster.cloud.find(release, `chat/${other}`) === undefined)
              cluster.install(other, othersValues);
        cluster.install("psmdb-operator");
        expect(() => cluster.object(type)).to.throw(`kind: no matches for kind "${kind}" in version "${version}"`);
        cluster.install(chart, values);
        expect(cluster.object(type)).to.equal(kind === "ClusterIssuer" ? "db" : "chat/db");
      });
    }
  }

  it("is none where the release leaves the definitions out", () => {
    const without: readonly (readonly [string, string, Inputs?])[] = [
      ["cert-manager", issuer],
      ["cert-manager", issuer, { crds: { enabled: false } }],
      ["kube-prometheus-stack", "kubernetes:monitoring.coreos.com/v1:PodMonitor", { crds: { enabled: false } }],
    ];
    for (const [chart, type, values] of without) {
      const cluster = new Cluster();
      cluster.install(chart, values);
      expect(() => cluster.object(type), `${chart} ${JSON.stringify(values)}`).to.throw("no matches for kind");
    }
  });

  it("needs its namespace like any other object", () => {
    const cluster = new Cluster();
    cluster.install("psmdb-operator-crds");
    expect(() => cluster.make(psmdb, { metadata: { name: "db", namespace: "shop" } })).to.throw("there is no namespace shop");
  });

  it("of Cilium is a kind where the cluster's data plane is Cilium, and nowhere else", () => {
    const cluster = new Cluster();
    expect(() => cluster.object(cilium)).to.throw('no matches for kind "CiliumNetworkPolicy" in version "cilium.io/v2"');
    const aks = (networkDataplane: string): void => {
      cluster.make("azure-native:resources:ResourceGroup", { resourceGroupName: networkDataplane });
      cluster.make("azure-native:containerservice:ManagedCluster", {
        resourceGroupName: networkDataplane,
        resourceName: "aks",
        networkProfile: { networkDataplane },
      });
    };
    aks("azure");
    expect(() => cluster.object(cilium)).to.throw("no matches for kind");
    aks("cilium");
    expect(cluster.object(cilium)).to.equal("chat/db");
  });
});

describe("the release that brought definitions along", () => {
  it("cannot go while resources of theirs exist that would go with them", () => {
    const cluster = new Cluster();
    const definitionsOf = cluster.install("psmdb-operator-crds");
    const database = cluster.object(psmdb);
    const first = cluster.object(backup, "first");
    expect(() => cluster.cloud.delete(release, definitionsOf)).to.throw(
      "its definitions go with it, and with them PerconaServerMongoDB chat/db, PerconaServerMongoDBBackup chat/first",
    );
    cluster.cloud.delete(backup, first);
    expect(() => cluster.cloud.delete(release, definitionsOf)).to.throw("PerconaServerMongoDB chat/db");
    cluster.cloud.delete(psmdb, database);
    cluster.cloud.delete(release, definitionsOf);
    expect(cluster.cloud.find(release, definitionsOf)).to.equal(undefined);
  });

  it("can go where the chart keeps its definitions, or where they were never its own", () => {
    const going = (chart: string, values: Inputs | undefined, type: string) => (): void => {
      const cluster = new Cluster();
      const id = cluster.install(chart, values);
      cluster.object(type);
      cluster.cloud.delete(release, id);
    };
    const monitor = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
    expect(going("cert-manager", { crds: { enabled: true } }, issuer)).to.not.throw();
    expect(going("cert-manager", { crds: { enabled: true, keep: false } }, issuer)).to.throw("with them Issuer chat/db");
    expect(going("kube-prometheus-stack", undefined, monitor)).to.not.throw();
    expect(going("prometheus-operator-crds", undefined, monitor)).to.throw("with them PodMonitor chat/db");
  });

  it("goes with its namespace, as do the resources in it", () => {
    const cluster = new Cluster();
    cluster.install("psmdb-operator-crds");
    cluster.object(psmdb);
    cluster.cloud.delete(namespace, "chat");
    expect(cluster.cloud.list()).to.deep.equal([]);
  });
});

describe("the release of the Percona operator", () => {
  const operated = (): Cluster => {
    const cluster = new Cluster();
    cluster.install("psmdb-operator-crds");
    return cluster;
  };
  const finalizers = ["percona.com/delete-psmdb-pods-in-order"];

  it("cannot go while the finalizers of its resources wait for it", () => {
    const cluster = operated();
    const operator = cluster.install("psmdb-operator");
    const database = cluster.object(psmdb, "db", { finalizers });
    const first = cluster.object(backup, "first");
    expect(() => cluster.cloud.delete(release, operator)).to.throw("the finalizers of chat/db, chat/first wait for it");
    cluster.cloud.delete(backup, first);
    expect(() => cluster.cloud.delete(release, operator)).to.throw("the finalizers of chat/db wait for it");
    cluster.cloud.delete(psmdb, database);
    cluster.cloud.delete(release, operator);
    expect(cluster.cloud.find(release, operator)).to.equal(undefined);
  });

  it("can go where no finalizer is, or where they are in another namespace", () => {
    const cluster = operated();
    const operator = cluster.install("psmdb-operator");
    cluster.object(psmdb);
    cluster.make(namespace, { metadata: { name: "shop" } });
    cluster.make(psmdb, { metadata: { name: "db", namespace: "shop", finalizers } });
    cluster.cloud.delete(release, operator);
    expect(cluster.cloud.find(release, operator)).to.equal(undefined);
  });
});
