import type * as aws from "@pulumi/aws";

import { row, textInput, type Failure, type Inventory, type PackageTable, type Registration, type ResourceType } from "../resource-type";
import { autoNamed, bucketType, joined } from "./ids";

const versioningType = "aws:s3/bucketVersioning:BucketVersioning";

/** A setting of a bucket, which AWS keeps apart from the bucket. */
const ofBucket = { ...joined("", "bucket"), createOnly: ["bucket", "region"], refersTo: { bucket: bucketType } } as const;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const bucket = autoNamed("bucket", 63);

const regionalDomain = (name: string, region: string): string => `${name}.s3.${region}.amazonaws.com`;

/** Simulated S3. */
export const storageTable: PackageTable = {
  types: {
    [bucketType]: row<aws.s3.Bucket>({
      ...bucket,
      tags: "tags",
      computed: (r) => ({
        bucket: bucket.id(r),
        arn: `arn:aws:s3:::${bucket.id(r)}`,
        bucketDomainName: `${bucket.id(r)}.s3.amazonaws.com`,
        bucketRegionalDomainName: regionalDomain(bucket.id(r), r.region),
      }),
      createOnly: ["bucket", "objectLockEnabled", "region"],
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": row<aws.s3.BucketLifecycleConfiguration>({
      ...ofBucket,
      check: oneExpirationToARule,
    }),
    "aws:s3/bucketLogging:BucketLogging": row<aws.s3.BucketLogging>({ ...ofBucket, refuse: logsElsewhere }),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": row<aws.s3.BucketOwnershipControls>(ofBucket),
    "aws:s3/bucketPolicy:BucketPolicy": row<aws.s3.BucketPolicy>(ofBucket),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": row<aws.s3.BucketPublicAccessBlock>(ofBucket),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": row<aws.s3.BucketReplicationConfig>({
      ...ofBucket,
      check: incompleteReplication,
      refuse: withoutVersions,
    }),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      row<aws.s3.BucketServerSideEncryptionConfiguration>(ofBucket),
    [versioningType]: row<aws.s3.BucketVersioning>(ofBucket),
  } satisfies Record<string, ResourceType>,
  functions: {
    "aws:elb/getServiceAccount:getServiceAccount": (args, context) => {
      const region = typeof args["region"] === "string" ? args["region"] : context.region;
      const id = elbAccounts[region];
      if (id === undefined) throw new Error(`unsupported AWS Region: ${region}`);
      return { id, region, arn: `arn:aws:iam::${id}:root` };
    },
  },
};

/** What the provider knows, which fails for every other region: the list in internal/service/elb/service_account_data_source.go. */
const elbAccounts: Readonly<Record<string, string>> = {
  "af-south-1": "098369216593",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ca-central-1": "985666609251",
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-south-1": "635631232127",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-gov-east-1": "190560391635",
  "us-gov-west-1": "048591011584",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};

type Part = Readonly<Record<string, unknown>>;

/** The rules of a setting, each with its place. */
function rulesOf(inputs: Part): { readonly rule: Part; readonly property: string }[] {
  const { rules } = inputs;
  return Array.isArray(rules) ? rules.map((rule: Part, index) => ({ rule, property: `rules[${index}]` })) : [];
}

function partOf(whole: Part, ...path: readonly string[]): Part | undefined {
  const part = path.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined),
    whole,
  );
  return typeof part === "object" && part !== null ? (part as Part) : undefined;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleExpiration.html: a marker's rule takes neither days nor a date. */
function oneExpirationToARule(inputs: Part): Failure[] {
  return rulesOf(inputs).flatMap(({ rule, property }) => {
    const { expiredObjectDeleteMarker, days, date } = partOf(rule, "expiration") ?? {};
    return expiredObjectDeleteMarker !== undefined && (days !== undefined || date !== undefined)
      ? [{ property: `${property}.expiration`, reason: "ExpiredObjectDeleteMarker cannot be specified with Days or Date" }]
      : [];
  });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html: the target lies in the region of what is logged. */
function logsElsewhere(resource: Registration, inventory: Inventory): Failure[] {
  const property = "targetBucket";
  const bucketName = textInput(resource, property);
  const target = inventory.find(bucketType, bucketName);
  if (target === undefined) return [{ property, reason: "The target bucket for logging does not exist" }];
  return target["bucketRegionalDomainName"] === regionalDomain(bucketName, resource.region)
    ? []
    : [{ property, reason: "Cross S3 location logging not allowed." }];
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteMarkerReplication.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_SourceSelectionCriteria.html
 */
function incompleteReplication(inputs: Part): Failure[] {
  return rulesOf(inputs).flatMap(({ rule, property }) => [
    ...(partOf(rule, "filter") !== undefined && partOf(rule, "deleteMarkerReplication") === undefined
      ? [
          {
            property,
            reason: "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema.",
          },
        ]
      : []),
    ...(partOf(rule, "destination", "encryptionConfiguration") !== undefined &&
    partOf(rule, "sourceSelectionCriteria", "sseKmsEncryptedObjects") === undefined
      ? [{ property, reason: "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present." }]
      : []),
  ]);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html#replication-requirements */
function withoutVersions(resource: Registration, inventory: Inventory): Failure[] {
  const keepsVersions = (name: string): boolean => {
    const setting = inventory.find(versioningType, name);
    return setting !== undefined && partOf(setting, "versioningConfiguration")?.["status"] === "Enabled";
  };
  const destinations = rulesOf(resource.inputs).flatMap(({ rule, property }) => {
    const arn = partOf(rule, "destination")?.["bucket"];
    if (typeof arn !== "string") return [];
    const name = arn.slice(arn.lastIndexOf(":") + 1);
    const at = `${property}.destination.bucket`;
    if (inventory.find(bucketType, name) === undefined) return [{ property: at, reason: "Destination bucket must exist." }];
    return keepsVersions(name) ? [] : [{ property: at, reason: "Destination bucket must have versioning enabled." }];
  });
  return keepsVersions(textInput(resource, "bucket"))
    ? destinations
    : [{ property: "bucket", reason: "Versioning must be 'Enabled' on the bucket to apply a replication configuration" }, ...destinations];
}
