import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";
import { awsCluster, region, tagged } from "../../support/aws";
import { errorOf, json, named, simulateComponent, waitedFor } from "../../support/simulated";

describe("an identity on AWS", () => {
  const permissions = [{ kind: "iam", statements: [{ Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"], Resource: ["*"] }] }] as const;

  it("is a role with exactly the permissions asked for, which the pods of one service account may assume", async () => {
    const graph = await simulateComponent(() => {
      awsCluster().grantIdentity("files", { namespace: "chat", serviceAccount: "reader", permissions });
    });
    expect(json(named(graph, "cluster-files-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: permissions[0].statements,
    });
    expect(json(named(graph, "cluster-files-role").inputs["assumeRolePolicy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "pods.eks.amazonaws.com" },
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Condition: {
            StringEquals: { "aws:RequestTag/kubernetes-namespace": "chat", "aws:RequestTag/kubernetes-service-account": "reader" },
          },
        },
      ],
    });
    const association = named(graph, "cluster-files-identity");
    expect(association.inputs).to.deep.equal({
      clusterName: named(graph, "cluster-eks").inputs["name"],
      namespace: "chat",
      serviceAccount: "reader",
      roleArn: named(graph, "cluster-files-role").outputs["arn"],
      tags: tagged("cluster-files-identity"),
    });
    expect(waitedFor(graph, association), "and for no node").to.deep.equal(["cluster-eks", "cluster-files-role", "cluster-suffix"]);
  });

  it("refuses the permissions of another cloud", async () => {
    const error = await errorOf(
      simulateComponent(() => {
        awsCluster().grantIdentity("files", {
          namespace: "chat",
          serviceAccount: "reader",
          permissions: [{ kind: "azure-roles", assignments: [] }],
        });
      }),
    );
    expect(error.message).to.equal("files: a cluster on AWS cannot grant permissions of kind azure-roles");
  });

  it("is the only one of its service account, or EKS refuses it", () => {
    const cloud = new SimulatedCloud(region);
    const create = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): unknown =>
      cloud.create({ urn: `urn:pulumi:test::rocketchat::${type}::${name}`, type, name, inputs });
    create("aws:eks/cluster:Cluster", "eks", { name: "acme" });
    const associate = (name: string, serviceAccount: string): unknown =>
      create("aws:eks/podIdentityAssociation:PodIdentityAssociation", name, { clusterName: "acme", namespace: "chat", serviceAccount });
    associate("first", "reader");
    associate("other", "writer");
    expect(() => associate("second", "reader")).to.throw(/serviceAccount: reader has an association already/);
  });
});
