import { expect } from "chai";

import { account } from "../../../simulator/aws";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsObjectStore, region, tagged } from "../../support/aws";
import { contents, json, named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const replication = { region: "eu-west-1" };

for (const preview of [true, false]) {
  describe(`copies of uploads in a second region on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsObjectStore({ replication }), { preview });
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("are a bucket with a key, a role and a rule more than the store without them", async () => {
      const without = contents(await simulateComponent(() => awsObjectStore(), { preview }), "store");
      const added = Object.entries(contents(graph, "store")).map(([type, names]) => [
        type,
        names.filter((name) => without[type]?.includes(name) !== true),
      ]);
      expect(Object.fromEntries(added)).to.deep.equal({
        "aws:iam/role:Role": ["store-uploads-replication-role"],
        "aws:iam/rolePolicy:RolePolicy": ["store-uploads-replication-policy"],
        "aws:kms/alias:Alias": ["store-uploads-replica-alias"],
        "aws:kms/key:Key": ["store-uploads-replica-key"],
        "aws:s3/bucket:Bucket": ["store-uploads-replica-bucket"],
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["store-uploads-replica-lifecycle"],
        "aws:s3/bucketLogging:BucketLogging": [],
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["store-uploads-replica-ownership"],
        "aws:s3/bucketPolicy:BucketPolicy": ["store-uploads-replica-policy"],
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["store-uploads-replica-public-access"],
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ["store-uploads-replication"],
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["store-uploads-replica-encryption"],
        "aws:s3/bucketVersioning:BucketVersioning": ["store-uploads-replica-versioning"],
      });
    });

    it("follow every object and every deletion, under the second region's key", () => {
      expect(named(graph, "store-uploads-replication").inputs).to.deep.equal({
        bucket: later(named(graph, "store-uploads-bucket").outputs["bucket"]),
        role: later(named(graph, "store-uploads-replication-role").outputs["arn"]),
        rules: [
          {
            id: "everything",
            status: "Enabled",
            priority: 1,
            filter: {},
            deleteMarkerReplication: { status: "Enabled" },
            sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
            destination: {
              bucket: later(named(graph, "store-uploads-replica-bucket").outputs["arn"]),
              encryptionConfiguration: { replicaKmsKeyId: later(named(graph, "store-uploads-replica-key").outputs["arn"]) },
            },
          },
        ],
      });
    });

    it("begin when both buckets keep versions and the role may do its work", () => {
      expect(waitedFor(graph, named(graph, "store-uploads-replication"))).to.deep.equal([
        "store-uploads-bucket",
        "store-uploads-replica-bucket",
        "store-uploads-replica-key",
        "store-uploads-replica-versioning",
        "store-uploads-replication-policy",
        "store-uploads-replication-role",
        "store-uploads-versioning",
      ]);
    });

    it("have a key of their own in their region, which turns every year", () => {
      const { policy, ...rest } = named(graph, "store-uploads-replica-key").inputs;
      expect(rest).to.deep.equal({
        ...replication,
        description: "Copies of uploads of rocketchat test",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        tags: tagged("store-uploads-replica-key"),
      });
      expect(json(policy)).to.deep.equal({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AccountPolicies",
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      });
      expect(named(graph, "store-uploads-replica-alias").inputs).to.deep.equal({
        ...replication,
        namePrefix: "alias/rocketchat-test-replica-",
        targetKeyId: later(named(graph, "store-uploads-replica-key").outputs["keyId"]),
      });
    });

    it("stay with their key when the stack is destroyed, while the rule and its role go", () => {
      const added = graph.resources.filter(({ name }) => name.startsWith("store-uploads-replica"));
      expect(added).to.have.lengthOf(12);
      const kept = added.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
      expect(kept.filter((name) => name.startsWith("store-uploads-replication"))).to.deep.equal([]);
      expect(kept).to.have.lengthOf(9);
      expect(added.filter(({ protect }) => protect).map(({ name }) => name)).to.deep.equal([
        "store-uploads-replica-key",
        "store-uploads-replica-bucket",
      ]);
    });

    it("are named among the outputs", () => {
      const bucket = later(named(graph, "store-uploads-replica-bucket").outputs["bucket"]);
      expect(named(graph, "store").outputs["replica"]).to.deep.equal({ bucket, ...replication });
    });
  });
}

describe("the role that copies uploads", () => {
  let graph: ResourceGraph;
  before(async () => {
    graph = await simulateComponent(() => awsObjectStore({ replication }));
  });
  const arnOf = (name: string): string => String(named(graph, name).outputs["arn"]);

  it("is S3's alone, for this bucket of this account", () => {
    const { assumeRolePolicy, ...rest } = named(graph, "store-uploads-replication-role").inputs;
    expect(rest).to.deep.equal({ tags: tagged("store-uploads-replication-role") });
    expect(json(assumeRolePolicy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "s3.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEqualsIfExists: { "aws:SourceAccount": account },
            ArnLikeIfExists: { "aws:SourceArn": arnOf("store-uploads-bucket") },
          },
        },
      ],
    });
  });

  it("may read here and write there, with each bucket's own key", () => {
    const { role, policy } = named(graph, "store-uploads-replication-policy").inputs;
    expect(role).to.equal(named(graph, "store-uploads-replication-role").outputs["name"]);
    const source = arnOf("store-uploads-bucket");
    const replica = arnOf("store-uploads-replica-bucket");
    expect(json(policy)).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        { Sid: "Source", Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: source },
        {
          Sid: "SourceObjects",
          Effect: "Allow",
          Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
          Resource: `${source}/*`,
        },
        {
          Sid: "ReplicaObjects",
          Effect: "Allow",
          Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
          Resource: `${replica}/*`,
        },
        {
          Sid: "SourceKey",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: arnOf("encryption-objects-key"),
          Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": source } },
        },
        {
          Sid: "ReplicaKey",
          Effect: "Allow",
          Action: ["kms:Encrypt", "kms:Decrypt"],
          Resource: arnOf("store-uploads-replica-key"),
          Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": replica } },
        },
      ],
    });
  });

  it("has a key in the second region", () => {
    expect(arnOf("store-uploads-replica-key")).to.match(new RegExp(`^arn:aws:kms:eu-west-1:${account}:key/`));
    expect(waitsFor(graph, named(graph, "store-uploads-replica-bucket"), named(graph, "store-uploads-bucket"))).to.equal(false);
  });
});
