import { expect } from "chai";

import { ObservabilityStack, type ObservabilityStackArgs } from "../../../components/observability";
import { secretText, unknownText, type ResourceGraph } from "../../../simulator/graph";
import { onKubernetes } from "../../support/chat";
import { contents, named, simulateComponent, waitedFor } from "../../support/simulated";

const observability = (change: Partial<ObservabilityStackArgs> = {}): ObservabilityStack =>
  new ObservabilityStack(
    "observability",
    { metrics: { retentionDays: 15, storageGiB: 20 }, storageClass: "general", protect: true, ...change },
    onKubernetes(),
  );

type Values = Readonly<Record<string, unknown>>;
const valuesOf = (graph: ResourceGraph): Values => named(graph, "observability-prometheus").inputs["values"] as Values;

/** Every value of a key, wherever it stands. */
function everywhere(value: unknown, key: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value as Values).flatMap(([name, inner]) => (name === key ? [inner] : everywhere(inner, key)));
}

for (const preview of [true, false]) {
  describe(`observability, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => observability(), { preview });
    });
    /** A secret that a preview cannot know yet. */
    const secret = preview ? unknownText : secretText;

    it("is two namespaces, a release, the claims it works on and Grafana's administrator, and nothing else", () => {
      expect(contents(graph, "observability")).to.deep.equal({
        "kubernetes:core/v1:Namespace": ["observability-monitoring-agents-namespace", "observability-monitoring-namespace"],
        "kubernetes:core/v1:PersistentVolumeClaim": [
          "observability-alertmanager-claim",
          "observability-grafana-claim",
          "observability-prometheus-claim",
        ],
        "kubernetes:core/v1:Secret": ["observability-grafana-admin"],
        "kubernetes:helm.sh/v3:Release": ["observability-prometheus"],
        "random:index/randomPassword:RandomPassword": ["observability-grafana-password"],
      });
    });

    it("admits restricted pods only, but for what has to read the node", () => {
      for (const [namespace, level] of [
        ["monitoring", "restricted"],
        ["monitoring-agents", "privileged"],
      ] as const) {
        expect(named(graph, `observability-${namespace}-namespace`).inputs["metadata"], namespace).to.deep.equal({
          name: namespace,
          labels: {
            "app.kubernetes.io/managed-by": "pulumi",
            "pod-security.kubernetes.io/enforce": level,
            "pod-security.kubernetes.io/audit": level,
            "pod-security.kubernetes.io/warn": level,
          },
        });
      }
      expect(valuesOf(graph)).to.have.nested.property("prometheus-node-exporter.namespaceOverride", "monitoring-agents");
    });

    it("claims its volumes by the names that the controllers look for, so that they grow in place and outlive the release", () => {
      const claims = {
        prometheus: ["prometheus-kps-prometheus-db-prometheus-kps-prometheus-0", "20Gi"],
        alertmanager: ["alertmanager-kps-alertmanager-db-alertmanager-kps-alertmanager-0", "1Gi"],
        grafana: ["kps-grafana", "2Gi"],
      } as const;
      for (const [part, [name, storage]] of Object.entries(claims)) {
        expect(named(graph, `observability-${part}-claim`).inputs, part).to.deep.equal({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          metadata: { name, namespace: "monitoring", annotations: { "pulumi.com/skipAwait": "true" } },
          spec: { accessModes: ["ReadWriteOnce"], storageClassName: "general", resources: { requests: { storage } } },
        });
      }
    });

    it("is the pinned chart under a name that never changes, given time, and upgraded even where its first installation failed", () => {
      const release = named(graph, "observability-prometheus");
      const { values, ...inputs } = release.inputs;
      expect(values).to.be.an("object");
      expect(inputs).to.deep.equal({
        name: "kps",
        namespace: "monitoring",
        chart: "kube-prometheus-stack",
        version: "88.5.3",
        repositoryOpts: { repo: "https://prometheus-community.github.io/helm-charts" },
        timeout: 900,
        maxHistory: 3,
        atomic: false,
        compat: "true",
      });
      expect(waitedFor(graph, release)).to.deep.equal([
        "observability-alertmanager-claim",
        "observability-grafana-admin",
        "observability-grafana-claim",
        "observability-monitoring-agents-namespace",
        "observability-monitoring-namespace",
        "observability-prometheus-claim",
      ]);
      expect(valuesOf(graph)["fullnameOverride"]).to.equal("kps");
    });

    it("serves Prometheus on 9090 and Grafana on 3000", () => {
      expect(valuesOf(graph)).to.have.nested.property("prometheus.service.port", 9090);
      expect(valuesOf(graph)).to.have.nested.property("grafana.service.port", 3000);
    });

    it("scrapes and evaluates every 30 seconds, everywhere, what is marked for it in every namespace", () => {
      const intervals = ["scrapeInterval", "evaluationInterval", "interval", "cAdvisorInterval"].flatMap((key) =>
        everywhere(valuesOf(graph), key),
      );
      expect(intervals).to.deep.equal(["30s", "30s", "30s", "30s"]);
      expect(valuesOf(graph)).to.have.nested.property("prometheus.prometheusSpec").that.includes({
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        scrapeConfigSelectorNilUsesHelmValues: false,
      });
    });

    it("keeps metrics as long as it was told, and stops before their volume is full", () => {
      expect(valuesOf(graph)).to.have.nested.property("prometheus.prometheusSpec.retention", "15d");
      expect(valuesOf(graph)).to.have.nested.property("prometheus.prometheusSpec.retentionSize", `${0.8 * 20 * 1024}MB`);
    });

    it("keeps Grafana's data on the claim, with one pod at a time on it", () => {
      const { grafana } = valuesOf(graph) as { grafana: Values };
      expect(grafana).to.deep.include({
        persistence: { enabled: true, type: "pvc", existingClaim: "kps-grafana" },
        deploymentStrategy: { type: "Recreate" },
        initChownData: { enabled: false },
      });
    });

    it("leaves Grafana the data sources that it came with", () => {
      const { grafana } = valuesOf(graph) as { grafana: Values };
      expect(grafana["grafana.ini"]).to.deep.equal({
        analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
        plugins: { preinstall_disabled: true, preinstall_auto_update: false },
      });
    });

    it("has claim templates whose size never changes, since a controller would refuse it", () => {
      const templates = everywhere(valuesOf(graph), "volumeClaimTemplate");
      const spec = { storageClassName: "general", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
      expect(templates).to.deep.equal([{ spec }, { spec }]);
    });

    it("watches nothing that the cloud hides: no rule about it could ever be still", () => {
      const values = valuesOf(graph);
      for (const part of ["kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy"]) {
        expect(values[part], part).to.deep.equal({ enabled: false });
      }
      expect(values["defaultRules"]).to.deep.equal({
        rules: { etcd: false, kubeControllerManager: false, kubeSchedulerAlerting: false, kubeSchedulerRecording: false, kubeProxy: false },
      });
    });

    it("bounds the memory of everything that it runs", () => {
      const resources = everywhere(valuesOf(graph), "resources").filter((value) => everywhere(value, "storage").length === 0);
      expect(resources).to.have.lengthOf(9);
      for (const bounds of resources)
        expect(bounds)
          .to.have.nested.property("limits.memory")
          .that.matches(/^\d+Mi$/);
    });

    it("signs in Grafana's administrator by reference to a Secret, and shows the password nowhere", () => {
      expect(valuesOf(graph)).to.have.deep.nested.property("grafana.admin", {
        existingSecret: "grafana-admin",
        userKey: "admin-user",
        passwordKey: "admin-password",
      });
      expect(everywhere(valuesOf(graph), "adminPassword")).to.deep.equal([]);
      expect(named(graph, "observability-grafana-admin").inputs).to.deep.equal({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "grafana-admin", namespace: "monitoring" },
        stringData: secret,
      });
      expect(named(graph, "observability").outputs).to.deep.equal({
        namespace: "monitoring",
        grafana: {
          username: "admin",
          password: secret,
          command: "kubectl --namespace monitoring port-forward service/kps-grafana 3000",
        },
      });
    });
  });
}

describe("observability", () => {
  it("keeps what the configuration says, on volumes of the class and size that it says", async () => {
    const graph = await simulateComponent(() => observability({ metrics: { retentionDays: 30, storageGiB: 50 }, storageClass: "fast" }));
    expect(valuesOf(graph)).to.have.nested.property("prometheus.prometheusSpec.retention", "30d");
    expect(valuesOf(graph)).to.have.nested.property("prometheus.prometheusSpec.retentionSize", "40960MB");
    const claim = named(graph, "observability-prometheus-claim").inputs;
    expect(claim).to.have.nested.property("spec.resources.requests.storage", "50Gi");
    for (const part of ["prometheus", "alertmanager", "grafana"]) {
      expect(named(graph, `observability-${part}-claim`).inputs).to.have.nested.property("spec.storageClassName", "fast");
    }
    expect(everywhere(valuesOf(graph), "storageClassName")).to.deep.equal(["fast", "fast"]);
  });
});
