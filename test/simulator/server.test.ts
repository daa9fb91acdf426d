import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as protocol from "@pulumi/pulumi/proto/provider_pb";
import { expect } from "chai";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

import { SimulatedCloud } from "../../simulator/cloud";
import { startProviderServer, type ProviderServer } from "../../simulator/engine/server";
import { secretEnvelope } from "../../simulator/values";

const unknown = pulumi.runtime.unknownValue;
const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const bucket = "aws:s3/bucket:Bucket";
const account = "azure-native:storage:StorageAccount";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = protocol.PropertyDiff.Kind;

type Inputs = Readonly<Record<string, unknown>>;
const struct = (value: Inputs): Struct => Struct.fromJavaScript(value as Record<string, JavaScriptValue>);
/** As the engine writes them, with the types of the components that own a resource before its own. */
const urnOf = (type: string, name = "it"): string => `urn:pulumi:test::test::rocketchat:aws:Network$${type}::${name}`;

describe("a provider server", () => {
  let server: ProviderServer;
  let client: ResourceProviderClient;
  let cloud: SimulatedCloud;

  /** Calls a method of the client. */
  const ask = <Response>(call: (done: (error: grpc.ServiceError | null, response: Response) => void) => unknown): Promise<Response> =>
    new Promise((resolve, reject) => {
      call((error, response) => (error === null ? resolve(response) : reject(error)));
    });
  /** What a request was answered with where that is an error. */
  const refused = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => "",
      (error: unknown) => (error as grpc.ServiceError).details,
    );

  const check = (type: string, news: Inputs, olds: Inputs = {}): Promise<protocol.CheckResponse> => {
    const request = new protocol.CheckRequest();
    request.setUrn(urnOf(type));
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setRandomseed(Uint8Array.from([1, 2, 3]));
    return ask<protocol.CheckResponse>((done) => client.check(request, done));
  };
  const diffRequest = (type: string, olds: Inputs, news: Inputs): protocol.DiffRequest => {
    const request = new protocol.DiffRequest();
    request.setUrn(urnOf(type));
    request.setOldInputs(struct(olds));
    request.setNews(struct(news));
    return request;
  };
  const diff = (type: string, olds: Inputs, news: Inputs): Promise<protocol.DiffResponse> =>
    ask<protocol.DiffResponse>((done) => client.diff(diffRequest(type, olds, news), done));
  const diffConfig = (olds: Inputs, news: Inputs): Promise<protocol.DiffResponse> =>
    ask<protocol.DiffResponse>((done) => client.diffConfig(diffRequest("pulumi:providers:kubernetes", olds, news), done));
  const create = async (type: string, inputs: Inputs, { preview = false, name = "it" } = {}): Promise<{ id: string; outputs: Inputs }> => {
    const request = new protocol.CreateRequest();
    request.setUrn(urnOf(type, name));
    request.setProperties(struct(inputs));
    request.setPreview(preview);
    const response = await ask<protocol.CreateResponse>((done) => client.create(request, done));
    return { id: response.getId(), outputs: response.getProperties()?.toJavaScript() ?? {} };
  };
  const update = async (type: string, id: string, olds: Inputs, news: Inputs, preview = false): Promise<Inputs> => {
    const request = new protocol.UpdateRequest();
    request.setUrn(urnOf(type));
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(news));
    request.setPreview(preview);
    const response = await ask<protocol.UpdateResponse>((done) => client.update(request, done));
    return response.getProperties()?.toJavaScript() ?? {};
  };
  const read = (type: string, id: string, state: Inputs): Promise<protocol.ReadResponse> => {
    const request = new protocol.ReadRequest();
    request.setUrn(urnOf(type));
    request.setId(id);
    request.setProperties(struct(state));
    request.setInputs(struct(state));
    return ask<protocol.ReadResponse>((done) => client.read(request, done));
  };
  const remove = (type: string, id: string): Promise<Empty> => {
    const request = new protocol.DeleteRequest();
    request.setUrn(urnOf(type));
    request.setId(id);
    return ask<Empty>((done) => client.delete(request, done));
  };
  const invoke = async (token: string, args: Inputs): Promise<Inputs> => {
    const request = new protocol.InvokeRequest();
    request.setTok(token);
    request.setArgs(struct(args));
    const response = await ask<protocol.InvokeResponse>((done) => client.invoke(request, done));
    return response.getReturn()?.toJavaScript() ?? {};
  };

  beforeEach(async () => {
    cloud = new SimulatedCloud("eu-central-1");
    server = await startProviderServer(cloud, "eu-central-1");
    client = new ResourceProviderClient(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
  });
  afterEach(() => {
    client.close();
    server.close();
  });

  it("says what it takes: secrets, resources, outputs and previews", async () => {
    const handshake = await ask<protocol.ProviderHandshakeResponse>((done) =>
      client.handshake(new protocol.ProviderHandshakeRequest(), done),
    );
    expect(handshake.toObject()).to.include({ acceptSecrets: true, acceptResources: true, acceptOutputs: true });
    const configured = await ask<protocol.ConfigureResponse>((done) => client.configure(new protocol.ConfigureRequest(), done));
    expect(configured.toObject()).to.include({ acceptsecrets: true, acceptresources: true, acceptoutputs: true, supportspreview: true });
  });

  it("is newer than any SDK asks for", async () => {
    const info = await ask<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
    expect(info.getVersion()).to.equal("999.0.0");
  });

  describe("asked to check", () => {
    it("makes up a missing name out of the URN's", async () => {
      const response = await check(bucket, {});
      expect(response.getInputs()?.toJavaScript()["bucket"]).to.match(/^it-[0-9a-f]{7}$/);
      expect(response.getFailuresList()).to.deep.equal([]);
    });

    it("names the property of what it refuses", async () => {
      const response = await check(account, { accountName: "Acme" });
      expect(response.toObject().failuresList).to.deep.equal([
        { property: "accountName", reason: "Acme must be 3 to 24 lower case letters and digits" },
      ]);
    });
  });

  describe("asked for a diff", () => {
    it("has none where nothing changed", async () => {
      const response = await diff(bucket, { bucket: "acme" }, { bucket: "acme" });
      expect(response.getChanges()).to.equal(DIFF_NONE);
      expect(response.getDetaileddiffMap().getLength()).to.equal(0);
    });

    it("says of each path how it changed, and whether it replaces", async () => {
      const response = await diff(
        bucket,
        { bucket: "acme", tags: { a: "1", b: "1" }, objectLockEnabled: false },
        { bucket: "acme", tags: { a: "2", c: "1" }, objectLockEnabled: true },
      );
      expect(response.getChanges()).to.equal(DIFF_SOME);
      expect(response.getHasdetaileddiff()).to.equal(true);
      const kinds = new Map([...response.getDetaileddiffMap().entries()].map(([path, detail]) => [path, detail.toObject()]));
      expect(Object.fromEntries(kinds)).to.deep.equal({
        objectLockEnabled: { kind: UPDATE_REPLACE, inputdiff: true },
        "tags.a": { kind: UPDATE, inputdiff: true },
        "tags.b": { kind: DELETE, inputdiff: true },
        "tags.c": { kind: ADD, inputdiff: true },
      });
      expect(response.getDiffsList()).to.deep.equal(["objectLockEnabled", "tags"]);
      expect(response.getReplacesList()).to.deep.equal(["objectLockEnabled"]);
      expect(response.getDeletebeforereplace(), "the name is given").to.equal(true);
    });

    it("asks for no deletion where nothing is replaced, or where the name was made up", async () => {
      expect((await diff(bucket, { bucket: "acme" }, { bucket: "acme", tags: {} })).getDeletebeforereplace()).to.equal(false);
      const inputs = (await check(bucket, {})).getInputs()?.toJavaScript() ?? {};
      const replaced = await diff(bucket, inputs, { ...inputs, objectLockEnabled: true });
      expect(replaced.getReplacesList()).to.deep.equal(["objectLockEnabled"]);
      expect(replaced.getDeletebeforereplace()).to.equal(false);
    });
  });

  it("remembers of each connection, and so of each provider, what that was configured with", async () => {
    const options = { "grpc.use_local_subchannel_pool": 1 };
    const other = new ResourceProviderClient(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure(), options);
    const configure = (provider: ResourceProviderClient, enableConfigMapMutable: string): Promise<unknown> => {
      const request = new protocol.ConfigureRequest();
      request.setArgs(struct({ enableConfigMapMutable }));
      return ask<protocol.ConfigureResponse>((done) => provider.configure(request, done));
    };
    const replaces = async (provider: ResourceProviderClient): Promise<string[]> => {
      const request = diffRequest("kubernetes:core/v1:ConfigMap", { data: { a: "1" } }, { data: { a: "2" } });
      return (await ask<protocol.DiffResponse>((done) => provider.diff(request, done))).getReplacesList();
    };
    await configure(client, "true");
    await configure(other, "false");
    expect(await replaces(client)).to.deep.equal([]);
    expect(await replaces(other)).to.deep.equal(["data"]);
    other.close();
  });

  describe("asked to create", () => {
    it("knows in a preview what there will be, and makes nothing", async () => {
      const { id, outputs } = await create(vpc, { cidrBlock: "10.0.0.0/16" }, { preview: true });
      expect(id).to.equal("");
      expect(outputs).to.include({ cidrBlock: "10.0.0.0/16", arn: unknown });
      expect(cloud.list()).to.deep.equal([]);
    });

    it("makes it in the simulated cloud, by the last type in the URN", async () => {
      const { id, outputs } = await create(vpc, { cidrBlock: "10.0.0.0/16" });
      expect(cloud.list()).to.have.lengthOf(1);
      expect(cloud.find(vpc, id)).to.deep.equal(outputs);
      expect(cloud.list()[0]?.urn).to.equal(urnOf(vpc));
    });

    it("hands a secret back as a secret", async () => {
      const type = "random:index/randomPassword:RandomPassword";
      const { id, outputs } = await create(type, { length: 12 });
      expect(outputs["result"]).to.deep.equal(secretEnvelope(cloud.find(type, id)?.["result"]));
    });

    it("passes on the cloud's own words where that refuses", async () => {
      await create(bucket, { bucket: "acme" });
      expect(await refused(create(bucket, { bucket: "acme" }, { name: "other" }))).to.equal("aws:s3/bucket:Bucket acme exists already");
    });

    it("refuses a type that it does not know", async () => {
      const words = "the simulator does not know the type aws:sqs/queue:Queue: add a row for it";
      expect(await refused(create("aws:sqs/queue:Queue", {}))).to.equal(words);
      expect(await refused(check("aws:sqs/queue:Queue", {}))).to.equal(words);
    });
  });

  it("changes in place, and in a preview leaves open what the change computes", async () => {
    const { id, outputs } = await create(template, { name: "nodes" });
    const news = { name: "nodes", imageId: "ami-1" };
    expect(await update(template, id, outputs, news, true)).to.include({ imageId: "ami-1", latestVersion: unknown });
    expect(cloud.find(template, id)).to.include({ latestVersion: 1 });
    expect(await update(template, id, outputs, news)).to.include({ imageId: "ami-1", latestVersion: 2, arn: outputs["arn"] });
  });

  it("reads what exists as the engine knows it, and of what was deleted no id", async () => {
    const { id, outputs } = await create(bucket, { bucket: "acme" });
    const found = await read(bucket, id, outputs);
    expect(found.getId()).to.equal("acme");
    expect(found.getProperties()?.toJavaScript()).to.deep.equal(outputs);
    expect(found.getInputs()?.toJavaScript()).to.deep.equal(outputs);
    await remove(bucket, id);
    expect((await read(bucket, id, outputs)).getId()).to.equal("");
  });

  it("deletes, and passes on the cloud's own words where that refuses", async () => {
    const { id: vpcId } = await create(vpc, { cidrBlock: "10.0.0.0/16" });
    const { id } = await create(subnet, { vpcId, cidrBlock: "10.0.0.0/24" });
    expect(await refused(remove(vpc, vpcId))).to.equal(`${vpc} ${vpcId} cannot be deleted: ${urnOf(subnet)} still needs it`);
    await remove(subnet, id);
    await remove(vpc, vpcId);
    expect(cloud.list()).to.deep.equal([]);
  });

  it("answers functions with the stack's region, and refuses one that it does not know", async () => {
    const zones = await invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
    expect(zones).to.deep.include({ state: "available", names: ["eu-central-1a", "eu-central-1b", "eu-central-1c"] });
    expect(await refused(invoke("aws:s3/getBucket:getBucket", {}))).to.equal(
      "the simulator does not know the function aws:s3/getBucket:getBucket",
    );
  });

  describe("asked whether a provider of Kubernetes is another one", () => {
    const replaces = async (olds: Inputs, news: Inputs): Promise<string[]> => (await diffConfig(olds, news)).getReplacesList();

    it("says no where only the kubeconfig changed and the identifier of the cluster did not", async () => {
      const response = await diffConfig({ clusterIdentifier: "a", kubeconfig: "1" }, { clusterIdentifier: "a", kubeconfig: unknown });
      expect(response.getChanges()).to.equal(DIFF_SOME);
      expect(response.getReplacesList()).to.deep.equal([]);
    });

    it("says yes where the identifier changed", async () => {
      expect(await replaces({ clusterIdentifier: "a", kubeconfig: "1" }, { clusterIdentifier: "b", kubeconfig: "1" })).to.deep.equal([
        "clusterIdentifier",
      ]);
    });

    it("knows it by the kubeconfig where there is no identifier", async () => {
      expect(await replaces({ kubeconfig: "1" }, { kubeconfig: "2" })).to.deep.equal(["kubeconfig"]);
      const same = await diffConfig({ kubeconfig: "1" }, { kubeconfig: "1" });
      expect(same.getChanges()).to.equal(DIFF_NONE);
      expect(same.getReplacesList()).to.deep.equal([]);
    });
  });
});
