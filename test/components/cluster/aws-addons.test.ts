import { expect } from "chai";

import { unknownText, type GraphResource, type ResourceGraph } from "../../../simulator/graph";
import { awsCluster, tagged, tags } from "../../support/aws";
import { json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const nodeGroups = ["cluster-nodes-a", "cluster-nodes-b", "cluster-nodes-c"];
const early = ["cluster-eks-pod-identity-agent", "cluster-kube-proxy", "cluster-vpc-cni"];
const last = "cluster-amazon-cloudwatch-observability";
const late = ["cluster-aws-ebs-csi-driver", "cluster-coredns", "cluster-metrics-server", "cluster-snapshot-controller"];

/** What an add-on is set to, as data. */
const settingsOf = (graph: ResourceGraph, name: string): unknown => json(named(graph, name).inputs["configurationValues"]);

for (const preview of [true, false]) {
  describe(`the add-ons on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsCluster(), { preview });
    });
    const all = (names: readonly string[]): GraphResource[] => names.map((name) => named(graph, name));
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("come before the first node where nodes need them, and otherwise after the last", () => {
      for (const group of all(nodeGroups)) {
        for (const addon of all(early)) expect(waitsFor(graph, group, addon), `${group.name} for ${addon.name}`).to.equal(true);
        for (const addon of all([...late, last])) expect(waitsFor(graph, addon, group), `${addon.name} for ${group.name}`).to.equal(true);
      }
      for (const addon of all(early)) {
        expect(waitedFor(graph, addon), addon.name).to.deep.equal(["cluster-eks", "cluster-suffix"]);
      }
    });

    it("know of snapshots before they make volumes, and ship logs last", () => {
      const [driver, snapshots, shipper] = [late[0] ?? "", late[3] ?? "", last].map((name) => named(graph, name));
      if (!driver || !snapshots || !shipper) throw new Error("an add-on is missing");
      expect(waitsFor(graph, driver, snapshots)).to.equal(true);
      for (const addon of all(late)) expect(waitsFor(graph, shipper, addon), addon.name).to.equal(true);
    });

    it("are pinned to a version, own their settings, and get no role through the add-on", () => {
      const settings: Readonly<Record<string, unknown>> = {
        "vpc-cni": { enableNetworkPolicy: "true", env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
        "aws-ebs-csi-driver": { controller: { extraVolumeTags: tags }, node: { reservedVolumeAttachments: 4 } },
        "amazon-cloudwatch-observability": {
          agents: [],
          containerLogs: { enabled: true, fluentBit: { resources: { requests: { cpu: "25m", memory: "64Mi" } } } },
          manager: {
            resources: { requests: { cpu: "20m", memory: "64Mi" } },
            applicationSignals: { autoMonitor: { monitorAllServices: false } },
          },
        },
      };
      const versions: Readonly<Record<string, string>> = {
        "amazon-cloudwatch-observability": "v6.4.0-eksbuild.1",
        "aws-ebs-csi-driver": "v1.64.0-eksbuild.1",
        coredns: "v1.14.2-eksbuild.1",
        "eks-pod-identity-agent": "v1.3.10-eksbuild.1",
        "kube-proxy": "v1.36.2-eksbuild.1",
        "metrics-server": "v0.8.1-eksbuild.1",
        "snapshot-controller": "v8.5.0-eksbuild.1",
        "vpc-cni": "v1.22.1-eksbuild.1",
      };
      const addons = ofType(graph, "aws:eks/addon:Addon");
      expect(addons.map(({ name }) => name)).to.have.members([...early, ...late, last]);
      for (const { name, inputs } of addons) {
        const addonName = name.slice("cluster-".length);
        expect(inputs, name).to.deep.equal({
          clusterName: later(named(graph, "cluster-eks").inputs["name"]),
          addonName,
          addonVersion: versions[addonName],
          resolveConflictsOnCreate: "OVERWRITE",
          resolveConflictsOnUpdate: "OVERWRITE",
          tags: tagged(name),
          ...(addonName in settings ? { configurationValues: JSON.stringify(settings[addonName]) } : {}),
        });
      }
    });

    it("find their identities there, which need the cluster and no node", () => {
      for (const [addon, identity] of [
        ["cluster-aws-ebs-csi-driver", "cluster-ebs-csi"],
        [last, "cluster-cloudwatch"],
      ] as const) {
        const own = all([`${identity}-policy`, `${identity}-identity`]);
        for (const part of own) {
          expect(waitedFor(graph, named(graph, addon)), addon).to.include(part.name);
          for (const group of all(nodeGroups)) expect(waitsFor(graph, part, group), `${part.name} for ${group.name}`).to.equal(false);
        }
        expect(waitedFor(graph, named(graph, `${identity}-identity`))).to.deep.equal(
          [`${identity}-role`, "cluster-eks", "cluster-suffix"].sort(),
        );
      }
      expect(waitedFor(graph, named(graph, "cluster-aws-ebs-csi-driver"))).to.include("cluster-ebs-csi-driver-policy");
    });

    it("ship logs to groups that are there before and after them, encrypted and with a retention", () => {
      const id = named(graph, "cluster-eks").inputs["name"];
      for (const kind of ["application", "dataplane", "host"]) {
        const group = named(graph, `cluster-${kind}-logs`);
        expect(group.inputs, kind).to.deep.equal({
          name: later(`/aws/containerinsights/${String(id)}/${kind}`),
          retentionInDays: 90,
          kmsKeyId: later(named(graph, "encryption-logs-key").outputs["arn"]),
          tags: tagged(`cluster-${kind}-logs`),
        });
        expect(waitedFor(graph, named(graph, last)), kind).to.include(group.name);
      }
    });
  });
}

describe("the add-ons on AWS", () => {
  it("let the storage driver use the key of the volumes, and that one only", async () => {
    const graph = await simulateComponent(() => awsCluster());
    const key = named(graph, "encryption-volumes-key").outputs["arn"];
    expect(json(named(graph, "cluster-ebs-csi-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "UseVolumesKey",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:DescribeKey"],
          Resource: [key],
        },
        {
          Sid: "LetEc2UseVolumesKey",
          Effect: "Allow",
          Action: ["kms:CreateGrant"],
          Resource: [key],
          Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
        },
      ],
    });
    expect(named(graph, "cluster-ebs-csi-driver-policy").inputs).to.deep.equal({
      role: named(graph, "cluster-ebs-csi-role").outputs["name"],
      policyArn: "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicyV2",
    });
    expect(named(graph, "cluster-ebs-csi-identity").inputs).to.include({
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      roleArn: named(graph, "cluster-ebs-csi-role").outputs["arn"],
    });
  });

  it("put the stack's lasting tags on volumes, and none of the operator's, which may change", async () => {
    const graph = await simulateComponent(() => awsCluster({ tags: { ...tags, team: "chat" } }));
    expect(settingsOf(graph, "cluster-aws-ebs-csi-driver")).to.deep.include({ controller: { extraVolumeTags: tags } });
  });

  it("may write to their log groups, and make none", async () => {
    const graph = await simulateComponent(() => awsCluster());
    const arns = ["application", "dataplane", "host"].map((kind) => `${String(named(graph, `cluster-${kind}-logs`).outputs["arn"])}:*`);
    expect(json(named(graph, "cluster-cloudwatch-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [{ Sid: "WriteLogs", Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: arns }],
    });
    expect(named(graph, "cluster-cloudwatch-identity").inputs).to.include({
      namespace: "amazon-cloudwatch",
      serviceAccount: "cloudwatch-agent",
      roleArn: named(graph, "cluster-cloudwatch-role").outputs["arn"],
    });
  });

  it("measure only where Container Insights is wanted: with an agent, a log group and the right to name its node", async () => {
    const graph = await simulateComponent(() => awsCluster({ containerInsights: true, logRetentionDays: 30 }));
    expect(settingsOf(graph, last)).to.deep.include({
      agents: [
        {
          name: "cloudwatch-agent",
          config: { logs: { metrics_collected: { kubernetes: { enhanced_container_insights: true } } } },
          resources: { requests: { cpu: "50m", memory: "128Mi" } },
        },
      ],
    });
    const performance = named(graph, "cluster-performance-logs");
    expect(performance.inputs).to.include({
      name: `/aws/containerinsights/${String(named(graph, "cluster-eks").inputs["name"])}/performance`,
      retentionInDays: 30,
    });
    expect(waitedFor(graph, named(graph, last))).to.include(performance.name);
    const { Statement } = json(named(graph, "cluster-cloudwatch-policy").inputs["policy"]) as {
      Statement: readonly { Resource: readonly string[] }[];
    };
    expect(Statement[0]?.Resource).to.include(`${String(performance.outputs["arn"])}:*`);
    expect(Statement[1]).to.deep.equal({
      Sid: "DescribeNode",
      Effect: "Allow",
      Action: ["ec2:DescribeTags", "ec2:DescribeVolumes"],
      Resource: ["*"],
    });
  });
});
