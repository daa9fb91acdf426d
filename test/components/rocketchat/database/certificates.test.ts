import { expect } from "chai";

import type { ResourceGraph } from "../../../../simulator/graph";
import { named, simulateComponent, waitedFor, waitsFor } from "../../../support/simulated";
import { database } from "./fixture";

const object = (kind: string, name: string, spec: Record<string, unknown>): Record<string, unknown> => ({
  apiVersion: "cert-manager.io/v1",
  kind,
  metadata: {
    name,
    namespace: "rocketchat",
    labels: { "app.kubernetes.io/name": "rocketchat-db", "app.kubernetes.io/managed-by": "pulumi" },
    annotations: { "pulumi.com/waitFor": "condition=Ready" },
  },
  spec,
});

const member = (name: string): Record<string, unknown> =>
  object("Certificate", name, {
    secretName: name,
    commonName: "rocketchat-db",
    subject: { organizations: ["PSMDB"] },
    usages: ["digital signature", "key encipherment", "server auth", "client auth"],
    dnsNames: [
      "localhost",
      "rocketchat-db-rs0",
      "rocketchat-db-rs0.rocketchat",
      "rocketchat-db-rs0.rocketchat.svc.cluster.local",
      "*.rocketchat-db-rs0",
      "*.rocketchat-db-rs0.rocketchat",
      "*.rocketchat-db-rs0.rocketchat.svc.cluster.local",
    ],
    duration: "8760h",
    renewBefore: "1440h",
    issuerRef: { group: "cert-manager.io", kind: "Issuer", name: "rocketchat-db" },
  });

for (const preview of [true, false]) {
  describe(`the database's certificates, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => database(), { preview });
    });
    const inputsOf = (suffix: string) => named(graph, `chat-database-${suffix}`).inputs;

    it("are signed by an authority of the program's own, which lives ten years and keeps its key", () => {
      expect(inputsOf("self-signed-issuer")).to.deep.equal(object("Issuer", "rocketchat-db-self-signed", { selfSigned: {} }));
      expect(inputsOf("authority")).to.deep.equal(
        object("Certificate", "rocketchat-db-ca", {
          secretName: "rocketchat-db-ca",
          commonName: "rocketchat-db-ca",
          isCA: true,
          duration: "87600h",
          privateKey: { rotationPolicy: "Never" },
          issuerRef: { group: "cert-manager.io", kind: "Issuer", name: "rocketchat-db-self-signed" },
        }),
      );
      expect(inputsOf("issuer")).to.deep.equal(object("Issuer", "rocketchat-db", { ca: { secretName: "rocketchat-db-ca" } }));
    });

    it("lie where the operator looks for them, name every member, and live a year", () => {
      expect(inputsOf("certificate")).to.deep.equal(member("rocketchat-db-ssl"));
      expect(inputsOf("internal-certificate")).to.deep.equal(member("rocketchat-db-ssl-internal"));
      expect(named(graph, "chat-database-cluster").inputs).to.deep.nested.include({
        "spec.secrets.ssl": "rocketchat-db-ssl",
        "spec.secrets.sslInternal": "rocketchat-db-ssl-internal",
      });
    });

    it("are asked for one after the other, each when the one before is ready, once cert-manager answers", () => {
      const waits = Object.fromEntries(
        ["self-signed-issuer", "authority", "issuer", "certificate", "internal-certificate"].map((suffix) => [
          suffix,
          waitedFor(graph, named(graph, `chat-database-${suffix}`)),
        ]),
      );
      expect(waits).to.deep.equal({
        "self-signed-issuer": ["namespace", "policies"],
        authority: ["chat-database-self-signed-issuer", "namespace"],
        issuer: ["chat-database-authority", "namespace"],
        certificate: ["chat-database-issuer", "namespace"],
        "internal-certificate": ["chat-database-issuer", "namespace"],
      });
    });

    it("are never the operator's to issue: told of an Issuer it takes the Issuer over", () => {
      expect(named(graph, "chat-database-cluster").inputs).to.deep.nested.include({ "spec.tls": { mode: "requireTLS" } });
      expect(waitsFor(graph, named(graph, "chat-database-certificate"), named(graph, "chat-database-operator"))).to.equal(false);
    });
  });
}
