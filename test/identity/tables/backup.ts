import type { Scene } from "../scene";
import type { RoleTable } from "./table";

/** AWS Backup, which gets the role handed over by somebody of this account. */
const byBackup: RoleTable["assumed"] = ({ account }, arn) => ({
  may: [{ action: "sts:AssumeRole", on: arn, as: "backup.amazonaws.com" }],
  mayNot: [
    { action: "sts:AssumeRole", on: arn, as: "ec2.amazonaws.com" },
    { action: "sts:AssumeRole", on: arn, as: "pods.eks.amazonaws.com" },
    { action: "sts:AssumeRole", on: arn, as: `arn:aws:iam::${account}:role/other` },
  ],
});

const volume = (scene: Scene): string => scene.of("ec2", "volume/vol-0123456789abcdef0");
const snapshot = ({ region }: Scene): string => `arn:aws:ec2:${region}::snapshot/snap-0123456789abcdef0`;

/** Both have AWS's own policies, which serve every kind of resource that AWS Backup knows: it also saves and restores whole clusters. */
const evenMay = ["eks:CreateAccessEntry"];

export const backup: readonly RoleTable[] = [
  {
    role: "backup-backup-role",
    assumed: byBackup,
    calls: (scene, arn) => ({
      may: [
        { action: "ec2:CreateSnapshot", on: [volume(scene), snapshot(scene)] },
        { action: "ec2:CreateTags", on: snapshot(scene) },
        { action: "ec2:CopySnapshot", on: snapshot(scene) },
        { action: "ec2:DeleteSnapshot", on: snapshot(scene) },
        { action: "kms:CreateGrant", on: scene.arn("encryption-volumes-key"), with: { "kms:GrantIsForAWSResource": "true" } },
        { action: "backup:CopyIntoBackupVault", on: scene.arn("backup-vault") },
      ],
      evenMay,
      mayNot: [
        { action: "ec2:CreateVolume", on: volume(scene) },
        { action: "ec2:DeleteVolume", on: volume(scene) },
        { action: "backup:DeleteRecoveryPoint", on: scene.of("backup", "recovery-point:01234567-89ab-cdef-0123-456789abcdef") },
        { action: "backup:DeleteBackupVault", on: scene.arn("backup-vault") },
        { action: "backup:DeleteBackupVaultLockConfiguration", on: scene.arn("backup-vault") },
        { action: "kms:Decrypt", on: scene.arn("encryption-objects-key") },
        { action: "kms:CreateGrant", on: scene.arn("encryption-volumes-key"), with: { "kms:GrantIsForAWSResource": "false" } },
        { action: "s3:GetObject", on: `${scene.arn("store-uploads-bucket")}/file` },
        { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
      ],
    }),
  },
  {
    role: "backup-restore-role",
    assumed: byBackup,
    calls: (scene, arn) => {
      const throughEc2 = { "kms:ViaService": `ec2.${scene.region}.amazonaws.com` };
      const key = scene.arn("encryption-volumes-key");
      return {
        may: [
          { action: "ec2:CreateVolume", on: [volume(scene), snapshot(scene)] },
          { action: "ec2:DescribeVolumes", on: "*" },
          { action: "ec2:DeleteVolume", on: volume(scene) },
          { action: "kms:GenerateDataKeyWithoutPlaintext", on: key, with: throughEc2 },
          { action: "kms:CreateGrant", on: key, with: { "kms:GrantIsForAWSResource": "true" } },
        ],
        evenMay,
        mayNot: [
          { action: "ec2:CreateSnapshot", on: [volume(scene), snapshot(scene)] },
          { action: "ec2:DeleteSnapshot", on: snapshot(scene) },
          { action: "backup:DeleteBackupVault", on: scene.arn("backup-vault") },
          { action: "kms:Decrypt", on: scene.arn("encryption-objects-key") },
          { action: "s3:GetObject", on: `${scene.arn("store-uploads-bucket")}/file` },
          { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "lambda.amazonaws.com" } },
        ],
      };
    },
  },
];
