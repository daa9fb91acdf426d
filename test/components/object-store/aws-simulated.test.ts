import { expect } from "chai";

import { SimulatedCloud } from "../../../simulator/cloud";
import { Lifecycle } from "../../../simulator/engine/lifecycle";
import { account } from "../../../simulator/aws";

const region = "eu-central-1";
const types = {
  bucket: "aws:s3/bucket:Bucket",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  replication: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  role: "aws:iam/role:Role",
} as const;

describe("the simulated S3", () => {
  let cloud: SimulatedCloud;
  beforeEach(() => {
    cloud = new SimulatedCloud(region);
  });
  const make = (type: keyof typeof types, name: string, inputs: Readonly<Record<string, unknown>>): string =>
    cloud.create({ urn: `urn:pulumi:test::test::${types[type]}::${name}`, type: types[type], name, inputs }).id;
  const bucket = (name: string, where: Readonly<Record<string, string>> = {}): string => make("bucket", name, { bucket: name, ...where });
  const versioned = (name: string, status: string): string =>
    make("versioning", name, { bucket: name, versioningConfiguration: { status } });

  describe("refuses to log", () => {
    const log = (): string => make("logging", "logging", { bucket: "source", targetBucket: "target", targetPrefix: "s3/" });

    it("into a bucket that does not exist", () => {
      bucket("source");
      expect(log).to.throw("logging: targetBucket: The target bucket for logging does not exist");
    });

    it("into a bucket of another region", () => {
      bucket("source");
      bucket("target", { region: "eu-west-1" });
      expect(log).to.throw("logging: targetBucket: Cross S3 location logging not allowed.");
    });

    it("nothing else", () => {
      bucket("source");
      bucket("target");
      expect(log()).to.equal("source");
    });
  });

  describe("refuses to replicate", () => {
    const rule = {
      status: "Enabled",
      filter: {},
      deleteMarkerReplication: { status: "Disabled" },
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
      destination: { bucket: "arn:aws:s3:::replica", encryptionConfiguration: { replicaKmsKeyId: "arn:aws:kms:eu-west-1:1:key/1" } },
    };
    const replicate = (change: Readonly<Record<string, unknown>> = {}): string => {
      make("role", "s3", { name: "s3" });
      const role = `arn:aws:iam::${account}:role/s3`;
      return make("replication", "replication", { bucket: "source", role, rules: [{ ...rule, ...change }] });
    };

    it("from a bucket that keeps no versions", () => {
      bucket("source");
      bucket("replica");
      versioned("replica", "Enabled");
      expect(replicate).to.throw("replication: bucket: Versioning must be 'Enabled' on the bucket to apply a replication configuration");
    });

    it("to a bucket that does not exist", () => {
      bucket("source");
      versioned("source", "Enabled");
      expect(replicate).to.throw("replication: rules[0].destination.bucket: Destination bucket must exist.");
    });

    it("to a bucket that keeps no more versions", () => {
      for (const name of ["source", "replica"]) bucket(name);
      versioned("source", "Enabled");
      versioned("replica", "Suspended");
      expect(replicate).to.throw("replication: rules[0].destination.bucket: Destination bucket must have versioning enabled.");
    });

    it("by a rule that leaves a question open", () => {
      for (const name of ["source", "replica"]) {
        bucket(name);
        versioned(name, "Enabled");
      }
      expect(() => replicate({ deleteMarkerReplication: undefined })).to.throw("rules[0]: DeleteMarkerReplication must be specified");
      cloud = new SimulatedCloud(region);
      for (const name of ["source", "replica"]) {
        bucket(name);
        versioned(name, "Enabled");
      }
      expect(() => replicate({ sourceSelectionCriteria: undefined })).to.throw("rules[0]: SseKmsEncryptedObjects must be specified");
    });

    it("nothing else, also to the same region", () => {
      for (const name of ["source", "replica"]) {
        bucket(name);
        versioned(name, "Enabled");
      }
      expect(replicate()).to.equal("source");
    });
  });

  it("refuses a rule that lets both objects and markers expire", () => {
    bucket("source");
    const expire = (expiration: Readonly<Record<string, unknown>>) => (): string =>
      make("lifecycle", "lifecycle", { bucket: "source", rules: [{ id: "all", status: "Enabled", filter: {}, expiration }] });
    const words = "rules[0].expiration: ExpiredObjectDeleteMarker cannot be specified with Days or Date";
    expect(expire({ expiredObjectDeleteMarker: true, days: 1 })).to.throw(words);
    expect(expire({ expiredObjectDeleteMarker: true, date: "2027-01-01T00:00:00Z" })).to.throw(words);
    expect(expire({ expiredObjectDeleteMarker: true })()).to.equal("source");
  });

  it("moves neither a bucket nor a setting to another region", () => {
    const lifecycle = new Lifecycle(cloud, region);
    for (const type of [types.bucket, types.versioning, types.logging, types.replication, types.lifecycle]) {
      const { changes } = lifecycle.diff(type, "uploads", { bucket: "a", region: "eu-west-1" }, { bucket: "a", region: "eu-west-2" });
      expect(
        changes.map(({ replaces }) => replaces),
        type,
      ).to.deep.equal([true]);
    }
  });
});
