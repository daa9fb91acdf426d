import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { createPodIdentity } from "./aws-identity";
import type { IamStatement } from "./identity";

export interface ContainerLogsArgs {
  readonly clusterName: pulumi.Output<string>;
  readonly cluster: pulumi.Resource;
  /** How long the logs are kept, in days. */
  readonly logRetentionDays: number;
  readonly logsKeyArn: pulumi.Input<string>;
  /** Whether CloudWatch also gets the metrics of every pod and node; it charges for each of them. */
  readonly containerInsights: boolean;
  readonly tags: Tags;
}

/** What the add-on `amazon-cloudwatch-observability` needs. */
export interface ContainerLogs {
  /** What must exist before the add-on, and after it. */
  readonly ready: readonly pulumi.Resource[];
  /** Names of the log groups. */
  readonly logGroupNames: readonly pulumi.Output<string>[];
  /** Settings of the add-on. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What the shipper sends, and what the agent measures where Container Insights is on. */
const shipped = ["application", "dataplane", "host"];
const measured = "performance";

/**
 * Log groups of what runs in a cluster, and the right of the add-on's pods to write to them.
 *
 * Fluent Bit makes a group that it misses, without retention or key, and would make it again while it is being destroyed. So the groups are
 * there before it and after it, and it has no right to make any.
 */
export function createContainerLogs(parent: pulumi.Resource, name: string, args: ContainerLogsArgs): ContainerLogs {
  const kinds = args.containerInsights ? [...shipped, measured] : shipped;
  const groups = kinds.map(
    (kind) =>
      new aws.cloudwatch.LogGroup(
        `${name}-${kind}-logs`,
        {
          // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-view-metrics.html
          name: pulumi.interpolate`/aws/containerinsights/${args.clusterName}/${kind}`,
          retentionInDays: args.logRetentionDays,
          kmsKeyId: args.logsKeyArn,
          tags: { ...args.tags, Name: `${name}-${kind}-logs` },
        },
        { parent },
      ),
  );
  // Fluent Bit and the agent run as one service account.
  const identity = createPodIdentity(parent, `${name}-cloudwatch`, {
    ...args,
    namespace: "amazon-cloudwatch",
    serviceAccount: "cloudwatch-agent",
    statements: [...writeStatements(groups), ...(args.containerInsights ? [describeStatement] : [])],
  });
  return {
    ready: [...groups, ...identity.ready],
    logGroupNames: groups.map((group) => group.name),
    configuration: addonConfiguration(args.containerInsights),
  };
}

function writeStatements(groups: readonly aws.cloudwatch.LogGroup[]): IamStatement[] {
  return [
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: groups.map((group) => pulumi.interpolate`${group.arn}:*`),
    },
  ];
}

/** The agent names the disks and the group of its node. EC2 knows no resource for these calls. */
const describeStatement: IamStatement = {
  Sid: "DescribeNode",
  Effect: "Allow",
  Action: ["ec2:DescribeTags", "ec2:DescribeVolumes"],
  Resource: ["*"],
};

/**
 * Settings of the add-on, in keys that its schema has had since version 5; it refuses others.
 *
 * Its pods run as `system-node-critical` and take what they ask for from the chat and the database, so they ask for what they use: of one core,
 * Fluent Bit 24 thousandths in the 95th percentile, the operator 8. The agent is not there where it has nothing to measure.
 * https://github.com/aws-observability/helm-charts/blob/main/charts/amazon-cloudwatch-observability/values.yaml
 */
function addonConfiguration(containerInsights: boolean): Record<string, unknown> {
  return {
    agents: containerInsights
      ? [
          {
            name: "cloudwatch-agent",
            config: { logs: { metrics_collected: { kubernetes: { enhanced_container_insights: true } } } },
            resources: { requests: { cpu: "50m", memory: "128Mi" } },
          },
        ]
      : [],
    containerLogs: { enabled: true, fluentBit: { resources: { requests: { cpu: "25m", memory: "64Mi" } } } },
    manager: {
      resources: { requests: { cpu: "20m", memory: "64Mi" } },
      // Application Signals, which is on unless it is switched off, puts an agent into every pod.
      applicationSignals: { autoMonitor: { monitorAllServices: false } },
    },
  };
}
