import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { AwsObjectStore } from "../../../components/object-store/aws";
import type { Store } from "../../../components/object-store";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsObjectStore, region } from "../../support/aws";
import { contents, json, named, simulateComponent, waitedFor } from "../../support/simulated";

const logged = ["backups", "logs", "traces", "uploads"];
const kinds = ["access-logs", ...logged];
/** The names that a suffix makes of all kinds of buckets. */
const ofAll = (suffix: string): string[] => kinds.map((kind) => `store-${kind}-${suffix}`);

for (const preview of [true, false]) {
  describe(`the object store on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsObjectStore(), { preview });
    });
    /** The name that S3 gives a bucket, which the preview does not know yet. */
    const bucketOf = (kind: string): unknown => (preview ? unknownText : named(graph, `store-${kind}-bucket`).outputs["bucket"]);

    it("is a bucket for each purpose with everything that keeps it safe, a log of each, and nothing else", () => {
      expect(contents(graph, "store")).to.deep.equal({
        "aws:s3/bucket:Bucket": ofAll("bucket"),
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofAll("lifecycle"),
        "aws:s3/bucketLogging:BucketLogging": logged.map((kind) => `store-${kind}-logging`),
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofAll("ownership"),
        "aws:s3/bucketPolicy:BucketPolicy": ofAll("policy"),
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofAll("public-access"),
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofAll("encryption"),
        "aws:s3/bucketVersioning:BucketVersioning": ofAll("versioning"),
      });
    });

    it("logs the requests of each bucket under a prefix of its own, once S3 may write there", () => {
      for (const kind of logged) {
        const logging = named(graph, `store-${kind}-logging`);
        expect(logging.inputs, kind).to.deep.equal({
          bucket: bucketOf(kind),
          targetBucket: bucketOf("access-logs"),
          targetPrefix: `s3/${kind}/`,
        });
        expect(waitedFor(graph, logging), kind).to.deep.equal(
          [`store-${kind}-bucket`, "store-access-logs-bucket", "store-access-logs-policy"].sort(),
        );
      }
    });

    it("refuses to be deleted, and outlives the stack with all its settings", () => {
      const own = graph.resources.filter(({ name, custom }) => custom && name.startsWith("store-"));
      expect(own).to.have.lengthOf(kinds.length * 7 + logged.length);
      for (const { name, type, protect, retainOnDelete } of own) {
        expect({ protect, retainOnDelete }, name).to.deep.equal({ protect: type === "aws:s3/bucket:Bucket", retainOnDelete: true });
      }
    });

    it("hands out kind, bucket and region, and where access logs go", () => {
      expect(named(graph, "store").outputs).to.deep.equal({
        ...Object.fromEntries(logged.map((kind) => [kind, { kind: "s3", bucket: bucketOf(kind), region }])),
        accessLogs: { bucket: bucketOf("access-logs"), prefix: "alb" },
      });
    });
  });
}

describe("the object store on AWS", () => {
  it("may be deleted with all that it holds where the configuration lets data go", async () => {
    const graph = await simulateComponent(() => awsObjectStore({ protect: false, replication: { region: "eu-west-1" } }));
    const held = graph.resources.filter(({ name, protect, retainOnDelete }) => name.startsWith("store-") && (protect || retainOnDelete));
    expect(held.map(({ name }) => name)).to.deep.equal([]);
    const buckets = graph.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(buckets.map(({ inputs }) => inputs["forceDestroy"])).to.deep.equal([...kinds, "replica"].map(() => true));
  });

  describe("lets whoever uses a bucket do what it must with this bucket and this key, and no more:", () => {
    const readAndWrite = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    const users: readonly (readonly [string, string, (store: AwsObjectStore) => Store, readonly string[]])[] = [
      ["the chat", "uploads", (store) => store.uploads, [...readAndWrite, "s3:AbortMultipartUpload"]],
      [
        "the database's backups",
        "backups",
        (store) => store.backups,
        [...readAndWrite, "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
      ],
      ["Loki", "logs", (store) => store.logs, readAndWrite],
      ["Tempo", "traces", (store) => store.traces, [...readAndWrite, "s3:GetObjectTagging", "s3:PutObjectTagging"]],
    ];
    for (const [user, kind, storeOf, objectActions] of users) {
      it(user, async () => {
        const graph = await simulateComponent(() => {
          const { permissions } = storeOf(awsObjectStore());
          new aws.iam.RolePolicy("granted", { role: user, policy: pulumi.jsonStringify(permissions) });
        });
        const arn = String(named(graph, `store-${kind}-bucket`).outputs["arn"]);
        expect(json(named(graph, "granted").inputs["policy"])).to.deep.equal({
          kind: "iam",
          statements: [
            { Sid: "Objects", Effect: "Allow", Action: objectActions, Resource: [`${arn}/*`] },
            { Sid: "Bucket", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
            {
              Sid: "Key",
              Effect: "Allow",
              Action: ["kms:Decrypt", "kms:GenerateDataKey"],
              Resource: [named(graph, "encryption-objects-key").outputs["arn"]],
              Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": arn } },
            },
          ],
        });
      });
    }
  });
});
