import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsEncryption } from "../encryption/aws";
import type { Tags } from "../tags";
import { ObjectStore, type Store } from "./index";

export interface AwsObjectStoreArgs {
  readonly encryption: AwsEncryption;
  readonly region: string;
  /** How long replaced and deleted uploads can be brought back, in days. */
  readonly uploadVersionDays: number;
  /** Whether the buckets refuse to be deleted. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Buckets of a stack: versioned, encrypted with the stack's own key, closed to the public and to plain HTTP. */
export class AwsObjectStore extends ObjectStore {
  readonly uploads: Store;

  constructor(
    private readonly name: string,
    private readonly args: AwsObjectStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:ObjectStore", name, {}, opts);
    const uploads = this.createBucket("uploads");
    this.uploads = { kind: "s3", bucket: uploads.bucket, region: args.region, permissions: this.readAndWrite(uploads) };
    this.registerOutputs({ uploads: { kind: this.uploads.kind, bucket: uploads.bucket, region: args.region } });
  }

  private createBucket(kind: string): aws.s3.Bucket {
    const { tags, protect, encryption, uploadVersionDays } = this.args;
    const name = `${this.name}-${kind}`;
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { tags: { ...tags, Name: name } },
      { parent: this, protect, retainOnDelete: protect },
    );
    const own = { parent: this, retainOnDelete: protect };
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      own,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.id,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: encryption.objectsKeyArn },
            // One data key for many objects instead of a call to KMS for each.
            bucketKeyEnabled: true,
          },
        ],
      },
      own,
    );
    new aws.s3.BucketOwnershipControls(`${name}-ownership`, { bucket: bucket.id, rule: { objectOwnership: "BucketOwnerEnforced" } }, own);
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      { bucket: bucket.id, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      own,
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.id,
        policy: pulumi.jsonStringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TlsOnly",
              Effect: "Deny",
              Principal: "*",
              Action: "s3:*",
              Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
          ],
        }),
      },
      // S3 refuses two changes of a bucket's access at once.
      { ...own, dependsOn: [closed] },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "expire-old-versions",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: uploadVersionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
      { ...own, dependsOn: [versioning] },
    );
    return bucket;
  }

  private readAndWrite(bucket: aws.s3.Bucket): Store["permissions"] {
    return {
      kind: "iam",
      statements: [
        {
          Sid: "Objects",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
          Resource: [pulumi.interpolate`${bucket.arn}/*`],
        },
        { Sid: "Bucket", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket.arn] },
        { Sid: "Key", Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [this.args.encryption.objectsKeyArn] },
      ],
    };
  }
}
