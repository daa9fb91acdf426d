import type { Scene } from "../scene";
import type { CallTable, TableCall } from "./table";

/** A call to KMS that S3 makes for whoever reads or writes an object of a bucket. */
export function throughS3(scene: Scene, action: string, key: string, bucket: string, region = scene.region): TableCall {
  return {
    action,
    on: key,
    with: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": bucket },
  };
}

/**
 * Whoever keeps objects in a bucket reads, writes and deletes them, and never more than that.
 *
 * @param bucket its ARN
 * @param file ARN of an object in it
 */
export function keepsObjects(scene: Scene, arn: string, bucket: string, file: string): CallTable {
  const key = scene.arn("encryption-objects-key");
  return {
    may: [
      { action: "s3:GetObject", on: file },
      { action: "s3:PutObject", on: file },
      { action: "s3:DeleteObject", on: file },
      { action: "s3:ListBucket", on: bucket },
      { action: "s3:AbortMultipartUpload", on: file },
      throughS3(scene, "kms:Decrypt", key, bucket),
      throughS3(scene, "kms:GenerateDataKey", key, bucket),
    ],
    mayNot: [
      ...["uploads", "backups", "logs", "traces", "access-logs"]
        .map((kind) => scene.arn(`store-${kind}-bucket`))
        .filter((other) => other !== bucket)
        .flatMap((other) => [
          { action: "s3:GetObject", on: `${other}/file` },
          { action: "s3:ListBucket", on: other },
          throughS3(scene, "kms:Decrypt", key, other),
        ]),
      { action: "s3:GetObject", on: "arn:aws:s3:::somebody-elses-bucket/file" },
      { action: "s3:GetObject", on: file, with: { "aws:SecureTransport": "false" } },
      // What was deleted can be brought back: nobody may take the last version.
      { action: "s3:DeleteObjectVersion", on: file },
      { action: "s3:PutObjectAcl", on: file },
      { action: "s3:DeleteBucket", on: bucket },
      { action: "s3:PutBucketVersioning", on: bucket },
      { action: "s3:PutLifecycleConfiguration", on: bucket },
      { action: "s3:PutBucketPolicy", on: bucket },
      { action: "s3:ListAllMyBuckets", on: "*" },
      { action: "kms:Decrypt", on: key },
      throughS3(scene, "kms:Decrypt", scene.arn("encryption-backups-key"), bucket),
      { action: "kms:Decrypt", on: scene.arn("encryption-secrets-key") },
      { action: "kms:CreateGrant", on: key },
      { action: "kms:ScheduleKeyDeletion", on: key },
      { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
      { action: "sts:AssumeRole", on: scene.arn("cluster-node-role") },
      { action: "ec2:RunInstances", on: scene.of("ec2", "instance/i-0123456789abcdef0") },
    ],
  };
}
