import { throughS3 } from "./bucket";
import { serviceOf, type RoleTable } from "./table";

/** S3 copies uploads to the second region, as a role that nobody else may take on. */
export const store: readonly RoleTable[] = [
  {
    role: "store-uploads-replication-role",
    assumed: (scene, arn) => {
      const { may, mayNot } = serviceOf("s3.amazonaws.com", () => scene.arn("store-uploads-bucket"))(scene, arn);
      return {
        // AWS does not say whether S3 always tells for whom it copies.
        may: [...may, { action: "sts:AssumeRole", on: arn, as: "s3.amazonaws.com" }],
        mayNot: [
          ...mayNot,
          {
            action: "sts:AssumeRole",
            on: arn,
            as: "s3.amazonaws.com",
            with: { "aws:SourceAccount": scene.account, "aws:SourceArn": scene.arn("store-backups-bucket") },
          },
        ],
      };
    },
    calls: (scene) => {
      const source = scene.arn("store-uploads-bucket");
      const replica = scene.arn("store-uploads-replica-bucket");
      const sourceKey = scene.arn("encryption-objects-key");
      const replicaKey = scene.arn("store-uploads-replica-key");
      const [, there = ""] = scene.regions;
      return {
        may: [
          { action: "s3:GetReplicationConfiguration", on: source },
          { action: "s3:ListBucket", on: source },
          { action: "s3:GetObjectVersionForReplication", on: `${source}/file` },
          { action: "s3:GetObjectVersionAcl", on: `${source}/file` },
          { action: "s3:GetObjectVersionTagging", on: `${source}/file` },
          { action: "s3:ReplicateObject", on: `${replica}/file` },
          { action: "s3:ReplicateDelete", on: `${replica}/file` },
          { action: "s3:ReplicateTags", on: `${replica}/file` },
          throughS3(scene, "kms:Decrypt", sourceKey, source),
          throughS3(scene, "kms:Encrypt", replicaKey, replica, there),
        ],
        mayNot: [
          { action: "s3:GetObject", on: `${source}/file` },
          { action: "s3:PutObject", on: `${source}/file` },
          { action: "s3:DeleteObject", on: `${source}/file` },
          { action: "s3:ReplicateObject", on: `${source}/file` },
          { action: "s3:ReplicateObject", on: "arn:aws:s3:::somebody-elses-bucket/file" },
          { action: "s3:ReplicateObject", on: `${replica}/file`, with: { "aws:SecureTransport": "false" } },
          { action: "s3:GetObjectVersionForReplication", on: `${scene.arn("store-backups-bucket")}/file` },
          { action: "s3:GetReplicationConfiguration", on: scene.arn("store-backups-bucket") },
          { action: "s3:ObjectOwnerOverrideToBucketOwner", on: `${replica}/file` },
          { action: "kms:Decrypt", on: sourceKey },
          throughS3(scene, "kms:Decrypt", sourceKey, scene.arn("store-backups-bucket")),
          throughS3(scene, "kms:Decrypt", scene.arn("encryption-backups-key"), source),
          throughS3(scene, "kms:Encrypt", sourceKey, source),
          throughS3(scene, "kms:Encrypt", sourceKey, replica, there),
          throughS3(scene, "kms:Encrypt", replicaKey, source, there),
        ],
      };
    },
  },
];
