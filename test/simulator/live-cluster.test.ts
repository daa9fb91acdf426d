import { expect } from "chai";

import { SimulatedCloud } from "../../simulator/cloud";
import { Lifecycle } from "../../simulator/engine/lifecycle";
import { isApiObject, type LiveCluster } from "../../simulator/engine/live-cluster";
import { secretEnvelope } from "../../simulator/values";

const region = "eu-central-1";
const configMap = "kubernetes:core/v1:ConfigMap";
const release = "kubernetes:helm.sh/v3:Release";
type Inputs = Readonly<Record<string, unknown>>;

/** A cluster that notes what it is asked for, and refuses what it is told to. */
class NotingCluster implements LiveCluster {
  readonly kubeconfig = "the real one";
  readonly asked: string[] = [];
  readonly applied: Inputs[] = [];
  refusal: string | undefined;

  apply = (manifest: Inputs): Promise<void> => this.note("apply", manifest);
  remove = (manifest: Inputs): Promise<void> => this.note("remove", manifest);

  private note(what: string, manifest: Inputs): Promise<void> {
    if (this.refusal !== undefined) return Promise.reject(new Error(this.refusal));
    if (what === "apply") this.applied.push(manifest);
    this.asked.push(`${what} ${String((manifest["metadata"] as Inputs | undefined)?.["name"])}`);
    return Promise.resolve();
  }
}

/** What a promise was rejected with. */
const refused = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe("a real Kubernetes API beside the simulated cloud", () => {
  let cloud: SimulatedCloud;
  let cluster: NotingCluster;
  let lifecycle: Lifecycle;
  const create = (type: string, inputs: Inputs, preview = false): Promise<{ id: string; outputs: Inputs }> =>
    lifecycle.create(`urn:pulumi:test::test::${type}::it`, type, "it", inputs, preview);
  const settings = (data: unknown): Inputs => ({ metadata: { name: "settings" }, data });

  beforeEach(() => {
    cloud = new SimulatedCloud(region);
    cluster = new NotingCluster();
    lifecycle = new Lifecycle(cloud, region, cluster);
  });

  it("gets every object, with its secrets opened, and its changes", async () => {
    const { id, outputs } = await create(configMap, settings(secretEnvelope({ a: "1" })));
    await lifecycle.update(configMap, id, outputs, settings({ a: "2" }), false);
    expect(cluster.applied).to.deep.equal([settings({ a: "1" }), settings({ a: "2" })]);
  });

  it("gets nothing in a preview", async () => {
    await create(configMap, settings({}), true);
    const { id, outputs } = await create(configMap, settings({}));
    await lifecycle.update(configMap, id, outputs, settings({ a: "2" }), true);
    expect(cluster.asked).to.deep.equal(["apply settings"]);
  });

  it("loses what is deleted, once", async () => {
    const { id } = await create(configMap, settings({}));
    await lifecycle.delete(configMap, id);
    await lifecycle.delete(configMap, id);
    expect(cluster.asked).to.deep.equal(["apply settings", "remove settings"]);
  });

  it("has the last word: what it refuses does not stay in the simulated cloud, and its words are passed on", async () => {
    cluster.refusal = 'unknown field "spec.relicas"';
    expect(await refused(create(configMap, settings({})))).to.equal('unknown field "spec.relicas"');
    expect(cloud.list()).to.deep.equal([]);
    cluster.refusal = undefined;
    expect((await create(configMap, settings({}))).id, "so that it can be made when it was mended").to.equal("default/settings");
  });

  it("is not asked for what the simulated cloud refuses: a new object, a change, a deletion", async () => {
    expect(await refused(create(configMap, { metadata: { name: "settings", namespace: "none" } }))).to.contain(
      "there is no namespace none",
    );
    expect(await refused(lifecycle.update(configMap, "default/none", {}, settings({}), false))).to.contain("does not exist");
    await lifecycle.delete(configMap, "default/none");
    expect(cluster.asked).to.deep.equal([]);
  });

  it("leaves the simulated cloud as it was where it refuses a change", async () => {
    const { id, outputs } = await create(configMap, settings({ a: "1" }));
    cluster.refusal = "field is immutable";
    expect(await refused(lifecycle.update(configMap, id, outputs, settings({ a: "2" }), false))).to.equal("field is immutable");
    expect(cloud.find(configMap, id)?.["data"]).to.deep.equal({ a: "1" });
  });

  it("is asked again to remove what it did not remove", async () => {
    const { id } = await create(configMap, settings({}));
    cluster.refusal = "a finalizer keeps it";
    expect(await refused(lifecycle.delete(configMap, id))).to.equal("a finalizer keeps it");
    cluster.refusal = undefined;
    await lifecycle.delete(configMap, id);
    expect(cluster.asked).to.deep.equal(["apply settings", "remove settings"]);
    expect(cloud.list()).to.deep.equal([]);
  });

  it("gets no release, which is Helm's, no provider and nothing of a cloud", async () => {
    const made = await create(release, { name: "kps", namespace: "default" });
    await create("aws:s3/bucket:Bucket", { bucket: "acme" });
    await lifecycle.delete(release, made.id);
    expect(cluster.asked).to.deep.equal([]);
    expect([release, "pulumi:providers:kubernetes", "aws:s3/bucket:Bucket"].filter(isApiObject)).to.deep.equal([]);
    expect(isApiObject(configMap)).to.equal(true);
  });

  it("is what the simulated clusters hand out", () => {
    const answer = lifecycle.invoke("azure-native:containerservice:listManagedClusterUserCredentials", { resourceName: "acme" });
    expect(answer["kubeconfigs"]).to.deep.equal([{ name: "clusterUser", value: Buffer.from("the real one").toString("base64") }]);
    expect(() => lifecycle.invoke("aws:s3/getBucket:getBucket", {})).to.throw("does not know the function aws:s3/getBucket:getBucket");
  });
});
