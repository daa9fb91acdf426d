import { expect } from "chai";

import { CertManager } from "../../../components/cert-manager";
import type { ResourceGraph } from "../../../simulator/graph";
import { onKubernetes, policyFacts } from "../../support/chat";
import { contents, named, ofType, simulateComponent, waitsFor } from "../../support/simulated";

const make = (protect = true): CertManager => new CertManager("certificates", { policyFacts, protect }, onKubernetes());

for (const preview of [true, false]) {
  describe(`cert-manager, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => make(), { preview });
    });

    it("is a release in a namespace of its own, behind policies", () => {
      const { "kubernetes:networking.k8s.io/v1:NetworkPolicy": policies, ...others } = contents(graph, "certificates");
      expect(others).to.deep.equal({
        "kubernetes:core/v1:Namespace": ["certificates-namespace"],
        "kubernetes:helm.sh/v3:Release": ["certificates-release"],
      });
      expect(policies).to.include("certificates-default-deny");
    });

    it("has a protected namespace that admits restricted pods only", () => {
      const namespace = named(graph, "certificates-namespace");
      expect(namespace.protect).to.equal(true);
      expect(namespace.inputs["metadata"]).to.deep.equal({
        name: "cert-manager",
        labels: {
          "app.kubernetes.io/managed-by": "pulumi",
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      });
    });

    it("is pinned, keeps its definitions, and bounds the memory of every container", () => {
      const resources = { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "128Mi" } };
      const { compat, ...inputs } = named(graph, "certificates-release").inputs;
      expect(compat).to.equal("true");
      expect(inputs).to.deep.equal({
        name: "cert-manager",
        namespace: "cert-manager",
        chart: "cert-manager",
        version: "v1.21.1",
        repositoryOpts: { repo: "https://charts.jetstack.io" },
        values: {
          crds: { enabled: true, keep: true },
          global: { leaderElection: { namespace: "cert-manager" } },
          resources,
          webhook: { resources },
          cainjector: { resources: { ...resources, requests: { cpu: "10m", memory: "48Mi" } } },
          startupapicheck: { resources, timeout: "5m" },
        },
        timeout: 600,
        maxHistory: 3,
        atomic: false,
      });
    });

    it("starts when its pods may speak", () => {
      const release = named(graph, "certificates-release");
      for (const policy of ofType(graph, "kubernetes:networking.k8s.io/v1:NetworkPolicy"))
        expect(waitsFor(graph, release, policy), policy.name).to.equal(true);
    });
  });
}

describe("cert-manager", () => {
  it("may be deleted where the configuration lets go", async () => {
    const graph = await simulateComponent(() => make(false));
    expect(named(graph, "certificates-namespace").protect).to.equal(false);
  });
});
