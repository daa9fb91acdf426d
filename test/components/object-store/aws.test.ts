import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import type { Store } from "../../../components/object-store";
import { awsCluster, awsEncryption, awsNetwork, awsObjectStore, region, tags } from "../../support/aws";
import { contents, json, named, simulateComponent, waitedFor } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the object store on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsObjectStore(), { preview });
    });
    /** A setting of the uploads' bucket, which the preview does not know yet. */
    const ofBucket = (): Record<string, unknown> => ({
      bucket: preview ? unknownText : named(graph, "store-uploads-bucket").outputs["bucket"],
    });

    it("is one bucket for uploads with everything that keeps it safe, and nothing else", () => {
      expect(contents(graph, "store")).to.deep.equal({
        "aws:s3/bucket:Bucket": ["store-uploads-bucket"],
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["store-uploads-lifecycle"],
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["store-uploads-ownership"],
        "aws:s3/bucketPolicy:BucketPolicy": ["store-uploads-policy"],
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["store-uploads-public-access"],
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ["store-uploads-encryption"],
        "aws:s3/bucketVersioning:BucketVersioning": ["store-uploads-versioning"],
      });
      expect(named(graph, "store-uploads-bucket").inputs).to.deep.equal({ tags: { ...tags, Name: "store-uploads" } });
    });

    it("keeps versions", () => {
      expect(named(graph, "store-uploads-versioning").inputs).to.deep.equal({
        ...ofBucket(),
        versioningConfiguration: { status: "Enabled" },
      });
    });

    it("encrypts with the stack's own key for objects", () => {
      expect(named(graph, "store-uploads-encryption").inputs).to.deep.equal({
        ...ofBucket(),
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: "aws:kms",
              kmsMasterKeyId: preview ? unknownText : named(graph, "encryption-objects-key").outputs["arn"],
            },
            bucketKeyEnabled: true,
          },
        ],
      });
      expect(waitedFor(graph, named(graph, "store-uploads-encryption"))).to.deep.equal(["encryption-objects-key", "store-uploads-bucket"]);
    });

    it("is closed to the public in all four ways, and has one owner", () => {
      expect(named(graph, "store-uploads-public-access").inputs).to.deep.equal({
        ...ofBucket(),
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(named(graph, "store-uploads-ownership").inputs).to.deep.equal({
        ...ofBucket(),
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
    });

    it("lets old versions go after the configured time, and unfinished uploads after a week", () => {
      expect(named(graph, "store-uploads-lifecycle").inputs).to.deep.equal({
        ...ofBucket(),
        rules: [
          {
            id: "expire-old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: 90 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      });
    });

    it("changes access one setting after the other, and lets versions expire only once there are some", () => {
      expect(waitedFor(graph, named(graph, "store-uploads-policy"))).to.deep.equal(["store-uploads-bucket", "store-uploads-public-access"]);
      expect(waitedFor(graph, named(graph, "store-uploads-lifecycle"))).to.deep.equal(["store-uploads-bucket", "store-uploads-versioning"]);
    });

    it("refuses to be deleted, and outlives the stack with all its settings", () => {
      for (const { name, type, protect, retainOnDelete } of graph.resources.filter((resource) => resource.name.startsWith("store-"))) {
        expect({ protect, retainOnDelete }, name).to.deep.equal({ protect: type === "aws:s3/bucket:Bucket", retainOnDelete: true });
      }
    });

    it("hands out kind, bucket and region", () => {
      expect(named(graph, "store").outputs).to.deep.equal({ uploads: { kind: "s3", ...ofBucket(), region } });
    });
  });
}

describe("the object store on AWS", () => {
  it("refuses whoever comes without TLS", async () => {
    const graph = await simulateComponent(() => awsObjectStore());
    const arn = String(named(graph, "store-uploads-bucket").outputs["arn"]);
    expect(json(named(graph, "store-uploads-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("lets the chat read and write objects of this bucket with this key, and no more", async () => {
    const graph = await simulateComponent(() => {
      const encryption = awsEncryption();
      const uploads: Store = awsObjectStore({ encryption }).uploads;
      const cluster = awsCluster({ network: awsNetwork(), encryption });
      cluster.grantIdentity("chat", { namespace: "rocketchat", serviceAccount: "rocketchat", permissions: [uploads.permissions] });
    });
    const arn = String(named(graph, "store-uploads-bucket").outputs["arn"]);
    expect(json(named(graph, "cluster-chat-policy").inputs["policy"])).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Objects",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          Resource: [`${arn}/*`],
        },
        { Sid: "Bucket", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
        {
          Sid: "Key",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [named(graph, "encryption-objects-key").outputs["arn"]],
        },
      ],
    });
  });

  it("keeps versions for as long as it was told, and may be deleted where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => awsObjectStore({ uploadVersionDays: 7, protect: false }));
    expect(named(graph, "store-uploads-lifecycle").inputs).to.have.nested.property(
      "rules[0].noncurrentVersionExpiration.noncurrentDays",
      7,
    );
    const held = graph.resources.filter(({ name, protect, retainOnDelete }) => name.startsWith("store-") && (protect || retainOnDelete));
    expect(held.map(({ name }) => name)).to.deep.equal([]);
  });
});
