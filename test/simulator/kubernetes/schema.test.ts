import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";
import { Lifecycle } from "../../../simulator/engine/lifecycle";
import { SimulationError } from "../../../simulator/simulate";
import { resourceTypes } from "../../../simulator/tables";
import { secretEnvelope, unknownValue } from "../../../simulator/values";
import { simulateComponent } from "../../support/simulated";
import { altered, isMapAt, pathsOf, valueAt } from "./altered";
import { refused, refusedWith } from "./refused";
import { sound } from "./sound-objects";

const kinds = [...resourceTypes.keys()].filter((type) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh/"));
/** Groups whose kinds no package in use has schemas of. */
const withoutSchema = /^kubernetes:(cilium\.io|elbv2\.k8s\.aws|monitoring\.coreos\.com|psmdb\.percona\.com)\//;

/** Maps whose keys are the user's own. */
const free =
  /(^|\.)(annotations|binaryData|capacity|data|default|defaultRequest|hard|labels|limits|matchLabels|max|min|parameters|requests|stringData|volumeAttributes)$/;
const isFree = (type: string, path: string): boolean => free.test(path) || (type.endsWith(":Service") && path === "spec.selector");

describe("the check of a Kubernetes object", () => {
  it("takes a sound object of every kind in the table", () => {
    expect(Object.keys(sound).sort()).to.deep.equal([...kinds].sort());
    for (const [type, object] of Object.entries(sound)) expect(refused(type, object), type).to.deep.equal([]);
  });

  it("takes it whichever of its values, maps and lists is not known yet", () => {
    for (const [type, object] of Object.entries(sound)) {
      const paths = pathsOf(object).filter((path) => path !== "apiVersion" && path !== "kind");
      for (const path of paths) expect(refused(type, altered(object, path, unknownValue)), `${type} ${path}`).to.deep.equal([]);
    }
  });

  it("takes it whichever of its values, maps and lists is secret", () => {
    for (const [type, object] of Object.entries(sound)) {
      for (const path of pathsOf(object)) {
        const hidden = altered(object, path, secretEnvelope(valueAt(object, path)));
        expect(refused(type, hidden), `${type} ${path}`).to.deep.equal([]);
      }
    }
  });

  it("refuses a field that the API does not know, wherever it stands", () => {
    let places = 0;
    for (const [type, object] of Object.entries(sound)) {
      if (withoutSchema.test(type)) continue;
      const maps = ["", ...pathsOf(object)].filter((path) => isMapAt(object, path) && !isFree(type, path));
      places += maps.length;
      for (const path of maps) {
        const at = path === "" ? "replicaz" : `${path}.replicaz`;
        expect(refused(type, altered(object, at, 1)), `${type} ${at}`).to.include(`${at}: unknown field "replicaz"`);
      }
    }
    expect(places).to.be.greaterThan(200);
  });

  it("refuses a text, a number and a map where something else belongs", () => {
    const refusals: readonly (readonly [string, string, unknown, string])[] = [
      ["apps/v1:Deployment", "spec.replicas", "2", "it must be of type integer"],
      ["apps/v1:Deployment", "spec.replicas", 2.5, "it must be of type integer or a valid int32"],
      ["apps/v1:Deployment", "spec.replicas", 2 ** 31, "it must be a valid int32"],
      ["apps/v1:Deployment", "spec.template.spec.automountServiceAccountToken", "false", "it must be of type boolean"],
      ["apps/v1:Deployment", "spec.template.spec.containers[0].env[0].value", 3000, "it must be of type string"],
      ["apps/v1:Deployment", "spec.template.spec.containers", {}, "it must be of type array"],
      ["apps/v1:Deployment", "metadata", "chat", "it must be of type object"],
      ["core/v1:ConfigMap", "data._x", true, "it must be of type string"],
      ["core/v1:Secret", 'data["tls.key"]', "not base64!", "it must be a valid byte"],
      ["core/v1:Service", "spec.ports[0].targetPort", true, "it must be of type string or of type integer"],
      ["cert-manager.io/v1:Certificate", "spec.usages[0]", "digital-signature", "it must be one of signing, digital signature"],
    ];
    for (const [kind, path, value, reason] of refusals) {
      expect(refusedWith(kind, { [path]: value }).join("\n"), `${kind} ${path}`).to.include(`${path}: ${reason}`);
    }
  });

  it("refuses quantities that are none, wherever they stand", () => {
    const places: readonly (readonly [string, string])[] = [
      ["apps/v1:Deployment", "spec.template.spec.containers[0].resources.requests.memory"],
      ["apps/v1:Deployment", "spec.template.spec.volumes[0].emptyDir.sizeLimit"],
      ["core/v1:LimitRange", "spec.limits[0].default.memory"],
      ["core/v1:PersistentVolume", "spec.capacity.storage"],
      ["core/v1:PersistentVolumeClaim", "spec.resources.requests.storage"],
      ["core/v1:ResourceQuota", "spec.hard.pods"],
    ];
    for (const [kind, path] of places) {
      for (const value of ["10GiB", "1 Gi", "1Mb", "1d", "ten", "", "1K", "-", "1.5.1"])
        expect(refusedWith(kind, { [path]: value }), `${kind} ${value}`).to.include(
          `${path}: it must be of type number or a valid quantity`,
        );
      for (const value of [1, "1", "1.5", ".5", "1Ki", "2.5Ti", "1e3", "1E3", "1E", "10P"])
        expect(refusedWith(kind, { [path]: value }).join(), `${kind} ${value}`).to.not.include("quantity");
    }
  });

  it("refuses that something is missing, by its path", () => {
    const missing: readonly (readonly [string, string])[] = [
      ["apps/v1:Deployment", "spec"],
      ["apps/v1:Deployment", "spec.selector"],
      ["apps/v1:Deployment", "spec.template.spec.containers"],
      ["apps/v1:Deployment", "spec.template.spec.containers[0].name"],
      ["apps/v1:StatefulSet", "spec.template"],
      ["autoscaling/v2:HorizontalPodAutoscaler", "spec.maxReplicas"],
      ["autoscaling/v2:HorizontalPodAutoscaler", "spec"],
      ["batch/v1:Job", "spec"],
      ["cert-manager.io/v1:Certificate", "spec.issuerRef"],
      ["cert-manager.io/v1:Issuer", "spec"],
      ["core/v1:LimitRange", "spec"],
      ["core/v1:PersistentVolumeClaim", "spec"],
      ["core/v1:Service", "spec.ports[1].port"],
      ["networking.k8s.io/v1:Ingress", "spec.rules[0].http.paths[0].pathType"],
      ["rbac.authorization.k8s.io/v1:RoleBinding", "roleRef"],
      ["rbac.authorization.k8s.io/v1:RoleBinding", "subjects[0].kind"],
      ["storage.k8s.io/v1:StorageClass", "provisioner"],
    ];
    for (const [kind, path] of missing) expect(refusedWith(kind, { [path]: undefined }), kind).to.deep.equal([`${path}: it is required`]);
  });

  it("takes anything in a map that the schema leaves open", () => {
    const webhook = { groupName: "acme.example.com", solverName: "dns", config: { zone: { id: 1 }, anything: ["at all"] } };
    const acme = { server: "https://acme.example.com", privateKeySecretRef: { name: "key" }, solvers: [{ dns01: { webhook } }] };
    expect(refusedWith("cert-manager.io/v1:Issuer", { "spec.acme": acme })).to.deep.equal([]);
  });

  it("never shows a value: it may be a secret", () => {
    const [value] = ["the-password-of-somebody!"];
    const shown = refusedWith("core/v1:Secret", { 'data["tls.key"]': secretEnvelope(value), "data.more": secretEnvelope([value]) });
    expect(shown).to.deep.equal(['data["tls.key"]: it must be a valid byte', "data.more: it must be of type string"]);
  });

  it("takes an object's kind and version from the type where the inputs have none", () => {
    const { apiVersion, kind, ...inputs } = sound["kubernetes:core/v1:Service"] ?? {};
    expect([apiVersion, kind]).to.deep.equal(["v1", "Service"]);
    expect(refused("kubernetes:core/v1:Service", inputs)).to.deep.equal([]);
  });
});

describe("the three doors of the check", () => {
  const typo = { metadata: { name: "chat" }, spec: { ports: [{ port: "http" }], selektor: {} } } as object;
  const wanted = ["spec.ports[0].port: it must be of type integer", 'spec.selektor: unknown field "selektor"'];

  for (const preview of [true, false]) {
    it(`stand in a simulated ${preview ? "preview" : "deployment"}`, async () => {
      const error: unknown = await simulateComponent(() => new k8s.core.v1.Service("chat", typo), { preview }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(SimulationError);
      expect((error as SimulationError).failures.map(({ reason }) => reason)).to.deep.equal(
        wanted.map((each) => `the simulated cloud refuses ${each}`),
      );
    });
  }

  it("stand in the provider server", () => {
    const lifecycle = new Lifecycle(new SimulatedCloud("eu-central-1"), "eu-central-1");
    const { failures } = lifecycle.check("kubernetes:core/v1:Service", "chat", {}, typo as never, Uint8Array.from([1]));
    expect(failures.map(({ property, reason }) => `${property}: ${reason}`)).to.deep.equal(wanted);
  });

  it("let a preview pass in which an output is not known yet", async () => {
    const { resources } = await simulateComponent(
      () => {
        const claim = new k8s.helm.v3.Release("release", { chart: "chart" });
        const labels = { app: claim.status.version };
        return new k8s.apps.v1.Deployment("chat", {
          spec: {
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers: [{ name: pulumi.interpolate`${claim.status.name}`, image: "i" }] } },
          },
        });
      },
      { preview: true },
    );
    expect(resources.map(({ name }) => name)).to.include("chat");
  });
});
