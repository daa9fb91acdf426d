import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { SimulatedCloud } from "../../simulator/cloud";
import { Lifecycle } from "../../simulator/engine/lifecycle";
import { secretEnvelope } from "../../simulator/values";

const unknown = pulumi.runtime.unknownValue;
const region = "eu-central-1";
const vpc = "aws:ec2/vpc:Vpc";
const bucket = "aws:s3/bucket:Bucket";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const password = "random:index/randomPassword:RandomPassword";
const configMap = "kubernetes:core/v1:ConfigMap";
const account = "azure-native:storage:StorageAccount";

const seed = Uint8Array.from([1, 2, 3]);
const otherSeed = Uint8Array.from([4, 5, 6]);

type Inputs = Readonly<Record<string, unknown>>;

describe("the check of inputs", () => {
  const lifecycle = new Lifecycle(new SimulatedCloud(region), region);
  const checked = (type: string, olds: Inputs, news: Inputs, random = seed): Inputs =>
    lifecycle.check(type, "uploads", olds, news, random).inputs;

  it("makes up a name from the logical one and the engine's random seed", () => {
    const { bucket: name } = checked(bucket, {}, {});
    expect(name).to.match(/^uploads-[0-9a-f]{7}$/);
    expect(checked(bucket, {}, {}), "the same seed").to.deep.equal({ bucket: name });
    expect(checked(bucket, {}, {}, otherSeed), "another seed").to.not.deep.equal({ bucket: name });
  });

  it("makes it in the form of the type: without a hyphen on Azure, in the metadata of Kubernetes", () => {
    expect(checked(account, {}, {})["accountName"]).to.match(/^uploads[0-9a-f]{8}$/);
    const { metadata } = checked(configMap, {}, { metadata: { namespace: "chat" } });
    expect(metadata).to.have.property("namespace", "chat");
    expect(metadata)
      .to.have.property("name")
      .which.matches(/^uploads-[0-9a-f]{8}$/);
    expect(checked(configMap, {}, {})["metadata"])
      .to.have.property("name")
      .which.matches(/^uploads-/);
  });

  it("keeps within the longest name that the cloud takes", () => {
    const long = "a".repeat(80);
    const { inputs } = lifecycle.check(bucket, long, {}, {}, seed);
    expect(inputs["bucket"]).to.match(/^a{55}-[0-9a-f]{7}$/);
    expect(lifecycle.check(bucket, long, inputs, {}, otherSeed).inputs, "and still knows it for made up").to.deep.equal(inputs);
  });

  it("keeps a name that it made up, whatever the seed of the next run", () => {
    const first = checked(bucket, {}, {});
    expect(checked(bucket, first, { tags: { a: "b" } }, otherSeed)).to.deep.equal({ ...first, tags: { a: "b" } });
    const object = checked(configMap, {}, {});
    expect(checked(configMap, object, { data: { a: "b" } }, otherSeed)).to.deep.equal({ ...object, data: { a: "b" } });
  });

  it("makes up a new one where a name was given before, and leaves a given one alone", () => {
    expect(checked(bucket, { bucket: "acme" }, {})["bucket"]).to.match(/^uploads-[0-9a-f]{7}$/);
    expect(checked(bucket, {}, { bucket: "acme" })).to.deep.equal({ bucket: "acme" });
    expect(checked(bucket, {}, { bucket: unknown }), "one that is not known yet is given").to.deep.equal({ bucket: unknown });
  });

  it("leaves a type alone that has no name", () => {
    expect(checked(vpc, {}, { cidrBlock: "10.0.0.0/16" })).to.deep.equal({ cidrBlock: "10.0.0.0/16" });
  });

  it("refuses what the inputs alone are refused for, by the property", () => {
    const { failures } = lifecycle.check(account, "files", {}, { accountName: secretEnvelope("Acme-Files") }, seed);
    expect(failures).to.deep.equal([{ property: "accountName", reason: "Acme-Files must be 3 to 24 lower case letters and digits" }]);
    expect(lifecycle.check(account, "files", {}, { accountName: unknown }, seed).failures).to.deep.equal([]);
  });

  it("names a type that it does not know", () => {
    expect(() => lifecycle.check("aws:sqs/queue:Queue", "queue", {}, {}, seed)).to.throw("does not know the type aws:sqs/queue:Queue");
  });
});

describe("the diff of inputs", () => {
  const lifecycle = new Lifecycle(new SimulatedCloud(region), region);
  /** The paths for which the resource is made again, and those that are changed in place. */
  const diff = (type: string, olds: Inputs, news: Inputs, settings?: Inputs): { replaces: string[]; updates: string[] } => {
    const { changes } = lifecycle.diff(type, "uploads", olds, news, settings);
    return {
      replaces: changes.flatMap(({ path, replaces }) => (replaces ? [path] : [])),
      updates: changes.flatMap(({ path, replaces }) => (replaces ? [] : [path])),
    };
  };
  const replaced = (...replaces: string[]): unknown => ({ replaces, updates: [] });
  const updated = (...updates: string[]): unknown => ({ replaces: [], updates });

  it("is nothing where nothing changed, nor where only an envelope came or went", () => {
    expect(diff(bucket, { bucket: "acme" }, { bucket: "acme" })).to.deep.equal(updated());
    expect(diff(configMap, { data: { key: "secret" } }, { data: secretEnvelope({ key: "secret" }) })).to.deep.equal(updated());
  });

  it("replaces for what can be set at creation only, and updates for everything else", () => {
    const inputs = { cidrBlock: "10.0.0.0/16", tags: { a: "b" } };
    expect(diff(vpc, inputs, { ...inputs, cidrBlock: "10.8.0.0/16" })).to.deep.equal(replaced("cidrBlock"));
    expect(diff(vpc, inputs, { ...inputs, tags: { a: "c" } })).to.deep.equal(updated("tags.a"));
    expect(diff(vpc, inputs, { cidrBlock: unknown })).to.deep.equal({ replaces: ["cidrBlock"], updates: ["tags"] });
  });

  it("replaces for the data of ConfigMaps and Secrets, unless the provider was told that they may change", () => {
    const secret = "kubernetes:core/v1:Secret";
    const mutable = { enableConfigMapMutable: "true", enableSecretMutable: "true" };
    const data = (value: string): Inputs => ({ data: { a: value } });
    const texts = (value: string): Inputs => ({ stringData: { a: value } });
    expect(diff(configMap, data("1"), data("2"), mutable)).to.deep.equal(updated("data.a"));
    expect(diff(secret, texts("1"), texts("2"), mutable)).to.deep.equal(updated("stringData.a"));
    expect(diff(configMap, data("1"), data("2"))).to.deep.equal(replaced("data.a"));
    expect(diff(secret, texts("1"), texts("2"), { ...mutable, enableSecretMutable: false })).to.deep.equal(replaced("stringData.a"));
    expect(diff(secret, { type: "Opaque" }, { type: "kubernetes.io/tls" }, mutable)).to.deep.equal(replaced("type"));
  });

  it("replaces what Kubernetes refuses to change", () => {
    const storageClass = "kubernetes:storage.k8s.io/v1:StorageClass";
    const claim = "kubernetes:core/v1:PersistentVolumeClaim";
    const deployment = "kubernetes:apps/v1:Deployment";
    const key = "csi.storage.k8s.io/fstype";
    expect(diff(storageClass, { parameters: { [key]: "ext4" } }, { parameters: { [key]: "xfs" } })).to.deep.equal(
      replaced(`parameters["${key}"]`),
    );
    expect(diff(storageClass, { allowVolumeExpansion: false }, { allowVolumeExpansion: true })).to.deep.equal(
      updated("allowVolumeExpansion"),
    );
    const modes = (mode: string): Inputs => ({ spec: { accessModes: [mode] } });
    expect(diff(claim, modes("ReadWriteOnce"), modes("ReadWriteMany"))).to.deep.equal(replaced("spec.accessModes[0]"));
    const size = (storage: string): Inputs => ({ spec: { resources: { requests: { storage } } } });
    expect(diff(claim, size("10Gi"), size("20Gi"))).to.deep.equal(updated("spec.resources.requests.storage"));
    const selecting = (app: string): Inputs => ({ spec: { selector: { matchLabels: { app } }, replicas: app.length } });
    expect(diff(deployment, selecting("chat"), selecting("other"))).to.deep.equal({
      replaces: ["spec.selector.matchLabels.app"],
      updates: ["spec.replicas"],
    });
  });

  it("replaces an object for its name and namespace, a release for its own", () => {
    const object = (name: string, namespace: string): Inputs => ({ metadata: { name, namespace, labels: { name } } });
    expect(diff(configMap, object("a", "chat"), object("b", "tools"))).to.deep.equal({
      replaces: ["metadata.name", "metadata.namespace"],
      updates: ["metadata.labels.name"],
    });
    const release = (name: string, namespace: string, version: string): Inputs => ({ name, namespace, version, values: { version } });
    expect(diff("kubernetes:helm.sh/v3:Release", release("a", "chat", "1"), release("b", "tools", "2"))).to.deep.equal({
      replaces: ["name", "namespace"],
      updates: ["values.version", "version"],
    });
  });

  it("deletes first where the name is given: two of one name cannot be there at once", () => {
    const first = (type: string, inputs: Inputs): boolean => lifecycle.diff(type, "uploads", inputs, inputs).deleteBeforeReplace;
    const madeUp = (type: string): Inputs => lifecycle.check(type, "uploads", {}, {}, seed).inputs;
    expect(first(bucket, { bucket: "acme" })).to.equal(true);
    expect(first(bucket, { bucket: "uploads-files" }), "it only looks made up").to.equal(true);
    expect(first(configMap, { metadata: { name: "settings" } })).to.equal(true);
    for (const type of [bucket, configMap, account]) expect(first(type, madeUp(type)), type).to.equal(false);
    expect(first(vpc, { cidrBlock: "10.0.0.0/16" }), "it has no name").to.equal(false);
  });
});

describe("a resource's outputs", () => {
  let cloud: SimulatedCloud;
  let lifecycle: Lifecycle;
  const urn = (type: string): string => `urn:pulumi:test::test::${type}::it`;
  const create = (type: string, inputs: Inputs, preview: boolean): Promise<{ id: string; outputs: Inputs }> =>
    lifecycle.create(urn(type), type, "it", inputs, preview);
  beforeEach(() => {
    cloud = new SimulatedCloud(region);
    lifecycle = new Lifecycle(cloud, region);
  });

  it("are, in a preview, the inputs and what will be computed, not known yet; nothing is made", async () => {
    const { id, outputs } = await create(bucket, { bucket: "acme", policy: secretEnvelope("p") }, true);
    expect(id).to.equal("");
    expect(outputs).to.deep.equal({
      bucket: unknown,
      arn: unknown,
      bucketDomainName: unknown,
      bucketRegionalDomainName: unknown,
      policy: secretEnvelope("p"),
    });
    expect(cloud.list()).to.deep.equal([]);
  });

  it("are known in a preview where they follow from the inputs", async () => {
    const inputs = { metadata: { name: "chat", labels: { a: "b" } } };
    expect((await create("kubernetes:core/v1:Namespace", inputs, true)).outputs).to.deep.equal(inputs);
    expect((await create(configMap, inputs, true)).outputs["metadata"]).to.deep.equal({ ...inputs.metadata, namespace: "default" });
  });

  it("are all known in a deployment", async () => {
    const { id, outputs } = await create(bucket, { bucket: "acme", policy: secretEnvelope("p") }, false);
    expect(id).to.equal("acme");
    expect(outputs).to.include({ bucket: "acme", arn: "arn:aws:s3:::acme" });
    expect(outputs["policy"], "as it came").to.deep.equal(secretEnvelope("p"));
    expect(cloud.find(bucket, "acme"), "the cloud itself reads it").to.include({ policy: "p" });
  });

  it("have secrets in envelopes, known or not", async () => {
    const preview = await create(password, { length: 20 }, true);
    expect(preview.outputs).to.deep.equal({ length: 20, result: secretEnvelope(unknown), bcryptHash: secretEnvelope(unknown) });
    const { id, outputs } = await create(password, { length: 20 }, false);
    const { result } = cloud.find(password, id) as { result: string };
    expect(result).to.have.lengthOf(20);
    expect(outputs["result"]).to.deep.equal(secretEnvelope(result));
  });

  it("stay known in the preview of an update, but for what it computes again", async () => {
    const { id, outputs } = await create(template, { name: "nodes", imageId: "ami-1" }, false);
    const news = { name: "nodes", tags: { a: "b" } };
    const preview = await lifecycle.update(template, id, outputs, news, true);
    expect(preview).to.include({ name: "nodes", arn: outputs["arn"], latestVersion: unknown, defaultVersion: unknown });
    expect(preview["tags"]).to.deep.equal({ a: "b" });
    expect(cloud.find(template, id), "nothing changed").to.include({ latestVersion: 1, imageId: "ami-1" });
    expect(await lifecycle.update(template, id, outputs, news, false)).to.include({ arn: outputs["arn"], latestVersion: 2 });
  });

  it("lack, in the preview of an update, an input that is no longer given", async () => {
    const { id, outputs } = await create(template, { name: "nodes", imageId: "ami-1" }, false);
    expect(await lifecycle.update(template, id, outputs, { name: "nodes" }, true)).to.not.have.property("imageId");
  });

  it("are gone with the resource", async () => {
    const { id } = await create(bucket, { bucket: "acme" }, false);
    expect(lifecycle.exists(bucket, id)).to.equal(true);
    await lifecycle.delete(bucket, id);
    expect(lifecycle.exists(bucket, id)).to.equal(false);
  });
});
