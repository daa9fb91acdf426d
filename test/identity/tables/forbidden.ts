import type { Scene } from "../scene";
import type { TableCall } from "./table";

/** What no role of the stack may do, whatever it is for: take down, open or take over what the stack is made of. */
export function forbidden(scene: Scene): readonly TableCall[] {
  const ofType = (type: string): string[] =>
    scene.graph.resources.flatMap(({ type: of, outputs: { arn } }) => (of === type && typeof arn === "string" ? [arn] : []));
  const everyone = scene.of("iam", "role/x").replace(`:${scene.region}:`, "::");
  return [
    ...ofType("aws:kms/key:Key").flatMap((on) => [
      { action: "kms:ScheduleKeyDeletion", on },
      { action: "kms:DisableKey", on },
      { action: "kms:PutKeyPolicy", on },
    ]),
    ...ofType("aws:s3/bucket:Bucket").flatMap((on) => [
      { action: "s3:DeleteBucket", on },
      { action: "s3:PutBucketPolicy", on },
      { action: "s3:PutBucketPublicAccessBlock", on },
      { action: "s3:DeleteObjectVersion", on: `${on}/file` },
    ]),
    ...ofType("aws:backup/vault:Vault").map((on) => ({ action: "backup:DeleteBackupVault", on })),
    ...ofType("aws:cloudwatch/logGroup:LogGroup").map((on) => ({ action: "logs:DeleteLogGroup", on })),
    { action: "eks:DeleteCluster", on: scene.of("eks", `cluster/${scene.clusterName}`) },
    { action: "eks:CreateAccessEntry", on: scene.of("eks", `cluster/${scene.clusterName}`) },
    { action: "iam:AttachRolePolicy", on: everyone },
    { action: "iam:PutRolePolicy", on: everyone },
    { action: "iam:UpdateAssumeRolePolicy", on: everyone },
    { action: "iam:CreateRole", on: everyone },
    { action: "sts:AssumeRole", on: everyone },
  ];
}
