import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";
import { Lifecycle } from "../../../simulator/engine/lifecycle";
import { resourceTypes } from "../../../simulator/tables";
import { secretEnvelope } from "../../../simulator/values";
import { altered } from "./altered";
import { sound } from "./sound-objects";

type Inputs = Readonly<Record<string, unknown>>;

const region = "eu-central-1";
const mutable = { enableConfigMapMutable: "true", enableSecretMutable: "true" };

function differences(kind: string, olds: Inputs, news: Inputs, settings: Inputs = mutable) {
  const { changes, deleteBeforeReplace } = new Lifecycle(new SimulatedCloud(region), region).diff(
    `kubernetes:${kind}`,
    "chat",
    olds,
    news,
    settings,
  );
  const replaces = changes.flatMap((change) => (change.replaces ? [change.path] : []));
  return { replaces, updates: changes.length - replaces.length, deleteBeforeReplace };
}

/** Whether another value at a path replaces the sound object of a kind. */
function replacesFor(kind: string, path: string, value: unknown): boolean {
  const object = sound[`kubernetes:${kind}`] ?? {};
  const { replaces, updates } = differences(kind, object, altered(object, path, value));
  if (replaces.length + updates === 0) throw new Error(`${kind} ${path} is the same as before`);
  return replaces.length > 0;
}

/** By kind, every path that the provider replaces the object for beside its name and namespace. */
const replacing: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "apps/v1:DaemonSet": { "spec.selector.matchLabels.a": "b" },
  "apps/v1:Deployment": { "spec.selector.matchLabels.a": "b" },
  "apps/v1:StatefulSet": {
    "spec.podManagementPolicy": "Parallel",
    "spec.revisionHistoryLimit": 3,
    "spec.selector.matchLabels.a": "b",
    "spec.serviceName": "other",
    "spec.volumeClaimTemplates[0].spec.resources.requests.storage": "20Gi",
  },
  "batch/v1:Job": {
    "spec.completions": 2,
    "spec.parallelism": 2,
    "spec.selector": { matchLabels: { a: "b" } },
    "spec.template.spec.containers[0].image": "other",
  },
  "core/v1:PersistentVolume": { "spec.csi.volumeHandle": "other" },
  "core/v1:PersistentVolumeClaim": {
    "spec.accessModes[0]": "ReadWriteMany",
    "spec.selector": { matchLabels: { a: "b" } },
    "spec.storageClassName": "other",
    "spec.volumeName": "other",
  },
  "core/v1:ResourceQuota": { "spec.scopes": ["Terminating"] },
  "core/v1:Secret": { type: "Opaque" },
  "core/v1:Service": { "spec.clusterIP": "10.0.0.10" },
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding": { "roleRef.name": "edit" },
  "rbac.authorization.k8s.io/v1:RoleBinding": { "roleRef.name": "edit" },
  "storage.k8s.io/v1:StorageClass": { "parameters.type": "io2", provisioner: "other" },
};

/** Everyday changes that go in place. */
const inPlace: readonly (readonly [kind: string, path: string, value: unknown])[] = [
  ["apps/v1:Deployment", "spec.template.spec.containers[0].image", "other"],
  ["apps/v1:StatefulSet", "spec.template.spec.containers[0].image", "other"],
  ["batch/v1:Job", "spec.backoffLimit", 5],
  ["core/v1:ConfigMap", "data._x", "other"],
  ["core/v1:Secret", "stringData.more", "other"],
  ["core/v1:PersistentVolumeClaim", "spec.resources.requests.storage", "20Gi"],
  ["core/v1:ResourceQuota", "spec.hard.pods", 30],
  ["core/v1:Service", "spec.ports[0].targetPort", 3000],
  ["networking.k8s.io/v1:NetworkPolicy", "spec.egress[0].ports[0].port", 465],
  ["policy/v1:PodDisruptionBudget", "spec.selector.matchLabels.a", "b"],
  ["psmdb.percona.com/v1:PerconaServerMongoDB", "spec.replsets[0].size", 5],
  ["rbac.authorization.k8s.io/v1:RoleBinding", "subjects[0].name", "other"],
  ["scheduling.k8s.io/v1:PriorityClass", "value", 1],
  ["storage.k8s.io/v1:StorageClass", "reclaimPolicy", "Delete"],
];

describe("a change of a Kubernetes object", () => {
  it("replaces it for what the provider replaces its kind for", () => {
    for (const [kind, changes] of Object.entries(replacing))
      for (const [path, value] of Object.entries(changes)) expect(replacesFor(kind, path, value), `${kind} ${path}`).to.equal(true);
  });

  it("replaces every kind for its name, and for its namespace where it has one, and no kind for a label", () => {
    for (const [type, { metadata }] of Object.entries(sound)) {
      const kind = type.replace(/^kubernetes:/, "");
      expect(replacesFor(kind, "metadata.name", "other"), type).to.equal(true);
      if ("namespace" in (metadata as object)) expect(replacesFor(kind, "metadata.namespace", "other"), type).to.equal(true);
      expect(replacesFor(kind, "metadata.labels.more", "other"), type).to.equal(false);
    }
  });

  it("names no more paths than these tests do", () => {
    for (const type of Object.keys(sound)) {
      const paths = resourceTypes.get(type)?.createOnly?.filter((path) => !/^metadata\.name(space)?$/.test(path)) ?? [];
      const tested = Object.keys(replacing[type.replace(/^kubernetes:/, "")] ?? {});
      expect(
        paths.filter((path) => !tested.some((each) => each.startsWith(path))),
        type,
      ).to.deep.equal([]);
    }
  });

  it("goes in place everywhere else", () => {
    for (const [kind, path, value] of inPlace) expect(replacesFor(kind, path, value), `${kind} ${path}`).to.equal(false);
  });

  it("deletes the old object first where the new one has its name and namespace, and only there", () => {
    const object = sound["kubernetes:core/v1:Secret"] ?? {};
    const first = (path: string, value: unknown): boolean =>
      differences("core/v1:Secret", object, altered(object, path, value)).deleteBeforeReplace;
    expect(first("type", "Opaque")).to.equal(true);
    expect(first("metadata.name", "other")).to.equal(false);
    expect(first("metadata.namespace", "other")).to.equal(false);
  });
});

describe("the content of an immutable Secret or ConfigMap", () => {
  const key = (value: string, immutable: boolean): Inputs => ({ immutable, stringData: { key: secretEnvelope(value) } });

  it("replaces it, although the provider was told that content may change", () => {
    expect(differences("core/v1:Secret", key("a", true), key("b", true)).replaces).to.deep.equal(["stringData.key"]);
    expect(differences("core/v1:Secret", key("a", false), key("b", true)).replaces).to.deep.equal(["stringData.key"]);
    expect(differences("core/v1:Secret", key("a", false), key("b", false)).replaces).to.deep.equal([]);
    const text = (value: string): Inputs => ({ immutable: true, data: { a: value } });
    expect(differences("core/v1:ConfigMap", text("a"), text("b")).replaces).to.deep.equal(["data.a"]);
  });

  it("may become immutable in place, and may not change any more afterwards, whatever the provider thinks", () => {
    expect(differences("core/v1:Secret", key("a", false), key("a", true)).replaces).to.deep.equal([]);
    expect(differences("core/v1:Secret", key("a", true), key("a", false)).replaces).to.deep.equal([]);
    const cloud = new SimulatedCloud(region);
    const type = "kubernetes:core/v1:Secret";
    const secret = (value: string, immutable: boolean, labels = {}): Inputs => ({
      metadata: { name: "key", labels },
      immutable,
      stringData: { key: value },
    });
    const { id } = cloud.create({ urn: "urn:key", type, name: "key", inputs: secret("a", false) });
    cloud.update(type, id, secret("b", false));
    cloud.update(type, id, secret("b", true));
    cloud.update(type, id, secret("b", true, { a: "b" }));
    expect(() => cloud.update(type, id, secret("b", false))).to.throw("immutable: field is immutable when `immutable` is set");
    expect(() => cloud.update(type, id, secret("c", true))).to.throw("stringData: field is immutable when `immutable` is set");
  });
});

describe("what the provider leaves to the API, which refuses the change", () => {
  const refusedChanges: readonly (readonly [kind: string, path: string, value: unknown, reason: string])[] = [
    ["batch/v1:Job", "spec.completionMode", "Indexed", "may not be changed in an update"],
    ["core/v1:PersistentVolumeClaim", "spec.resources.requests.storage", "9Gi", "field can not be less than status.capacity"],
    ["networking.k8s.io/v1:IngressClass", "spec.controller", "other", "may not be changed in an update"],
    ["scheduling.k8s.io/v1:PriorityClass", "preemptionPolicy", "Never", "may not be changed in an update"],
    ["scheduling.k8s.io/v1:PriorityClass", "value", 1, "may not be changed in an update"],
    ["storage.k8s.io/v1:StorageClass", "reclaimPolicy", "Delete", "may not be changed in an update"],
    ["storage.k8s.io/v1:StorageClass", "volumeBindingMode", "Immediate", "may not be changed in an update"],
  ];
  for (const [kind, path, value, reason] of refusedChanges) {
    it(`${kind.split(":")[1] ?? kind} ${path}`, () => {
      const cloud = new SimulatedCloud(region);
      const type = `kubernetes:${kind}`;
      const object = sound[type] ?? {};
      cloud.create({
        urn: "urn:namespace",
        type: "kubernetes:core/v1:Namespace",
        name: "namespace",
        inputs: { metadata: { name: "rocketchat" } },
      });
      const { id } = cloud.create({ urn: "urn:object", type, name: "object", inputs: object });
      cloud.update(type, id, altered(object, "metadata.labels.more", "label"));
      expect(() => cloud.update(type, id, altered(object, path, value))).to.throw(`${path}: Forbidden: ${reason}`);
    });
  }

  it("grows a claim", () => {
    const cloud = new SimulatedCloud(region);
    const type = "kubernetes:core/v1:PersistentVolumeClaim";
    const claim = (storage: string): Inputs => ({ metadata: { name: "data" }, spec: { resources: { requests: { storage } } } });
    const { id } = cloud.create({ urn: "urn:claim", type, name: "claim", inputs: claim("1024Mi") });
    cloud.update(type, id, claim("1Gi"));
    cloud.update(type, id, claim("1.5Gi"));
    expect(() => cloud.update(type, id, claim("1535Mi"))).to.throw("can not be less");
  });
});
