import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** How long they are kept, in days. */
  readonly retentionDays: number;
  /** Key of their log group. */
  readonly keyArn: pulumi.Input<string>;
  readonly region: string;
  readonly tags: Tags;
}

/** Records of all traffic of a VPC, accepted and refused, in an encrypted log group. */
export function createFlowLogs(parent: pulumi.Resource, name: string, args: FlowLogsArgs): void {
  const tagged = (suffix: string): Record<string, string> => ({ ...args.tags, Name: `${name}-${suffix}` });
  const group = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { retentionInDays: args.retentionDays, kmsKeyId: args.keyArn, tags: tagged("flow-logs") },
    { parent },
  );
  const { role, policy } = createWriter(parent, name, args, group);
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId: args.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
      tags: tagged("flow-log"),
    },
    { parent, dependsOn: [policy] },
  );
}

/** The role that the flow log writes as: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html */
function createWriter(
  parent: pulumi.Resource,
  name: string,
  args: FlowLogsArgs,
  group: aws.cloudwatch.LogGroup,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const account = aws.getCallerIdentityOutput({}, { parent }).accountId;
  const partition = aws.getPartitionOutput({}, { parent }).partition;
  const role = new aws.iam.Role(
    `${name}-flow-logs-role`,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "FlowLogsOfThisAccount",
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
            Condition: {
              StringEquals: { "aws:SourceAccount": account },
              ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:ec2:${args.region}:${account}:vpc-flow-log/*` },
            },
          },
        ],
      }),
      tags: { ...args.tags, Name: `${name}-flow-logs-role` },
    },
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-logs-policy`,
    {
      role: role.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "WriteFlowLogs",
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: pulumi.interpolate`${group.arn}:*`,
          },
        ],
      }),
    },
    { parent },
  );
  return { role, policy };
}
