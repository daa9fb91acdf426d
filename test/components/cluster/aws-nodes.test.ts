import { expect } from "chai";

import type { Toleration } from "../../../components/cluster";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsCluster, awsNetwork, newVpc, region, tagged, tags } from "../../support/aws";
import { json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const zones = ["a", "b", "c"] as const;
const nodeGroup = "aws:eks/nodeGroup:NodeGroup";

/** Fewest and most nodes of each group. */
function bounds(graph: ResourceGraph): unknown[] {
  return ofType(graph, nodeGroup).map(({ inputs }) => {
    const { minSize, maxSize } = inputs["scalingConfig"] as { minSize: number; maxSize: number };
    return [minSize, maxSize];
  });
}

for (const preview of [true, false]) {
  describe(`the nodes on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("are a group to each zone, on the one template: a node in each, and room for one more", () => {
      for (const zone of zones) {
        const { inputs, ignoreChanges } = named(graph, `cluster-nodes-${zone}`);
        expect(inputs, zone).to.deep.equal({
          clusterName: later(named(graph, "cluster-eks").inputs["name"]),
          version: "1.36",
          nodeRoleArn: later(named(graph, "cluster-node-role").outputs["arn"]),
          amiType: "AL2023_x86_64_STANDARD",
          capacityType: "ON_DEMAND",
          subnetIds: inputs["subnetIds"],
          launchTemplate: inputs["launchTemplate"],
          scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 1 },
          updateConfig: { maxUnavailable: 1 },
          nodeRepairConfig: { enabled: true },
          tags: tagged(`cluster-nodes-${zone}`),
        });
        // `$Latest` would read back as a number, and so be a change in every preview.
        expect(inputs["launchTemplate"], zone).to.include({ version: later("1") });
        expect(ignoreChanges, zone).to.deep.equal(["scalingConfig.desiredSize"]);
      }
    });

    it("lie in the private subnet of their zone, and nowhere else", () => {
      for (const zone of zones) {
        const group = named(graph, `cluster-nodes-${zone}`);
        const subnets = waitedFor(graph, group).filter((name) => named(graph, name).type === "aws:ec2/subnet:Subnet");
        expect(subnets, zone).to.deep.equal([`network-private-${zone}`]);
        expect(group.inputs["subnetIds"], zone).to.have.lengthOf(1);
      }
    });

    it("start when they can reach the internet and may join, one zone after the other", () => {
      const policies = ofType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").filter(({ name }) =>
        name.startsWith("cluster-node-"),
      );
      expect(policies).to.have.lengthOf(3);
      for (const zone of zones) {
        const group = named(graph, `cluster-nodes-${zone}`);
        for (const earlier of ["cluster-eks", "network-private-a-route", `network-private-${zone}-rta`, `network-nat-${zone}`]) {
          expect(waitsFor(graph, group, named(graph, earlier)), `${zone} for ${earlier}`).to.equal(true);
        }
        for (const policy of policies) expect(waitsFor(graph, group, policy), `${zone} for ${policy.name}`).to.equal(true);
      }
      const [a, b, c] = zones.map((zone) => named(graph, `cluster-nodes-${zone}`));
      if (!a || !b || !c) throw new Error("a group is missing");
      expect([waitsFor(graph, b, a), waitsFor(graph, c, b)]).to.deep.equal([true, true]);
      expect([waitsFor(graph, a, b), waitsFor(graph, b, c)]).to.deep.equal([false, false]);
    });

    it("have an encrypted disk, a metadata service that no pod reaches, tags, and the size of the machine", () => {
      const { inputs } = named(graph, "cluster-nodes-template");
      const stamp = tagged("cluster-nodes");
      expect(inputs).to.deep.equal({
        instanceType: "t3.medium",
        updateDefaultVersion: true,
        blockDeviceMappings: [
          {
            deviceName: "/dev/xvda",
            ebs: {
              volumeType: "gp3",
              volumeSize: 30,
              encrypted: "true",
              kmsKeyId: later(named(graph, "encryption-volumes-key").outputs["arn"]),
              deleteOnTermination: "true",
            },
          },
        ],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        tagSpecifications: [
          { resourceType: "instance", tags: stamp },
          { resourceType: "volume", tags: stamp },
          { resourceType: "network-interface", tags: stamp },
        ],
        tags: tagged("cluster-nodes-template"),
      });
    });

    it("say nothing of how many pods they hold: EKS would overrule it", () => {
      for (const { inputs } of [named(graph, "cluster-nodes-template"), ...ofType(graph, nodeGroup)]) {
        expect(inputs).to.not.have.any.keys("userData", "maxPods");
      }
    });
  });
}

describe("the nodes on AWS", () => {
  it("may do what AWS lists for nodes, and are EC2's alone", async () => {
    const graph = await simulateComponent(() => awsCluster());
    const policies = ofType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter(({ inputs }) => inputs["role"] === named(graph, "cluster-node-role").outputs["name"])
      .map(({ inputs }) => inputs["policyArn"]);
    expect(policies).to.have.members(
      ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"].map(
        (policy) => `arn:aws:iam::aws:policy/${policy}`,
      ),
    );
    expect(json(named(graph, "cluster-node-role").inputs["assumeRolePolicy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
  });

  it("share what the configuration allows, each zone what the others' minimum leaves", async () => {
    const graph = await simulateComponent(() => awsCluster({ nodes: { size: "t3.large", min: 4, max: 6, diskGiB: 50 } }));
    expect(bounds(graph)).to.deep.equal([
      [2, 4],
      [1, 3],
      [1, 3],
    ]);
    const template = named(graph, "cluster-nodes-template").inputs;
    expect(template).to.include({ instanceType: "t3.large" });
    expect(template).to.have.nested.property("blockDeviceMappings[0].ebs.volumeSize", 50);
  });

  it("follow the network's zones: two, where it has two", async () => {
    const network = { vpc: newVpc({ zones: [`${region}a`, `${region}b`] }) };
    const graph = await simulateComponent(() =>
      awsCluster({ network: awsNetwork(network), nodes: { size: "t3.medium", min: 2, max: 2, diskGiB: 30 } }),
    );
    expect(ofType(graph, nodeGroup).map(({ name }) => name)).to.deep.equal(["cluster-nodes-a", "cluster-nodes-b"]);
    expect(bounds(graph)).to.deep.equal([
      [1, 1],
      [1, 1],
    ]);
  });

  it("are not replaced for a tag of the operator's", async () => {
    const before = await simulateComponent(() => awsCluster());
    const after = await simulateComponent(() => awsCluster({ tags: { ...tags, team: "chat" } }));
    const stamped = (graph: ResourceGraph): unknown => named(graph, "cluster-nodes-template").inputs["tagSpecifications"];
    expect(stamped(after)).to.deep.equal(stamped(before));
    expect(named(after, "cluster-nodes-a").inputs["tags"]).to.include({ team: "chat" });
  });

  it("change in place with size and disk: the same groups on a new version of the template", async () => {
    const small = await simulateComponent(() => awsCluster());
    const large = await simulateComponent(() => awsCluster({ nodes: { size: "m6i.large", min: 3, max: 4, diskGiB: 80 } }));
    const groups = (graph: ResourceGraph): unknown => ofType(graph, nodeGroup).map(({ urn, inputs }) => [urn, inputs]);
    expect(groups(large)).to.deep.equal(groups(small));
    expect(named(large, "cluster-nodes-template").inputs).to.include({ instanceType: "m6i.large" });
  });
});

describe("spot nodes on AWS", () => {
  const spot = { sizes: ["t3.medium", "t3a.medium"], max: 2 };
  let graph: ResourceGraph;
  let tolerations: readonly Toleration[] = [];
  before(async () => {
    graph = await simulateComponent(() => {
      tolerations = awsCluster({ spot }).interruptibleTolerations;
    });
  });

  it("are a group beside the others, over all zones and several sizes, empty until it is needed", () => {
    const { inputs } = named(graph, "cluster-spot");
    expect(inputs).to.deep.include({
      capacityType: "SPOT",
      instanceTypes: spot.sizes,
      scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 0 },
      // Of the 30 GiB the kubelet keeps a tenth and one: what the autoscaler cannot see while there is no node.
      tags: { ...tagged("cluster-spot"), "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": "26Gi" },
    });
    expect(inputs["subnetIds"]).to.have.lengthOf(3);
    expect(ofType(graph, nodeGroup).map(({ name }) => name)).to.deep.equal([
      ...zones.map((zone) => `cluster-nodes-${zone}`),
      "cluster-spot",
    ]);
    for (const zone of zones) expect(named(graph, `cluster-nodes-${zone}`).inputs["capacityType"]).to.equal("ON_DEMAND");
  });

  it("have the others' disk and metadata service, and leave the size to the group", () => {
    const [nodes, own] = [named(graph, "cluster-nodes-template").inputs, named(graph, "cluster-spot-template").inputs];
    expect(own).to.not.have.property("instanceType");
    for (const same of ["blockDeviceMappings", "metadataOptions"]) expect(own[same], same).to.deep.equal(nodes[same]);
  });

  it("are closed to what does not say that it can be interrupted, and so to the database", () => {
    expect(named(graph, "cluster-spot").inputs["taints"]).to.deep.equal([
      { key: "rocketchat/interruptible", value: "true", effect: "NO_SCHEDULE" },
    ]);
    expect(tolerations).to.deep.equal([{ key: "rocketchat/interruptible", operator: "Equal", value: "true", effect: "NoSchedule" }]);
    for (const zone of zones) expect(named(graph, `cluster-nodes-${zone}`).inputs).to.not.have.property("taints");
  });

  it("are waited for before anything is made in the cluster", () => {
    expect(waitsFor(graph, named(graph, "cluster-kubernetes"), named(graph, "cluster-spot"))).to.equal(true);
  });

  it("are not there, and nothing is tolerated, where none are wanted", async () => {
    let none: readonly Toleration[] | undefined;
    const without = await simulateComponent(() => {
      none = awsCluster().interruptibleTolerations;
    });
    expect(none).to.deep.equal([]);
    expect(without.resources.filter(({ name }) => name.includes("spot"))).to.deep.equal([]);
  });
});
