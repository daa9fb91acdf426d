import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createBucket, type SafeBucket } from "./aws-bucket";

export interface ReplicationArgs {
  readonly source: SafeBucket;
  /** Key of the source. */
  readonly sourceKeyArn: pulumi.Input<string>;
  /** Region of the source. */
  readonly sourceRegion: string;
  /** Region of the copies. */
  readonly region: string;
  readonly account: pulumi.Output<string>;
  readonly partition: pulumi.Output<string>;
  /** How long a copy of a replaced or deleted object can be brought back, in days. */
  readonly versionDays: number;
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * Copies of a bucket's objects in a second region, under a key of that region: S3 makes them within minutes of an upload.
 *
 * Only what is written from then on is copied. What the bucket held before needs one run of S3 Batch Replication:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
 *
 * A deletion is copied too, as the marker that it is: what users delete must not live on in the copy, and there the version below the marker can
 * be brought back for as long as in the source. To delete a version for good deletes it in one region only.
 *
 * There is no agreed time for a copy (Replication Time Control): it costs for each gigabyte, and bounds what minutes bound anyway. Requests to
 * the copies are not logged: nobody but S3 makes any, and S3 logs only into a bucket of the same region.
 */
export function createReplication(parent: pulumi.Resource, name: string, args: ReplicationArgs): aws.s3.Bucket {
  const { source, versionDays, region, protect, tags } = args;
  const key = createReplicaKey(parent, `${name}-replica`, args);
  const replica = createBucket(parent, `${name}-replica`, { keyArn: key.arn, versionDays, region, protect, tags });
  const { role, policy } = createRole(parent, `${name}-replication`, args, replica.bucket, key);
  new aws.s3.BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket: source.bucket.id,
      role: role.arn,
      rules: [
        {
          id: "everything",
          status: "Enabled",
          priority: 1,
          filter: {},
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: { bucket: replica.bucket.arn, encryptionConfiguration: { replicaKmsKeyId: key.arn } },
        },
      ],
    },
    // S3 refuses to copy from or to a bucket that keeps no versions, and does not say so when the role may not do its work.
    { parent, dependsOn: [source.versioning, replica.versioning, policy] },
  );
  return replica.bucket;
}

/** Without their key the copies are lost, so that it is kept as they are. */
function createReplicaKey(parent: pulumi.Resource, name: string, args: ReplicationArgs): aws.kms.Key {
  const { region, account, partition, protect, tags } = args;
  const { project = name, stack = "stack" } = tags;
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      region,
      description: `Copies of uploads of ${project} ${stack}`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            // Without it nobody could ever change the key again: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
            Sid: "AccountPolicies",
            Effect: "Allow",
            Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${account}:root` },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      }),
      tags: { ...tags, Name: `${name}-key` },
    },
    { parent, protect, retainOnDelete: protect },
  );
  new aws.kms.Alias(
    `${name}-alias`,
    { region, namePrefix: `alias/${project}-${stack}-replica-`, targetKeyId: key.keyId },
    { parent, retainOnDelete: protect },
  );
  return key;
}

/** What S3 works as while it copies. */
function createRole(
  parent: pulumi.Resource,
  name: string,
  args: ReplicationArgs,
  replica: aws.s3.Bucket,
  replicaKey: aws.kms.Key,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const source = args.source.bucket;
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "s3.amazonaws.com" },
            Action: "sts:AssumeRole",
            // For whom S3 does it. AWS's own example has no condition, and nothing says that S3 always sends these keys: were they missing,
            // a plain condition would stop every copy without a word.
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
            Condition: {
              StringEqualsIfExists: { "aws:SourceAccount": args.account },
              ArnLikeIfExists: { "aws:SourceArn": source.arn },
            },
          },
        ],
      }),
      tags: { ...args.tags, Name: `${name}-role` },
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: roleStatements(args, source, replica, replicaKey) }),
    },
    { parent },
  );
  return { role, policy };
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html: with bucket keys the context of encryption is
 * the bucket and not the object, and the copy's key is also decrypted with, to check the bucket key before it is used.
 */
function roleStatements(
  args: ReplicationArgs,
  source: aws.s3.Bucket,
  replica: aws.s3.Bucket,
  replicaKey: aws.kms.Key,
): Readonly<Record<string, unknown>>[] {
  const through = (region: string, bucket: aws.s3.Bucket): Readonly<Record<string, unknown>> => ({
    StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": bucket.arn },
  });
  return [
    { Sid: "Source", Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: source.arn },
    {
      Sid: "SourceObjects",
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: pulumi.interpolate`${source.arn}/*`,
    },
    {
      Sid: "ReplicaObjects",
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: pulumi.interpolate`${replica.arn}/*`,
    },
    {
      Sid: "SourceKey",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: args.sourceKeyArn,
      Condition: through(args.sourceRegion, source),
    },
    {
      Sid: "ReplicaKey",
      Effect: "Allow",
      Action: ["kms:Encrypt", "kms:Decrypt"],
      Resource: replicaKey.arn,
      Condition: through(args.region, replica),
    },
  ];
}
