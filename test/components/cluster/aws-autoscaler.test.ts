import { expect } from "chai";

import { kubernetes } from "../../../components/versions";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsCluster, region, tagged } from "../../support/aws";
import { errorOf, json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const release = (graph: ResourceGraph) => named(graph, "cluster-autoscaler", "kubernetes:helm.sh/v3:Release");
const valuesOf = (graph: ResourceGraph) => release(graph).inputs["values"] as Readonly<Record<string, Readonly<Record<string, unknown>>>>;

for (const preview of [true, false]) {
  describe(`the autoscaler on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is a release that holds the total, keeps the zones level, and may do nothing that it does not need", () => {
      expect(release(graph).inputs).to.deep.equal({
        compat: "true",
        name: "cluster-autoscaler",
        namespace: "kube-system",
        chart: "cluster-autoscaler",
        version: "9.59.0",
        repositoryOpts: { repo: "https://kubernetes.github.io/autoscaler" },
        timeout: 600,
        values: {
          fullnameOverride: "cluster-autoscaler",
          cloudProvider: "aws",
          awsRegion: region,
          autoDiscovery: { clusterName: later(named(graph, "cluster-eks").inputs["name"]) },
          image: { tag: "v1.36.1" },
          rbac: { serviceAccount: { create: true, name: "cluster-autoscaler" } },
          priorityClassName: "system-cluster-critical",
          resources: { requests: { cpu: "20m", memory: "100Mi" }, limits: { memory: "300Mi" } },
          securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } },
          containerSecurityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
          extraArgs: {
            "balance-similar-node-groups": true,
            "balancing-ignore-label_1": "eks.amazonaws.com/sourceLaunchTemplateId",
            "balancing-ignore-label_2": "eks.amazonaws.com/sourceLaunchTemplateVersion",
            "balancing-ignore-label_3": "eks.amazonaws.com/nodegroup-image",
            expander: "least-waste",
            "max-nodes-total": 4,
            "skip-nodes-with-local-storage": false,
            "skip-nodes-with-system-pods": false,
            v: 2,
          },
        },
      });
    });

    it("starts on nodes, with an identity that needed none", () => {
      const autoscaler = release(graph);
      for (const group of ofType(graph, "aws:eks/nodeGroup:NodeGroup")) {
        expect(waitsFor(graph, autoscaler, group), group.name).to.equal(true);
        expect(waitsFor(graph, named(graph, "cluster-autoscaler-identity"), group), group.name).to.equal(false);
      }
      expect(waitedFor(graph, autoscaler)).to.include.members(["cluster-autoscaler-identity", "cluster-autoscaler-policy"]);
      expect(autoscaler.provider).to.equal(named(graph, "cluster-kubernetes").urn);
      expect(named(graph, "cluster-autoscaler-identity").inputs).to.deep.equal({
        clusterName: later(named(graph, "cluster-eks").inputs["name"]),
        namespace: "kube-system",
        serviceAccount: "cluster-autoscaler",
        roleArn: later(named(graph, "cluster-autoscaler-role").outputs["arn"]),
        tags: tagged("cluster-autoscaler-identity"),
      });
    });
  });
}

describe("the autoscaler on AWS", () => {
  it("sees all groups of the account, and changes those of its own cluster", async () => {
    const graph = await simulateComponent(() => awsCluster());
    const cluster = String(named(graph, "cluster-eks").inputs["name"]);
    expect(json(named(graph, "cluster-autoscaler-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DescribeCapacity",
          Effect: "Allow",
          Action: [
            "autoscaling:DescribeAutoScalingGroups",
            "autoscaling:DescribeAutoScalingInstances",
            "autoscaling:DescribeLaunchConfigurations",
            "autoscaling:DescribeScalingActivities",
            "ec2:DescribeImages",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeLaunchTemplateVersions",
            "ec2:GetInstanceTypesFromInstanceRequirements",
          ],
          Resource: ["*"],
        },
        {
          Sid: "DescribeNodeGroups",
          Effect: "Allow",
          Action: ["eks:DescribeNodegroup"],
          Resource: [`arn:aws:eks:${region}:999999999999:nodegroup/${cluster}/*/*`],
        },
        {
          Sid: "ScaleNodeGroups",
          Effect: "Allow",
          Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
          Resource: [`arn:aws:autoscaling:${region}:999999999999:autoScalingGroup:*:autoScalingGroupName/*`],
          Condition: { StringEquals: { "aws:ResourceTag/eks:cluster-name": cluster } },
        },
      ],
    });
  });

  it("may add the spot nodes to the others", async () => {
    const graph = await simulateComponent(() =>
      awsCluster({ nodes: { size: "t3.medium", min: 3, max: 6, diskGiB: 30 }, spot: { sizes: ["t3.medium"], max: 5 } }),
    );
    expect(valuesOf(graph)["extraArgs"]).to.include({ "max-nodes-total": 11 });
  });

  it("is of the cluster's own minor, whichever the program supports", async () => {
    const tags: unknown[] = [];
    for (const version of Object.keys(kubernetes.aws)) {
      const graph = await simulateComponent(() => awsCluster({ version }));
      tags.push(valuesOf(graph)["image"]?.["tag"]);
    }
    expect(tags).to.deep.equal(
      Object.keys(kubernetes.aws).map((version) => ({ "1.36": "v1.36.1", "1.35": "v1.35.2", "1.34": "v1.34.5" })[version]),
    );
  });

  it("is refused for a Kubernetes that it has no image for", async () => {
    const error = await errorOf(simulateComponent(() => awsCluster({ version: "1.20" })));
    expect(error.message).to.equal("There is no cluster autoscaler for Kubernetes 1.20.");
  });
});
