import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { awsObjectStore, tagged } from "../../support/aws";
import { json, named, simulateComponent, waitedFor } from "../../support/simulated";

const replication = { region: "eu-west-1" };

/** Every bucket of the store, the region that its settings name, and its key; without a key S3 uses its own. */
const buckets: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined])[] = [
  ["store-uploads", {}, "encryption-objects-key"],
  ["store-backups", {}, "encryption-objects-key"],
  ["store-logs", {}, "encryption-objects-key"],
  ["store-traces", {}, "encryption-objects-key"],
  ["store-access-logs", {}, undefined],
  ["store-uploads-replica", replication, "store-uploads-replica-key"],
];

for (const preview of [true, false]) {
  for (const [name, where, key] of buckets) {
    describe(`the bucket ${name}, in a ${preview ? "preview" : "deployment"}`, () => {
      let graph: ResourceGraph;
      before(async () => {
        graph = await simulateComponent(() => awsObjectStore({ replication }), { preview });
      });
      /** What a setting says of where it belongs. */
      const ofBucket = (): Readonly<Record<string, unknown>> => ({
        ...where,
        bucket: preview ? unknownText : named(graph, `${name}-bucket`).outputs["bucket"],
      });

      it("leaves its name to S3, and is deleted only when it is empty", () => {
        expect(named(graph, `${name}-bucket`).inputs).to.deep.equal({ ...where, forceDestroy: false, tags: tagged(name) });
      });

      it("keeps versions", () => {
        expect(named(graph, `${name}-versioning`).inputs).to.deep.equal({ ...ofBucket(), versioningConfiguration: { status: "Enabled" } });
      });

      it(`encrypts with ${key === undefined ? "S3's own keys, the only ones that log services can use" : `the key ${key}`}`, () => {
        const encryption = named(graph, `${name}-encryption`);
        const kms = (of: string): Readonly<Record<string, unknown>> => ({
          applyServerSideEncryptionByDefault: {
            sseAlgorithm: "aws:kms",
            kmsMasterKeyId: preview ? unknownText : named(graph, of).outputs["arn"],
          },
          bucketKeyEnabled: true,
        });
        expect(encryption.inputs).to.deep.equal({
          ...ofBucket(),
          rules: [key === undefined ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } : kms(key)],
        });
        expect(waitedFor(graph, encryption)).to.deep.equal([...(key === undefined ? [] : [key]), `${name}-bucket`].sort());
      });

      it("is closed to the public in all four ways, and has one owner", () => {
        expect(named(graph, `${name}-public-access`).inputs).to.deep.equal({
          ...ofBucket(),
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
        expect(named(graph, `${name}-ownership`).inputs).to.deep.equal({
          ...ofBucket(),
          rule: { objectOwnership: "BucketOwnerEnforced" },
        });
      });

      it("changes access one setting after the other, and lets versions expire only once there are some", () => {
        expect(waitedFor(graph, named(graph, `${name}-policy`))).to.include.members([`${name}-bucket`, `${name}-public-access`]);
        expect(waitedFor(graph, named(graph, `${name}-lifecycle`))).to.deep.equal([`${name}-bucket`, `${name}-versioning`]);
      });

      it("says in its policy which bucket it means", () => {
        const { policy, ...rest } = named(graph, `${name}-policy`).inputs;
        expect(rest).to.deep.equal(ofBucket());
        expect(policy === unknownText).to.equal(preview);
      });

      if (preview) return;

      it("refuses whoever comes without TLS", () => {
        const arn = String(named(graph, `${name}-bucket`).outputs["arn"]);
        expect(json(named(graph, `${name}-policy`).inputs["policy"]))
          .to.have.nested.property("Statement[0]")
          .that.deep.equals({
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          });
      });

      it("lets nobody in by its policy but the services that write logs", () => {
        const { Statement: statements } = json(named(graph, `${name}-policy`).inputs["policy"]) as { Statement: { Sid: string }[] };
        expect(statements.map(({ Sid }) => Sid)).to.deep.equal([
          "TlsOnly",
          ...(name === "store-access-logs" ? ["LoadBalancers", "LoadBalancersOfOlderRegions", "Buckets"] : []),
        ]);
      });
    });
  }
}

describe("the lifecycle of what the store on AWS holds", () => {
  /** What a bucket's lifecycle says, days apart. */
  const rules = (versionDays: number, ...others: readonly unknown[]): unknown => [
    {
      id: "expire-old-versions",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: versionDays },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    ...others,
  ];
  const expiry = (days: number): unknown => ({ id: "expire-objects", status: "Enabled", filter: {}, expiration: { days } });
  const lifecycles = (graph: ResourceGraph): Readonly<Record<string, unknown>> =>
    Object.fromEntries(buckets.map(([name]) => [name, named(graph, `${name}-lifecycle`).inputs["rules"]]));

  it("lets old versions go by purpose, unfinished uploads after a week, and of what is current only access logs", async () => {
    expect(lifecycles(await simulateComponent(() => awsObjectStore({ replication })))).to.deep.equal({
      "store-uploads": rules(90),
      "store-backups": rules(35),
      "store-logs": rules(7),
      "store-traces": rules(1),
      "store-access-logs": rules(7, expiry(90)),
      "store-uploads-replica": rules(90),
    });
  });

  it("keeps versions of uploads and backups, and access logs, for as long as it was told", async () => {
    const change = { uploadVersionDays: 11, backupVersionDays: 12, accessLogDays: 13, replication };
    expect(lifecycles(await simulateComponent(() => awsObjectStore(change)))).to.deep.equal({
      "store-uploads": rules(11),
      "store-backups": rules(12),
      "store-logs": rules(7),
      "store-traces": rules(1),
      "store-access-logs": rules(7, expiry(13)),
      "store-uploads-replica": rules(11),
    });
  });
});
