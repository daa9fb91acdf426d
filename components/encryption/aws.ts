import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface AwsEncryptionArgs {
  readonly region: string;
  readonly tags: Tags;
  /** Whether the keys refuse to be deleted. What they encrypted is lost with them. */
  readonly protect: boolean;
}

/** Services of AWS that send alarms: they may publish to the topic, and use its key. */
export const alertSenders = ["cloudwatch.amazonaws.com"];

/** Who may use a key for what: statements beside the one that leaves the key to the account's own IAM policies. */
type Statement = Readonly<Record<string, unknown>>;

/**
 * The customer managed keys of a stack on AWS, one for each kind of thing, all rotated once a year.
 *
 * A volume, a snapshot and a recovery point are readable only as long as the key of the *volume* lives, and a deleted key takes retained volumes
 * and backups with it. So the keys of whatever holds data are protected, and stay when the stack is destroyed.
 */
export class AwsEncryption extends pulumi.ComponentResource {
  /** Key of log groups. */
  readonly logsKeyArn: pulumi.Output<string>;
  /** Key with which EKS wraps Kubernetes secrets. */
  readonly secretsKeyArn: pulumi.Output<string>;
  /** Key of the nodes' disks and of persistent volumes. */
  readonly volumesKeyArn: pulumi.Output<string>;
  /** Key of buckets. */
  readonly objectsKeyArn: pulumi.Output<string>;
  /** Key of the backup vault. Recovery points of volumes stay under the volumes' own key. */
  readonly backupsKeyArn: pulumi.Output<string>;
  /** Key of the topic through which alarms are sent. */
  readonly alertsKeyArn: pulumi.Output<string>;

  private readonly account: pulumi.Output<string>;
  private readonly partition: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: AwsEncryptionArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:Encryption", name, {}, opts);
    this.account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    this.partition = aws.getPartitionOutput({}, { parent: this }).partition;
    this.logsKeyArn = this.createKey("logs", "Log groups", [this.logsStatement()]);
    this.secretsKeyArn = this.createKey("secrets", "Kubernetes secrets", []);
    this.volumesKeyArn = this.createKey("volumes", "Disks of nodes and persistent volumes", [this.volumesStatement()], this.args.protect);
    this.objectsKeyArn = this.createKey("objects", "Buckets", [], this.args.protect);
    this.backupsKeyArn = this.createKey("backups", "Backup vault", [], this.args.protect);
    this.alertsKeyArn = this.createKey("alerts", "Alarms on their way", [this.alertsStatement()]);
    this.registerOutputs({
      logsKeyArn: this.logsKeyArn,
      secretsKeyArn: this.secretsKeyArn,
      volumesKeyArn: this.volumesKeyArn,
      objectsKeyArn: this.objectsKeyArn,
      backupsKeyArn: this.backupsKeyArn,
      alertsKeyArn: this.alertsKeyArn,
    });
  }

  private createKey(kind: string, description: string, statements: readonly Statement[], holdsData = false): pulumi.Output<string> {
    const { stack, project } = this.args.tags;
    const key = new aws.kms.Key(
      `${this.name}-${kind}-key`,
      {
        description: `${description} of ${project ?? ""} ${stack ?? ""}`.trim(),
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [this.accountStatement(), ...statements] }),
        tags: { ...this.args.tags, Name: `${this.name}-${kind}-key` },
      },
      { parent: this, protect: holdsData, retainOnDelete: holdsData },
    );
    new aws.kms.Alias(
      `${this.name}-${kind}-alias`,
      { namePrefix: `alias/${project ?? this.name}-${stack ?? "stack"}-${kind}-`, targetKeyId: key.keyId },
      { parent: this, retainOnDelete: holdsData },
    );
    return key.arn;
  }

  /** Without it nobody could ever change the key again: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
  private accountStatement(): Statement {
    return {
      Sid: "AccountPolicies",
      Effect: "Allow",
      Principal: { AWS: pulumi.interpolate`arn:${this.partition}:iam::${this.account}:root` },
      Action: "kms:*",
      Resource: "*",
    };
  }

  /** CloudWatch Logs, for this account's log groups: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html */
  private logsStatement(): Statement {
    return {
      Sid: "CloudWatchLogs",
      Effect: "Allow",
      Principal: { Service: `logs.${this.args.region}.amazonaws.com` },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
      Resource: "*",
      Condition: {
        ArnLike: {
          "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${this.partition}:logs:${this.args.region}:${this.account}:log-group:*`,
        },
      },
    };
  }

  /**
   * Whoever in this account may use EC2 may use the key through EC2, in the shape of AWS's own key for EBS. To name the role of Auto Scaling
   * instead fails in an account that never had an Auto Scaling group: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3013
   */
  private volumesStatement(): Statement {
    return {
      Sid: "Ec2OfThisAccount",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `ec2.${this.args.region}.amazonaws.com`, "kms:CallerAccount": this.account } },
    };
  }

  /**
   * Who sends alarms. AWS's own key for SNS lets none of them in, and the alarm is lost without a word:
   * https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
   */
  private alertsStatement(): Statement {
    return {
      Sid: "Senders",
      Effect: "Allow",
      Principal: { Service: alertSenders },
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceAccount": this.account } },
    };
  }
}
