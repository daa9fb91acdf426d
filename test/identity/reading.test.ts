import { expect } from "chai";

import type { GraphResource, ResourceGraph } from "../../simulator/graph";
import { fitsTemplate } from "./arn-patterns";
import { associationsOf, podIdentityOf } from "./associations";
import { documentsOf, rolesOf } from "./documents";
import { managedPolicy } from "./managed";
import { Scene } from "./scene";
import { passes, type Call } from "./simulate";

const resource = (type: string, name: string, inputs: GraphResource["inputs"], outputs: GraphResource["outputs"] = {}): GraphResource => ({
  urn: `urn:pulumi:test::test::${type}::${name}`,
  type,
  name,
  parent: undefined,
  provider: undefined,
  custom: true,
  inputs,
  outputs: { ...inputs, ...outputs },
  dependencies: [],
  protect: false,
  retainOnDelete: false,
  ignoreChanges: [],
});

const graphOf = (...resources: readonly GraphResource[]): ResourceGraph => ({ stack: "test", cloud: "aws", resources, outputs: {} });

const policy = (action: string, on = "*") => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: on }] });

const pods = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: { StringEquals: { "aws:RequestTag/kubernetes-namespace": "chat", "aws:RequestTag/kubernetes-service-account": "app" } },
  },
};
const arn = "arn:aws:iam::999999999999:role/role-1234567";

/** A role with a policy in each of the ways in which one can have it, and a key, a bucket and an endpoint. */
const graph = graphOf(
  resource(
    "aws:iam/role:Role",
    "role",
    {
      assumeRolePolicy: JSON.stringify(pods),
      inlinePolicies: [{ name: "a", policy: JSON.stringify(policy("s3:GetObject", "arn:aws:s3:::bucket/*")) }],
      managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
    },
    { name: "role-1234567", arn },
  ),
  resource("aws:iam/rolePolicy:RolePolicy", "inline", { role: "role-1234567", policy: policy("kms:Decrypt") }),
  resource(
    "aws:iam/policy:Policy",
    "own",
    { policy: JSON.stringify(policy("sns:Publish")) },
    { arn: "arn:aws:iam::999999999999:policy/own" },
  ),
  resource(
    "aws:iam/policy:Policy",
    "unused",
    { policy: JSON.stringify(policy("sqs:SendMessage")) },
    { arn: "arn:aws:iam::999999999999:policy/un" },
  ),
  ...["arn:aws:iam::999999999999:policy/own", "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"].map((policyArn, index) =>
    resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `attached-${index}`, { role: "role-1234567", policyArn }),
  ),
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "another", {
    role: "other",
    policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
  }),
  resource("aws:s3/bucketPolicy:BucketPolicy", "bucket", { bucket: "bucket", policy: JSON.stringify(policy("s3:ListBucket")) }),
  resource("aws:backup/vault:Vault", "vault", {}, { name: "vault", arn: "arn:aws:backup:us-east-1:999999999999:backup-vault:vault" }),
  resource("aws:backup/vaultPolicy:VaultPolicy", "vault-policy", {
    backupVaultName: "vault",
    policy: JSON.stringify(policy("backup:StartCopyJob")),
  }),
  resource("aws:eks/podIdentityAssociation:PodIdentityAssociation", "pods", { roleArn: arn, namespace: "chat", serviceAccount: "app" }),
);

describe("policy documents in a graph", () => {
  it("are found wherever they are, as text or as an object, with what they are attached to", () => {
    expect(documentsOf(graph).map(({ name, kind, owner }) => [name, kind, owner])).to.deep.equal([
      ["role", "trust", arn],
      ["role inlinePolicies[0].policy", "inline", "role-1234567"],
      ["inline", "inline", "role-1234567"],
      ["own", "managed", "arn:aws:iam::999999999999:policy/own"],
      ["unused", "managed", "arn:aws:iam::999999999999:policy/un"],
      ["bucket", "bucket", "arn:aws:s3:::bucket"],
      ["vault-policy", "vault", "arn:aws:backup:us-east-1:999999999999:backup-vault:vault"],
    ]);
  });

  it("are an error in a place that nobody has named", () => {
    const queue = graphOf(resource("aws:sqs/queuePolicy:QueuePolicy", "queue", { policy: JSON.stringify(policy("sqs:SendMessage")) }));
    expect(() => documentsOf(queue)).to.throw("queue holds a policy document that no rule reads: aws:sqs/queuePolicy:QueuePolicy policy");
  });

  it("make up what a role may do, together with AWS's own policies", () => {
    const roles = rolesOf(graph).map(({ name, documents, awsManaged }) => [name, documents.map((document) => document.name), awsManaged]);
    const awsManaged = ["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"];
    expect(roles).to.deep.equal([["role", ["role inlinePolicies[0].policy", "inline", "own"], awsManaged]]);
  });

  it("name the pods to which EKS gives the role", () => {
    expect(documentsOf(graph).flatMap(podIdentityOf)).to.deep.equal([`${arn} for chat/app`]);
    expect(associationsOf(graph)).to.deep.equal([`${arn} for chat/app`]);
  });
});

describe("a policy of AWS's own", () => {
  it("is known by its ARN, and by no other", () => {
    expect(managedPolicy("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy").Version).to.equal("2012-10-17");
    expect(() => managedPolicy("arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy")).to.throw(
      "AWS has no policy arn:aws:iam::aws:policy/service-role/AmazonEKS_CNI_Policy, but arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy",
    );
    expect(() => managedPolicy("arn:aws:iam::aws:policy/AmazonEKSPolicy")).to.throw("AWS has no policy");
  });
});

describe("a resource in a policy", () => {
  const bucket = "arn:${Partition}:s3:::${BucketName}";
  const object = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
  const group = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
  const stream = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}";
  const logs = (path: string) => `arn:aws:logs:us-east-1:999999999999:log-group:${path}`;

  const fitting: readonly (readonly [pattern: string, template: string])[] = [
    ["arn:aws:s3:::uploads", bucket],
    ["arn:aws:s3:::upl*", bucket],
    ["arn:aws:s3:::uploads/*", object],
    ["arn:aws:s3:::uploads/a/b/c", object],
    ["arn:aws:s3:::upload?/file", object],
    [logs("/aws/eks/x/cluster"), group],
    [logs("/aws/eks/x/cluster:*"), group],
    [logs("/aws/eks/x/cluster:*"), stream],
    [logs("/aws/eks/x/cluster:log-stream:a"), stream],
  ];
  const unfitting: readonly (readonly [pattern: string, template: string])[] = [
    ["arn:aws:s3:::uploads/*", bucket],
    ["arn:aws:s3:::uploads", object],
    ["arn:aws:kms:us-east-1:999999999999:key/1", bucket],
    [logs("/aws/eks/x/cluster"), stream],
    ["arn:aws:ec2:us-east-1:999999999999:vpc/*", "arn:${Partition}:ec2:${Region}:${Account}:subnet/${SubnetId}"],
  ];

  it("fits the types that it can be of", () => {
    for (const [pattern, template] of fitting) expect(fitsTemplate(pattern, template), `${pattern} ${template}`).to.equal(true);
    for (const [pattern, template] of unfitting) expect(fitsTemplate(pattern, template), `${pattern} ${template}`).to.equal(false);
  });
});

describe("a simulated call", () => {
  const scene = new Scene(graph, "us-east-1");
  const by = (call: Call): Promise<boolean> =>
    passes(
      scene,
      { principal: arn, policies: [{ name: "policy", policy: { Statement: { Effect: "Allow", Action: call.action, Resource: "*" } } }] },
      call,
    );
  const key = "arn:aws:kms:us-east-1:999999999999:key/1";

  it("passes where a policy allows it for all that it names", async () => {
    expect(await by({ action: "ec2:DeleteVolume", on: "arn:aws:ec2:us-east-1:999999999999:volume/vol-1" })).to.equal(true);
  });

  const wrong: readonly (readonly [call: Call, error: string])[] = [
    [{ action: "s3:GetObjects", on: "arn:aws:s3:::bucket/file" }, "AWS has no action s3:GetObjects"],
    [{ action: "s3:GetObject", on: "arn:aws:s3:::bucket" }, "s3:GetObject does not act on arn:aws:s3:::bucket"],
    [{ action: "s3:GetObject", on: "*" }, "s3:GetObject does not act on *"],
    [{ action: "ec2:DescribeVolumes", on: "arn:aws:ec2:us-east-1:999999999999:volume/vol-1" }, "ec2:DescribeVolumes does not act on"],
    [{ action: "kms:Decrypt", on: key, with: { "aws:ResourceTagg/a": "b" } }, "does not tell aws:ResourceTagg/a"],
    [
      { action: "kms:ScheduleKeyDeletion", on: key, with: { "kms:GrantIsForAWSResource": "true" } },
      "does not tell kms:GrantIsForAWSResource",
    ],
  ];
  for (const [call, error] of wrong)
    it(`is an error where AWS knows no such call: ${error}`, async () => {
      const thrown = await by(call).then(String, (reason: unknown) => reason);
      expect(thrown).to.be.an.instanceOf(Error);
      expect(String(thrown)).to.include(error);
    });
});
