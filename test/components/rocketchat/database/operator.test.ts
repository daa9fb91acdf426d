import { expect } from "chai";

import { databasePlacement, operatorPods } from "../../../../components/rocketchat/database";
import type { ResourceGraph } from "../../../../simulator/graph";
import { named, simulateComponent } from "../../../support/simulated";
import { container, database } from "./fixture";

const release = {
  namespace: "rocketchat",
  version: "1.22.0",
  repositoryOpts: { repo: "https://percona.github.io/percona-helm-charts" },
  timeout: 600,
  maxHistory: 3,
  atomic: false,
  compat: "true",
};

const values = {
  disableTelemetry: true,
  logStructured: true,
  resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
  podSecurityContext: { runAsNonRoot: true, runAsUser: 2, runAsGroup: 2, fsGroup: 2, seccompProfile: { type: "RuntimeDefault" } },
  securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
};

for (const preview of [true, false]) {
  describe(`the database's operator, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => database(), { preview });
    });

    it("has its definitions from a release of their own, whose name never changes", () => {
      expect(named(graph, "chat-database-definitions").inputs).to.deep.equal({
        ...release,
        name: "psmdb-operator-crds",
        chart: "psmdb-operator-crds",
        values: {},
      });
    });

    it("watches its own namespace alone, tells nobody of it, and passes Pod Security `restricted`", () => {
      expect(named(graph, "chat-database-operator").inputs).to.deep.equal({
        ...release,
        name: "psmdb-operator",
        chart: "psmdb-operator",
        skipCrds: true,
        values: {
          ...values,
          serviceAccount: { annotations: { "acme.io/role": "operator-identity" } },
          podLabels: { "acme.io/identity": "use" },
        },
      });
    });

    it("has no identity where a key opens the store", async () => {
      const onAzure = await simulateComponent(() => database({ backups: container() }), { preview });
      expect(named(onAzure, "chat-database-operator").inputs["values"]).to.deep.equal(values);
    });

    it("is called as those who give it an identity, or let it speak, expect: the chart names both after the release", () => {
      const { name } = named(graph, "chat-database-operator").inputs;
      expect(databasePlacement.operatorServiceAccount).to.equal(name);
      expect(operatorPods).to.deep.equal({ "app.kubernetes.io/name": "psmdb-operator", "app.kubernetes.io/instance": name });
    });
  });
}
