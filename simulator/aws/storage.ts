import type * as aws from "@pulumi/aws";

import { row, type PackageTable, type ResourceType } from "../resource-type";
import { autoNamed, bucketType, joined } from "./ids";

/** A setting of a bucket, which AWS keeps apart from the bucket. */
const ofBucket = { ...joined("", "bucket"), createOnly: ["bucket"], refersTo: { bucket: bucketType } } as const;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const bucket = autoNamed("bucket", 63);

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
        bucketRegionalDomainName: `${bucket.id(r)}.s3.${r.region}.amazonaws.com`,
      }),
      createOnly: ["bucket", "objectLockEnabled"],
    }),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": row<aws.s3.BucketLifecycleConfiguration>(ofBucket),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": row<aws.s3.BucketOwnershipControls>(ofBucket),
    "aws:s3/bucketPolicy:BucketPolicy": row<aws.s3.BucketPolicy>(ofBucket),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": row<aws.s3.BucketPublicAccessBlock>(ofBucket),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
      row<aws.s3.BucketServerSideEncryptionConfiguration>(ofBucket),
    "aws:s3/bucketVersioning:BucketVersioning": row<aws.s3.BucketVersioning>(ofBucket),
  } satisfies Record<string, ResourceType>,
  functions: {},
};
