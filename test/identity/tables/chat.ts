import type { Scene } from "../scene";
import { podsOf, type RoleTable, type TableCall } from "./table";

/** A call to KMS that S3 makes for whoever reads or writes an object of a bucket. */
export function throughS3(scene: Scene, action: string, key: string, bucket: string, region = scene.region): TableCall {
  return {
    action,
    on: key,
    with: { "kms:ViaService": `s3.${region}.amazonaws.com`, "kms:EncryptionContext:aws:s3:arn": bucket },
  };
}

/** Rocket.Chat keeps its uploads, and never more than that. */
export const chat: readonly RoleTable[] = [
  {
    role: "cluster-chat-role",
    assumed: podsOf("rocketchat", "rocketchat"),
    calls: (scene, arn) => {
      const uploads = scene.arn("store-uploads-bucket");
      const file = `${uploads}/uploads/file`;
      const key = scene.arn("encryption-objects-key");
      return {
        may: [
          { action: "s3:GetObject", on: file },
          { action: "s3:PutObject", on: file },
          { action: "s3:DeleteObject", on: file },
          { action: "s3:ListBucket", on: uploads },
          { action: "s3:AbortMultipartUpload", on: file },
          throughS3(scene, "kms:Decrypt", key, uploads),
          throughS3(scene, "kms:GenerateDataKey", key, uploads),
        ],
        mayNot: [
          ...["backups", "logs", "traces", "access-logs"].map((kind) => ({
            action: "s3:GetObject",
            on: `${scene.arn(`store-${kind}-bucket`)}/file`,
          })),
          { action: "s3:ListBucket", on: scene.arn("store-backups-bucket") },
          { action: "s3:GetObject", on: "arn:aws:s3:::somebody-elses-bucket/file" },
          { action: "s3:GetObject", on: file, with: { "aws:SecureTransport": "false" } },
          { action: "s3:DeleteObjectVersion", on: file },
          { action: "s3:PutObjectAcl", on: file },
          { action: "s3:DeleteBucket", on: uploads },
          { action: "s3:PutBucketVersioning", on: uploads },
          { action: "s3:PutLifecycleConfiguration", on: uploads },
          { action: "s3:PutBucketPolicy", on: uploads },
          { action: "s3:ListAllMyBuckets", on: "*" },
          { action: "kms:Decrypt", on: key },
          throughS3(scene, "kms:Decrypt", key, scene.arn("store-backups-bucket")),
          throughS3(scene, "kms:Decrypt", scene.arn("encryption-backups-key"), uploads),
          { action: "kms:Decrypt", on: scene.arn("encryption-secrets-key") },
          { action: "kms:CreateGrant", on: key },
          { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
          { action: "sts:AssumeRole", on: scene.arn("cluster-node-role") },
          { action: "ec2:RunInstances", on: scene.of("ec2", "instance/i-0123456789abcdef0") },
        ],
      };
    },
  },
];
