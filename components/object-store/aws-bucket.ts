import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface BucketArgs {
  /** ARN of the key that encrypts what the bucket takes; left out, S3 encrypts with keys of its own (SSE-S3). */
  readonly keyArn?: pulumi.Input<string>;
  /** How long a replaced or deleted object can be brought back, in days. */
  readonly versionDays: number;
  /** After how many days objects go by themselves; left out they stay until somebody deletes them. */
  readonly expireAfterDays?: number;
  /** What the bucket's policy lets others do, given the bucket's ARN; by default nothing. */
  readonly allow?: (arn: pulumi.Output<string>) => readonly BucketStatement[];
  /** Region of the bucket, where it is not the stack's. */
  readonly region?: string;
  /** Whether the bucket refuses to be deleted, and stays with all its settings when it leaves the program. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** One statement of a bucket's policy that allows something. */
export interface BucketStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: Readonly<Record<string, pulumi.Input<string>>>;
  readonly Action: string;
  readonly Resource: pulumi.Input<string>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>>;
}

/** A bucket, and those of its settings that others have to wait for. */
export interface SafeBucket {
  readonly bucket: aws.s3.Bucket;
  readonly versioning: aws.s3.BucketVersioning;
  readonly policy: aws.s3.BucketPolicy;
}

/** Parts of an upload that was never finished cost like an object, and no list shows them. */
const unfinishedUploadDays = 7;

/**
 * A bucket with everything that keeps it safe: versioned, encrypted, owned by the account alone, closed to the public in all four ways and to
 * plain HTTP, and cleaned of old versions, of delete markers that hide nothing any more, and of uploads that were never finished.
 *
 * What a bucket holds may go only where the configuration lets data go: then the bucket is emptied before it is deleted. The provider reads
 * that from its state, so that it takes effect with the next `pulumi up` and not with a `pulumi destroy`.
 *
 * @param name the bucket's name in the program, and the stem of its settings' names; S3 gets it with a suffix, since all accounts share names
 */
export function createBucket(parent: pulumi.Resource, name: string, args: BucketArgs): SafeBucket {
  const { protect, tags } = args;
  const where = args.region === undefined ? {} : { region: args.region };
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { ...where, forceDestroy: !protect, tags: { ...tags, Name: name } },
    { parent, protect, retainOnDelete: protect },
  );
  const own = { parent, retainOnDelete: protect };
  const target = { ...where, bucket: bucket.id };
  const versioning = new aws.s3.BucketVersioning(`${name}-versioning`, { ...target, versioningConfiguration: { status: "Enabled" } }, own);
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}-encryption`, { ...target, rules: [encryptionRule(args.keyArn)] }, own);
  new aws.s3.BucketOwnershipControls(`${name}-ownership`, { ...target, rule: { objectOwnership: "BucketOwnerEnforced" } }, own);
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    { ...target, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    own,
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    {
      ...target,
      policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [tlsOnly(bucket.arn), ...(args.allow?.(bucket.arn) ?? [])] }),
    },
    // S3 refuses two changes of a bucket's access at once.
    { ...own, dependsOn: [closed] },
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...target, rules: lifecycleRules(args) },
    { ...own, dependsOn: [versioning] },
  );
  return { bucket, versioning, policy };
}

function encryptionRule(keyArn: pulumi.Input<string> | undefined): aws.types.input.s3.BucketServerSideEncryptionConfigurationRule {
  if (keyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
    // One data key for many objects instead of a call to KMS for each.
    bucketKeyEnabled: true,
  };
}

function tlsOnly(arn: pulumi.Output<string>): Readonly<Record<string, unknown>> {
  return {
    Sid: "TlsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, pulumi.interpolate`${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html */
function lifecycleRules({ versionDays, expireAfterDays }: BucketArgs): aws.types.input.s3.BucketLifecycleConfigurationRule[] {
  const common = { status: "Enabled", filter: {} };
  return [
    {
      id: "expire-old-versions",
      ...common,
      noncurrentVersionExpiration: { noncurrentDays: versionDays },
      // Whatever is deleted leaves a marker, and when the last version is gone only the marker is left, for ever.
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedUploadDays },
    },
    // A rule takes either the one expiration or the other.
    ...(expireAfterDays === undefined ? [] : [{ id: "expire-objects", ...common, expiration: { days: expireAfterDays } }]),
  ];
}
