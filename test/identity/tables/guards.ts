import type { Scene } from "../scene";
import { stranger, type CallTable } from "./table";

/** What a policy on a resource lets services of AWS, and others beside the account's own roles, do. */
export interface GuardTable {
  /** Logical name of the resource that holds the policy. */
  readonly document: string;
  readonly calls: (scene: Scene) => CallTable;
}

const logsKey: GuardTable = {
  document: "encryption-logs-key",
  calls: (scene) => {
    const on = scene.arn("encryption-logs-key");
    const as = `logs.${scene.region}.amazonaws.com`;
    const group = (account: string) => ({
      "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${scene.region}:${account}:log-group:/aws/eks/any/cluster`,
    });
    return {
      may: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey"].map((action) => ({
        action,
        on,
        as,
        with: group(scene.account),
      })),
      mayNot: [
        { action: "kms:Decrypt", on, as, with: group(stranger) },
        { action: "kms:Decrypt", on, as },
        { action: "kms:Decrypt", on, as: "logs.eu-west-3.amazonaws.com", with: group(scene.account) },
        { action: "kms:ScheduleKeyDeletion", on, as },
        { action: "kms:PutKeyPolicy", on, as },
      ],
    };
  },
};

/** Whoever of this account may use EC2, through EC2. */
const volumesKey: GuardTable = {
  document: "encryption-volumes-key",
  calls: (scene) => {
    const on = scene.arn("encryption-volumes-key");
    const ours = `arn:aws:iam::${scene.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
    const throughEc2 = { "kms:ViaService": `ec2.${scene.region}.amazonaws.com`, "kms:CallerAccount": scene.account };
    return {
      may: ["kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:CreateGrant", "kms:DescribeKey"].map((action) => ({
        action,
        on,
        as: ours,
        with: throughEc2,
      })),
      mayNot: [
        { action: "kms:Decrypt", on, as: ours },
        { action: "kms:Decrypt", on, as: ours, with: { ...throughEc2, "kms:ViaService": `s3.${scene.region}.amazonaws.com` } },
        {
          action: "kms:Decrypt",
          on,
          as: ours.replace(scene.account, stranger),
          with: { ...throughEc2, "kms:CallerAccount": stranger },
        },
        { action: "kms:ScheduleKeyDeletion", on, as: ours },
        { action: "kms:PutKeyPolicy", on, as: ours },
      ],
    };
  },
};

/** Who sends alarms, and who could and does not. */
const senders = ["cloudwatch.amazonaws.com"];
const others = ["events.amazonaws.com", "budgets.amazonaws.com", "backup.amazonaws.com", "s3.amazonaws.com"];

const alertsKey: GuardTable = {
  document: "encryption-alerts-key",
  calls: (scene) => {
    const on = scene.arn("encryption-alerts-key");
    const from = (account: string) => ({ "aws:SourceAccount": account });
    return {
      may: senders.flatMap((as) => ["kms:Decrypt", "kms:GenerateDataKey"].map((action) => ({ action, on, as, with: from(scene.account) }))),
      mayNot: [
        ...senders.map((as) => ({ action: "kms:Decrypt", on, as, with: from(stranger) })),
        { action: "kms:Decrypt", on, as: "cloudwatch.amazonaws.com" },
        ...others.map((as) => ({ action: "kms:Decrypt", on, as, with: from(scene.account) })),
        { action: "kms:Encrypt", on, as: "cloudwatch.amazonaws.com", with: from(scene.account) },
        { action: "kms:ScheduleKeyDeletion", on, as: "cloudwatch.amazonaws.com", with: from(scene.account) },
      ],
    };
  },
};

const alertsTopic: GuardTable = {
  document: "monitoring-alerts-policy",
  calls: (scene) => {
    const on = scene.arn("monitoring-alerts");
    const from = (account: string) => ({ "aws:SourceAccount": account });
    const publish = { action: "sns:Publish", on };
    return {
      may: senders.map((as) => ({ ...publish, as, with: from(scene.account) })),
      mayNot: [
        ...senders.flatMap((as) => [
          { ...publish, as, with: from(stranger) },
          { ...publish, as },
          { ...publish, as, with: { ...from(scene.account), "aws:SecureTransport": "false" } },
        ]),
        ...others.map((as) => ({ ...publish, as, with: from(scene.account) })),
        { ...publish, as: `arn:aws:iam::${stranger}:role/other` },
        { action: "sns:Subscribe", on, as: "cloudwatch.amazonaws.com", with: from(scene.account) },
        { action: "sns:SetTopicAttributes", on, as: "cloudwatch.amazonaws.com", with: from(scene.account) },
      ],
    };
  },
};

const accessLogs: GuardTable = {
  document: "store-access-logs-policy",
  calls: (scene) => {
    const bucket = scene.arn("store-access-logs-bucket");
    const balancer = "logdelivery.elasticloadbalancing.amazonaws.com";
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-file-format
    const log = (account: string) => `${bucket}/alb/AWSLogs/${account}/elasticloadbalancing/${scene.region}/2026/11/24/log.gz`;
    const source = (kind: string) => ({ "aws:SourceAccount": scene.account, "aws:SourceArn": scene.arn(`store-${kind}-bucket`) });
    const write = { action: "s3:PutObject", on: `${bucket}/s3/uploads/2026-11-24-log`, as: "logging.s3.amazonaws.com" };
    return {
      may: [
        { action: "s3:PutObject", on: log(scene.account), as: balancer },
        ...["uploads", "backups", "logs", "traces"].map((kind) => ({ ...write, with: source(kind) })),
      ],
      mayNot: [
        { action: "s3:PutObject", on: log(stranger), as: balancer },
        { action: "s3:PutObject", on: `${bucket}/s3/uploads/log`, as: balancer },
        { action: "s3:GetObject", on: log(scene.account), as: balancer },
        { action: "s3:DeleteObject", on: log(scene.account), as: balancer },
        { action: "s3:PutObject", on: log(scene.account), as: balancer, with: { "aws:SecureTransport": "false" } },
        { ...write, with: { "aws:SourceAccount": stranger, "aws:SourceArn": "arn:aws:s3:::somebody-elses-bucket" } },
        { ...write, with: { "aws:SourceAccount": scene.account, "aws:SourceArn": "arn:aws:s3:::another-bucket" } },
        { ...write, as: `arn:aws:iam::${stranger}:role/other` },
        { action: "s3:PutObject", on: log(scene.account), as: `arn:aws:iam::${stranger}:role/other` },
      ],
    };
  },
};

export const guards: readonly GuardTable[] = [logsKey, volumesKey, alertsKey, alertsTopic, accessLogs];
