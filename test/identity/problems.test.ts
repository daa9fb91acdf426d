import { expect } from "chai";

import { incompleteGrants } from "./action-rules";
import type { DocumentKind, GraphDocument } from "./documents";
import { many, type Conditions, type PolicyDocument, type Statement } from "./policy";
import { problemsOf, sizeFindings } from "./problems";

const account = "999999999999";
const surroundings = { account, regions: ["us-east-1"] };

const bucket = "arn:aws:s3:::uploads";
const key = `arn:aws:kms:us-east-1:${account}:key/01234567-89ab-cdef-0123-456789abcdef`;
const topic = `arn:aws:sns:us-east-1:${account}:alerts`;
const group = `arn:aws:ec2:us-east-1:${account}:security-group/*`;

const of = (...statements: readonly Statement[]): PolicyDocument => ({ Version: "2012-10-17", Statement: statements });

const ofPods: Conditions = {
  StringEquals: { "aws:RequestTag/kubernetes-namespace": "chat", "aws:RequestTag/kubernetes-service-account": "chat" },
};

/** A document of each kind that is right. */
const sound = {
  inline: of(
    { Sid: "Objects", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: `${bucket}/*` },
    { Sid: "Bucket", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
    {
      Sid: "Key",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: key,
      Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
    },
    { Sid: "Reads", Effect: "Allow", Action: ["ec2:DescribeSubnets", "autoscaling:DescribeAutoScalingGroups"], Resource: "*" },
    {
      Sid: "Groups",
      Effect: "Allow",
      Action: "ec2:DeleteSecurityGroup",
      Resource: group,
      Condition: { StringEquals: { "aws:ResourceTag/cluster": "chat" } },
    },
  ),
  trust: of({
    Effect: "Allow",
    Principal: { Service: "pods.eks.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Condition: ofPods,
  }),
  key: of(
    { Sid: "Account", Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "kms:*", Resource: "*" },
    {
      Sid: "Alarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    },
  ),
  bucket: of({
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket, `${bucket}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  }),
  topic: of({
    Sid: "Alarms",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topic,
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  }),
} satisfies Partial<Record<DocumentKind, PolicyDocument>>;
type Sound = keyof typeof sound;

const owners: Readonly<Record<Sound, string>> = {
  inline: "role",
  trust: `arn:aws:iam::${account}:role/role`,
  key,
  bucket,
  topic,
};

const judged = (kind: Sound, policy: PolicyDocument): Promise<readonly string[]> => {
  const document: GraphDocument = { name: "document", kind, policy, owner: owners[kind] };
  return problemsOf(document, surroundings).then((problems) => [...new Set(problems.map(({ rule }) => rule))].sort());
};

/** A copy of a document with its statement of that number changed. */
function broken(kind: Sound, index: number, change: Partial<Statement>): PolicyDocument {
  const statements = many<Statement>(sound[kind].Statement);
  return of(...statements.map((statement, at) => (at === index ? { ...statement, ...change } : statement)));
}

const when = (...conditions: readonly Conditions[]): { Condition: Conditions } => ({
  Condition: Object.assign({}, ...conditions) as Conditions,
});

type Mutation = readonly [what: string, kind: Sound, statement: number, change: Partial<Statement>, rule: string];

const mutations: readonly Mutation[] = [
  ["an action that is misspelt", "inline", 0, { Action: "s3:GetObjects" }, "unknown-action"],
  ["an action in the wrong case", "inline", 0, { Action: "s3:getObject" }, "unknown-action"],
  ["an action of a service that does not exist", "inline", 0, { Action: "s4:GetObject" }, "unknown-action"],
  ["a pattern of actions that fits none", "inline", 0, { Action: "s3:Fetch*" }, "unknown-action"],
  ["every action of a service", "inline", 0, { Action: "s3:*" }, "wildcard-action"],
  ["every action there is", "inline", 0, { Action: "*" }, "wildcard-action"],
  ["a pattern of actions", "inline", 0, { Action: "s3:Get*" }, "wildcard-action"],
  ["every action of a key, for others than the account", "key", 1, { Action: "kms:*" }, "wildcard-action"],
  ["every resource, where AWS can bind the action", "inline", 0, { Resource: "*" }, "wildcard-resource"],
  [
    "a resource, where AWS cannot bind the action",
    "inline",
    3,
    { Action: "autoscaling:DescribeAutoScalingGroups", Resource: group },
    "no-resource-level",
  ],
  ["a bucket, where the action is for objects", "inline", 0, { Resource: bucket }, "resource-type"],
  ["an object, where the action is for buckets", "inline", 1, { Resource: `${bucket}/*` }, "resource-type"],
  ["a resource that none of the actions acts on", "inline", 1, { Resource: [bucket, key] }, "resource-type"],
  ["a resource of another account", "inline", 2, { Resource: key.replace(account, "111122223333") }, "foreign-resource"],
  ["a resource of another region", "inline", 2, { Resource: key.replace("us-east-1", "eu-west-1") }, "foreign-resource"],
  ["resources of all regions", "inline", 2, { Resource: key.replace("us-east-1", "*") }, "wide-resource"],
  ["resources of all accounts", "inline", 4, { Resource: group.replace(account, "*") }, "wide-resource"],
  ["resources of all types", "inline", 4, { Resource: `arn:aws:ec2:us-east-1:${account}:*` }, "wide-resource"],
  ["something that is no ARN", "inline", 1, { Resource: "uploads" }, "resource-syntax"],
  ["another bucket in a bucket's policy", "bucket", 0, { Resource: ["arn:aws:s3:::uploads-2", `${bucket}/*`] }, "other-resource"],
  ["another key in a key's policy", "key", 1, { Resource: key.replace("0123", "4567") }, "other-resource"],
  ["a condition key that does not exist", "inline", 2, when({ StringEquals: { "kms:ViaServices": "s3" } }), "unknown-key"],
  ["a global condition key that does not exist", "inline", 2, when({ StringEquals: { "aws:SourceAcount": account } }), "unknown-key"],
  ["another service's condition key", "inline", 0, when({ StringEquals: { "kms:ViaService": "s3" } }), "key-not-told"],
  [
    "a tag of the request, where nothing is tagged",
    "inline",
    4,
    when({ StringEquals: { "aws:RequestTag/cluster": "chat" } }),
    "key-not-told",
  ],
  [
    "a tag of the resource, where AWS tells none",
    "inline",
    0,
    when({ StringEquals: { "aws:ResourceTag/cluster": "chat" } }),
    "key-not-told",
  ],
  [
    "a condition key that none of a refusal's actions tells",
    "bucket",
    0,
    when({ StringEquals: { "kms:ViaService": "s3" } }),
    "key-not-told",
  ],
  ["an operator for another type", "inline", 2, when({ Bool: { "kms:ViaService": "true" } }), "operator"],
  [
    "an operator of texts for an ARN",
    "inline",
    4,
    when({ StringEquals: { "ec2:Vpc": `arn:aws:ec2:us-east-1:${account}:vpc/vpc-1` } }),
    "operator",
  ],
  ["an operator that does not exist", "inline", 2, when({ StringIs: { "kms:ViaService": "s3" } }), "operator"],
  ["several values of a key that has one", "inline", 2, when({ "ForAnyValue:StringEquals": { "kms:ViaService": "s3" } }), "operator"],
  [
    "all values of a key that may be missing",
    "trust",
    0,
    when(ofPods, { "ForAllValues:StringEquals": { "sts:TransitiveTagKeys": "team" } }),
    "operator",
  ],
  ["a truth that is neither true nor false", "bucket", 0, when({ Bool: { "aws:SecureTransport": "no" } }), "value"],
  ["a wildcard that is plain text", "inline", 2, when({ StringEquals: { "kms:ViaService": "s3.*.amazonaws.com" } }), "value"],
  ["a condition that always holds", "inline", 2, when({ StringLike: { "kms:ViaService": "*" } }), "value"],
  ["no condition on a service that works for everyone", "key", 1, { Condition: {} }, "confused-deputy"],
  ["a condition on another account", "topic", 0, when({ StringEquals: { "aws:SourceAccount": "111122223333" } }), "confused-deputy"],
  ["a condition that may be missing", "topic", 0, when({ StringEqualsIfExists: { "aws:SourceAccount": account } }), "confused-deputy"],
  ["a service that nobody knows", "topic", 0, { Principal: { Service: "cloudwach.amazonaws.com" } }, "unknown-service"],
  ["everyone", "topic", 0, { Principal: "*", ...when() }, "open-principal"],
  ["another account", "key", 0, { Principal: { AWS: "arn:aws:iam::111122223333:role/x" }, Action: "kms:Decrypt" }, "foreign-principal"],
  ["no service account in a trust", "trust", 0, when({ StringEquals: { "aws:RequestTag/kubernetes-namespace": "chat" } }), "pod-identity"],
  [
    "any service account in a trust",
    "trust",
    0,
    when({ StringLike: { "aws:RequestTag/kubernetes-namespace": "c*", "aws:RequestTag/kubernetes-service-account": "c*" } }),
    "pod-identity",
  ],
  ["everything but", "inline", 0, { NotAction: "s3:DeleteObject", Action: [] }, "negation"],
  ["an element that does not exist", "inline", 0, { Actions: "s3:GetObject" } as Partial<Statement>, "syntax"],
  ["a principal in a role's policy", "inline", 0, { Principal: "*" }, "syntax"],
  ["two statements of one name", "inline", 0, { Sid: "Bucket" }, "sid"],
];

describe("the rules for policy documents", () => {
  for (const kind of Object.keys(sound) as Sound[])
    it(`find nothing wrong with what is right: ${kind}`, async () => {
      expect(await judged(kind, sound[kind])).to.deep.equal([]);
    });

  for (const [what, kind, statement, change, rule] of mutations)
    it(`catch ${what}: ${kind}`, async () => {
      expect(await judged(kind, broken(kind, statement, change))).to.include(rule);
    });

  it("catch a version without variables", async () => {
    expect(await judged("inline", { ...sound.inline, Version: "2008-10-17" })).to.deep.equal(["version"]);
    expect(await judged("inline", { Statement: sound.inline.Statement })).to.deep.equal(["version"]);
  });

  it("catch what is longer than AWS takes, of a role's inline policies together", () => {
    const long = of({ Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket}/${"x".repeat(6200)}` });
    expect(sizeFindings("inline", [long])).to.deep.equal([]);
    for (const policies of [sizeFindings("inline", [long, long]), sizeFindings("managed", [long]), sizeFindings("trust", [long])])
      expect(policies.map(({ rule }) => rule)).to.deep.equal(["size"]);
  });

  it("catch a grant on half of what each call names", async () => {
    const on = (...resources: readonly string[]): GraphDocument => ({
      name: "document",
      kind: "inline",
      policy: of({ Effect: "Allow", Action: "ec2:CreateSecurityGroup", Resource: resources }),
      owner: "role",
    });
    const vpc = `arn:aws:ec2:us-east-1:${account}:vpc/vpc-0123456789abcdef0`;
    expect(await incompleteGrants([on(vpc), on(group)])).to.deep.equal([]);
    expect((await incompleteGrants([on(vpc)])).map(({ rule }) => rule)).to.deep.equal(["incomplete"]);
  });
});
