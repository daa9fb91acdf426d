import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";

import { touches } from "../../simulator/engine/diff";
import { EksClusterComponent } from "../../simulator/engine/eks-component";
import type { ResourceGraph } from "../../simulator/graph";
import type { FunctionType, Registration, ResourceType } from "../../simulator/resource-type";
import { SimulationError } from "../../simulator/simulate";
import { functionTypes, resourceTypes } from "../../simulator/tables";
import { sectionOf, simulateComponent, simulateStack, type StackName } from "../support/simulated";
import { variants } from "../support/variants";
import { inputsOf } from "./sdk-inputs";

/** Both stacks as delivered, and what else they can be configured to be. */
const configurations: readonly (readonly [StackName, Readonly<Record<string, unknown>>])[] = [
  ["aws-prod", {}],
  ["azure-prod", {}],
  ...variants.map(({ stack, change }) => [stack, change] as const),
  [
    "aws-prod",
    {
      "rocketchat:access": {
        admins: ["arn:aws:iam::999999999999:role/deployer"],
        viewers: ["arn:aws:iam::888888888888:role/auditor"],
        chatOperators: ["arn:aws:iam::888888888888:role/chat-operator"],
        chatViewers: ["arn:aws:iam::888888888888:role/chat-viewer"],
      },
    },
  ],
  [
    "azure-prod",
    {
      "rocketchat:cluster": { ...sectionOf("azure-prod", "rocketchat:cluster"), spot: { sizes: ["Standard_B2s"], max: 3 } },
      "rocketchat:access": {
        admins: [{ id: "11111111-2222-4333-8444-555555555555", type: "Group" }],
        viewers: [{ id: "22222222-2222-4333-8444-555555555555", type: "User" }],
      },
    },
  ],
];

/** Kinds that only the observability stack and what comes with it will make: whoever makes one first takes it off this list. */
const awaited = [
  "apps/v1:DaemonSet",
  "apps/v1:StatefulSet",
  "batch/v1:Job",
  "cert-manager.io/v1:ClusterIssuer",
  "monitoring.coreos.com/v1:PodMonitor",
  "monitoring.coreos.com/v1:PrometheusRule",
  "monitoring.coreos.com/v1:ServiceMonitor",
  "rbac.authorization.k8s.io/v1:ClusterRole",
  "rbac.authorization.k8s.io/v1:ClusterRoleBinding",
].map((kind) => `kubernetes:${kind}`);

/** The component whose body a provider server builds: to a simulation in this process it is one resource. */
const eksCluster = (): unknown => new EksClusterComponent("cluster", { name: "acme" }, {});

/** Functions that were called since. */
function recordCalls(): { readonly called: ReadonlySet<string>; readonly stop: () => void } {
  const table = functionTypes as Map<string, FunctionType>;
  const originals = [...table];
  const called = new Set<string>();
  for (const [token, answer] of originals)
    table.set(token, (...given) => {
      called.add(token);
      return answer(...given);
    });
  return {
    called,
    stop: () => {
      for (const [token, answer] of originals) table.set(token, answer);
    },
  };
}

type Inputs = Registration["inputs"];

/** Every text in inputs, outside lists: its path, and the inputs with another text there. */
function texts(inputs: Inputs): { readonly path: string; readonly changed: Inputs }[] {
  return Object.entries(inputs).flatMap(([key, value]) => {
    if (typeof value === "string") return [{ path: key, changed: { ...inputs, [key]: `${value}-changed` } }];
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return texts(value as Inputs).map(({ path, changed }) => ({ path: `${key}.${path}`, changed: { ...inputs, [key]: changed } }));
  });
}

/** What a simulation refused, each as one text. */
async function refusals(build: () => unknown): Promise<string[]> {
  const error: unknown = await simulateComponent(build, { preview: true }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof SimulationError)) throw new Error("the simulation refused nothing", { cause: error });
  return error.failures.map(({ urn, reason }) => `${urn.split("::").at(-1) ?? urn}: ${reason}`);
}

describe("the simulator's table", function () {
  // A dozen stacks, one after the other.
  this.timeout(120_000);
  let graphs: ResourceGraph[];
  let called: ReadonlySet<string>;
  const resources = (): ResourceGraph["resources"] => graphs.flatMap((graph) => graph.resources);

  before(async () => {
    const calls = recordCalls();
    graphs = [await simulateComponent(eksCluster)];
    // One after the other: Pulumi's runtime holds one program at a time.
    for (const [stack, change] of configurations) graphs.push((await simulateStack(stack, { preview: false, change })).graph);
    calls.stop();
    called = calls.called;
  });

  it("has a row for every type that the program makes, and none that it makes nowhere", () => {
    const made = new Set(resources().flatMap(({ type }) => (type.startsWith("rocketchat:") ? [] : [type])));
    expect(awaited.filter((type) => made.has(type))).to.deep.equal([]);
    expect([...made, ...awaited].sort()).to.deep.equal([...resourceTypes.keys()].sort());
  });

  it("answers every function that the program calls, and none that it calls nowhere", () => {
    expect([...called].sort()).to.deep.equal([...functionTypes.keys()].sort());
  });

  it("names only inputs that the SDK's class takes", async () => {
    for (const [type, row] of resourceTypes) {
      const taken = await inputsOf(type);
      if (taken === undefined) continue;
      // Every Azure resource with a path says that it cannot move to another location, also one that goes where its parent is.
      const fixed = row.createOnly?.filter((path) => path !== "location") ?? [];
      const named = [row.nameProperty, row.tags, ...fixed, ...(row.createOnlyUnless?.paths ?? []), ...Object.keys(row.refersTo ?? {})];
      const missing = named.flatMap((path) => (path === undefined || taken.has(path.split(".")[0] ?? "") ? [] : [path]));
      expect(missing, type).to.deep.equal([]);
    }
  });

  it("replaces a resource for every input that its id is made of", () => {
    const moved = resources().flatMap(({ type, name, urn, inputs: given }) => {
      const row = resourceTypes.get(type);
      if (row === undefined) return [];
      // A name that is left to the provider is an input too, once it is made up.
      const { nameProperty } = row;
      const inputs = nameProperty === undefined || nameProperty.includes(".") ? given : { [nameProperty]: "made-up", ...given };
      const idOf = (all: Inputs): string => row.id({ type, name, inputs: all, region: "eu-central-1", seed: urn });
      return texts(inputs).flatMap(({ path, changed }) =>
        idOf(changed) === idOf(inputs) || row.createOnly?.some((property) => touches(path, property)) === true ? [] : [`${type} ${path}`],
      );
    });
    expect([...new Set(moved)]).to.deep.equal([]);
  });

  it("computes nothing anew that is no output of the type", () => {
    for (const { type, outputs } of resources()) {
      const row: Partial<ResourceType> = resourceTypes.get(type) ?? {};
      const unknown = [...(row.secrets ?? []), ...(row.recomputed ?? [])].filter((property) => !(property in outputs));
      expect(unknown, type).to.deep.equal([]);
    }
  });
});

describe("a simulation", () => {
  it("names a type that the table lacks, and the file that it belongs in", async () => {
    const queue = await refusals(() => new aws.sqs.Queue("queue", {}));
    expect(queue).to.deep.equal(["queue: the simulator does not know the type aws:sqs/queue:Queue: add a row for it to simulator/aws"]);
    const pet = await refusals(() => new random.RandomPet("pet", {}));
    expect(pet[0]).to.match(/type random:index\/randomPet:RandomPet: add a row for it to simulator\/random$/);
    const provider = await refusals(() => new aws.Provider("aws", {}));
    expect(provider[0]).to.match(/type pulumi:providers:aws: add a row for it to simulator\/aws$/);
  });

  it("names a remote component that the table lacks, and takes the program's own", async () => {
    const remote = await refusals(() => new pulumi.ComponentResource("awsx:ec2:Vpc", "vpc", {}, {}, true));
    expect(remote[0]).to.match(/type awsx:ec2:Vpc: add a row for it to simulator\/awsx$/);
    const { resources } = await simulateComponent(() => new pulumi.ComponentResource("rocketchat:test:Part", "part"));
    expect(resources.map(({ name }) => name)).to.deep.equal(["part"]);
  });

  it("names a function that the table lacks, and the file that it belongs in", async () => {
    const words = await refusals(() => aws.s3.getBucket({ bucket: "acme" }));
    expect(words).to.deep.equal([
      "aws:s3/getBucket:getBucket: the simulator does not know the function aws:s3/getBucket:getBucket: add a row for it to simulator/aws",
    ]);
    const azure = await refusals(() => pulumi.runtime.invoke("azure-native:storage:listStorageAccountSAS", {}));
    expect(azure[0]).to.match(/add a row for it to simulator\/azure$/);
  });

  it("refuses two resources of one URN", async () => {
    const twice = (): unknown => [new aws.s3.Bucket("uploads", {}), new aws.s3.Bucket("uploads", {})];
    expect(await refusals(twice)).to.deep.equal(["uploads: it is registered twice: two resources of one type have the same name"]);
  });

  it("takes one name under two parents and of two types", async () => {
    const { resources } = await simulateComponent(() => {
      const parents = ["a", "b"].map((name) => new pulumi.ComponentResource(`rocketchat:test:${name}`, name));
      for (const parent of parents) new aws.s3.Bucket("uploads", {}, { parent });
      new aws.s3.BucketVersioning("uploads", { bucket: "acme", versioningConfiguration: { status: "Enabled" } });
    });
    expect(resources.filter(({ name }) => name === "uploads")).to.have.lengthOf(3);
  });

  it("refuses what no cloud takes by the property, in a preview too, and reports all of it", async () => {
    const storage = await import("@pulumi/azure-native/storage");
    const bad = (name: string): unknown =>
      new storage.StorageAccount(name, {
        accountName: `Acme-${name}`,
        resourceGroupName: "acme",
        kind: "StorageV2",
        sku: { name: "Standard_ZRS" },
      });
    expect(await refusals(() => ["one", "two"].map(bad))).to.deep.equal(
      ["one", "two"].map(
        (name) => `${name}: the simulated cloud refuses accountName: Acme-${name} must be 3 to 24 lower case letters and digits`,
      ),
    );
  });

  it("says of each failure which resource it is about", () => {
    const error = new SimulationError([
      { urn: "urn:a", reason: "why" },
      { urn: "urn:b", reason: "because" },
    ]);
    expect(error.message).to.equal("urn:a\n  why\nurn:b\n  because");
  });
});
