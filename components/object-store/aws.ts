import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { AwsEncryption } from "../encryption/aws";
import type { Tags } from "../tags";
import { bucketLogPrefix, createAccessLogs, type AccessLogs } from "./aws-access-logs";
import { createBucket, type SafeBucket } from "./aws-bucket";
import { createReplication } from "./aws-replication";
import { ObjectStore, type S3Store } from "./index";

export interface AwsObjectStoreArgs {
  readonly encryption: AwsEncryption;
  readonly region: string;
  /** How long replaced and deleted uploads can be brought back, in days. */
  readonly uploadVersionDays: number;
  /**
   * How long backups of the database that were deleted can be brought back, in days. The backup tool deletes them when their time has come; this
   * is for those that go by a bad hand. Each day costs what a day's backups cost.
   *
   * @default 35
   */
  readonly backupVersionDays?: number | undefined;
  /**
   * How long access logs are kept, in days.
   *
   * @default 90
   */
  readonly accessLogDays?: number | undefined;
  /** Second region that gets a copy of every new upload; left out there are none. */
  readonly replication?: { readonly region: string } | undefined;
  /**
   * Whether the buckets refuse to be deleted, and stay when the stack is destroyed by force. Where it is off they are emptied and deleted with
   * the stack, once a `pulumi up` has told them so.
   */
  readonly protect: boolean;
  readonly tags: Tags;
}

/**
 * Loki deletes what is past its retention itself, and writes objects anew as it compacts them. The versions are for an accident that is seen
 * within a week.
 */
const logVersionDays = 7;

/** Tempo writes every block several times over as it compacts, and keeps traces a week: versions of theirs would soon outweigh them. */
const traceVersionDays = 1;

const readAndWrite = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] as const;

/**
 * Buckets of a stack: versioned, encrypted with the stack's own key, closed to the public and to plain HTTP, every request logged.
 *
 * There is one for each purpose, and not a prefix of one: how long versions live, what is copied to a second region and what is logged are
 * settings of a bucket, Percona's backup tool wants one to itself (https://docs.percona.com/percona-backup-mongodb/details/s3-storage.html), and
 * whoever may list a part of a bucket is kept out of the rest only by conditions that are easy to get wrong.
 *
 * All of them are protected alike, those of logs and traces too: a bucket that holds anything refuses its deletion, and would do so when
 * everything else of the stack is gone already. Access logs are also the record of who read what stays behind. No lifecycle rule deletes current
 * logs or traces: Loki and Tempo keep count of what they hold, and lose it when objects go behind their back.
 */
export class AwsObjectStore extends ObjectStore {
  readonly uploads: S3Store;
  readonly backups: S3Store;
  readonly logs: S3Store;
  readonly traces: S3Store;
  readonly accessLogs: AccessLogs;
  /** Copies of the uploads, where there are any. */
  readonly replica: { readonly bucket: pulumi.Output<string>; readonly region: string } | undefined;

  constructor(
    private readonly name: string,
    private readonly args: AwsObjectStoreArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:ObjectStore", name, {}, opts);
    const { uploadVersionDays, backupVersionDays = 35, replication } = args;
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const uploads = this.createBucket("uploads", uploadVersionDays);
    const backups = this.createBucket("backups", backupVersionDays);
    const logs = this.createBucket("logs", logVersionDays);
    const traces = this.createBucket("traces", traceVersionDays);
    this.accessLogs = this.createAccessLogs(account, {
      uploads: uploads.bucket,
      backups: backups.bucket,
      logs: logs.bucket,
      traces: traces.bucket,
    });
    if (replication !== undefined) this.replica = this.createReplica(account, uploads, replication.region);

    this.uploads = this.store(uploads, [...readAndWrite, "s3:AbortMultipartUpload"]);
    this.backups = this.store(backups, [...readAndWrite, "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]);
    this.logs = this.store(logs, readAndWrite);
    // https://grafana.com/docs/tempo/latest/configuration/hosted-storage/s3/
    this.traces = this.store(traces, [...readAndWrite, "s3:GetObjectTagging", "s3:PutObjectTagging"]);
    this.registerOutputs({
      uploads: shown(this.uploads),
      backups: shown(this.backups),
      logs: shown(this.logs),
      traces: shown(this.traces),
      accessLogs: { bucket: this.accessLogs.bucket, prefix: this.accessLogs.prefix },
      replica: this.replica,
    });
  }

  private createBucket(kind: string, versionDays: number): SafeBucket {
    const { encryption, protect, tags } = this.args;
    return createBucket(this, `${this.name}-${kind}`, { keyArn: encryption.objectsKeyArn, versionDays, protect, tags });
  }

  /** The bucket for access logs, and in each of the others the setting that makes S3 write there. */
  private createAccessLogs(account: pulumi.Output<string>, sources: Readonly<Record<string, aws.s3.Bucket>>): AccessLogs {
    const { region, accessLogDays = 90, protect, tags } = this.args;
    const { bucket, logs } = createAccessLogs(this, `${this.name}-access-logs`, {
      sources,
      keepDays: accessLogDays,
      account,
      region,
      protect,
      tags,
    });
    for (const [kind, source] of Object.entries(sources)) {
      new aws.s3.BucketLogging(
        `${this.name}-${kind}-logging`,
        { bucket: source.id, targetBucket: bucket.id, targetPrefix: `${bucketLogPrefix}/${kind}/` },
        { parent: this, retainOnDelete: protect, dependsOn: [...logs.ready] },
      );
    }
    return logs;
  }

  private createReplica(account: pulumi.Output<string>, source: SafeBucket, region: string): AwsObjectStore["replica"] {
    const { encryption, uploadVersionDays, protect, tags } = this.args;
    const { bucket } = createReplication(this, `${this.name}-uploads`, {
      source,
      sourceKeyArn: encryption.objectsKeyArn,
      sourceRegion: this.args.region,
      region,
      account,
      partition: aws.getPartitionOutput({}, { parent: this }).partition,
      versionDays: uploadVersionDays,
      protect,
      tags,
    });
    return { bucket, region };
  }

  /** @param actions what may be done with the bucket's objects */
  private store({ bucket }: SafeBucket, actions: readonly string[]): S3Store {
    const { region, encryption } = this.args;
    return {
      kind: "s3",
      bucket: bucket.bucket,
      region,
      permissions: {
        kind: "iam",
        statements: [
          { Sid: "Objects", Effect: "Allow", Action: actions, Resource: [pulumi.interpolate`${bucket.arn}/*`] },
          { Sid: "Bucket", Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket.arn] },
          {
            Sid: "Key",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: [encryption.objectsKeyArn],
            // One key for all buckets opens only this one: with bucket keys S3 names the bucket to KMS, not the object.
            // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
            Condition: {
              StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": bucket.arn },
            },
          },
        ],
      },
    };
  }
}

/** What a store shows of itself among the component's outputs. */
function shown({ kind, bucket, region }: S3Store): Readonly<Record<string, unknown>> {
  return { kind, bucket, region };
}
