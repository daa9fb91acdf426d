import { throughS3 } from "./chat";
import { podsOf, type RoleTable } from "./table";

/** The backup agents in the database's pods write backups; the operator looks into the store, and deletes those whose time has come. */
export const database: readonly RoleTable[] = [
  { role: "cluster-database-role", serviceAccount: "rocketchat-db" },
  { role: "cluster-database-operator-role", serviceAccount: "psmdb-operator" },
].map(({ role, serviceAccount }) => ({
  role,
  assumed: podsOf("rocketchat", serviceAccount),
  calls: (scene, arn) => {
    const backups = scene.arn("store-backups-bucket");
    const file = `${backups}/rocketchat-db/2026-11-24T02:00:00Z/rs0/oplog`;
    const key = scene.arn("encryption-objects-key");
    return {
      may: [
        { action: "s3:GetObject", on: file },
        { action: "s3:PutObject", on: file },
        { action: "s3:DeleteObject", on: file },
        { action: "s3:ListBucket", on: backups },
        { action: "s3:AbortMultipartUpload", on: file },
        throughS3(scene, "kms:Decrypt", key, backups),
        throughS3(scene, "kms:GenerateDataKey", key, backups),
      ],
      mayNot: [
        ...["uploads", "logs", "traces", "access-logs"].flatMap((kind) => [
          { action: "s3:GetObject", on: `${scene.arn(`store-${kind}-bucket`)}/file` },
          { action: "s3:ListBucket", on: scene.arn(`store-${kind}-bucket`) },
        ]),
        { action: "s3:GetObject", on: "arn:aws:s3:::somebody-elses-bucket/file" },
        { action: "s3:GetObject", on: file, with: { "aws:SecureTransport": "false" } },
        // What was deleted here can be brought back: neither may take its last version.
        { action: "s3:DeleteObjectVersion", on: file },
        { action: "s3:PutObjectAcl", on: file },
        { action: "s3:DeleteBucket", on: backups },
        { action: "s3:PutBucketVersioning", on: backups },
        { action: "s3:PutLifecycleConfiguration", on: backups },
        { action: "s3:PutBucketPolicy", on: backups },
        { action: "kms:Decrypt", on: key },
        throughS3(scene, "kms:Decrypt", scene.arn("encryption-backups-key"), backups),
        { action: "kms:CreateGrant", on: key },
        { action: "kms:ScheduleKeyDeletion", on: key },
        { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
        { action: "sts:AssumeRole", on: scene.arn("cluster-node-role") },
      ],
    };
  },
}));
