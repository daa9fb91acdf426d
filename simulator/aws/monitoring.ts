import type * as aws from "@pulumi/aws";

import { digits, row, textInput, type Failure, type PackageTable, type ResourceType } from "../resource-type";
import { arn, autoNamed, joined } from "./ids";

const logGroup = autoNamed("name", 512);
const alarm = autoNamed("name", 255);
const topic = autoNamed("name", 256);
const budget = autoNamed("name", 100);
const topicType = "aws:sns/topic:Topic";

type Inputs = Readonly<Record<string, unknown>>;

/** Simulated CloudWatch, SNS and Budgets. */
export const monitoringTable: PackageTable = {
  types: {
    "aws:budgets/budget:Budget": row<aws.budgets.Budget>({
      ...budget,
      tags: "tags",
      computed: (r) => ({ name: budget.id(r), arn: arn("budgets", "", `budget/${budget.id(r)}`) }),
      // AWS's own schema has the notifications beside it: the provider changes them in place, call by call.
      createOnly: ["accountId", "name"],
    }),
    "aws:cloudwatch/dashboard:Dashboard": row<aws.cloudwatch.Dashboard>({
      ...joined("", "dashboardName"),
      nameProperty: "dashboardName",
      computed: (r) => ({ dashboardArn: arn("cloudwatch", "", `dashboard/${textInput(r, "dashboardName")}`) }),
      createOnly: ["dashboardName"],
      check: dashboardFailures,
    }),
    "aws:cloudwatch/logGroup:LogGroup": row<aws.cloudwatch.LogGroup>({
      ...logGroup,
      tags: "tags",
      computed: (r) => ({ name: logGroup.id(r), arn: arn("logs", r.region, `log-group:${logGroup.id(r)}`) }),
      createOnly: ["name"],
    }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": row<aws.cloudwatch.MetricAlarm>({
      ...alarm,
      tags: "tags",
      computed: (r) => ({ name: alarm.id(r), arn: arn("cloudwatch", r.region, `alarm:${alarm.id(r)}`) }),
      createOnly: ["name"],
      check: alarmFailures,
    }),
    [topicType]: row<aws.sns.Topic>({
      ...topic,
      // A topic's id is its ARN, and so is a subscription's.
      id: (r) => arn("sns", r.region, topic.id(r)),
      tags: "tags",
      computed: (r) => ({ name: topic.id(r), arn: arn("sns", r.region, topic.id(r)) }),
      createOnly: ["name", "fifoTopic"],
    }),
    "aws:sns/topicPolicy:TopicPolicy": row<aws.sns.TopicPolicy>({
      ...joined("", "arn"),
      createOnly: ["arn"],
      // Its id is the topic's, and what names that means the topic.
      outlivedByReferences: true,
    }),
    "aws:sns/topicSubscription:TopicSubscription": row<aws.sns.TopicSubscription>({
      id: (r) => `${textInput(r, "topic")}:${digits(32, r.seed)}`,
      computed: (r) => ({ arn: `${textInput(r, "topic")}:${digits(32, r.seed)}`, pendingConfirmation: true }),
      createOnly: ["topic", "protocol", "endpoint"],
    }),
  } satisfies Record<string, ResourceType>,
  functions: {},
};

const day = 86_400;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
function alarmFailures(inputs: Inputs): Failure[] {
  const failures: Failure[] = [];
  const queries = Array.isArray(inputs["metricQueries"]) ? (inputs["metricQueries"] as Inputs[]) : undefined;
  const refuse = (property: string, reason: string): void => void failures.push({ property, reason });

  if ((inputs["metricName"] === undefined) === (queries === undefined)) refuse("metricName", "an alarm has either a metric or queries");
  if (queries === undefined && (inputs["statistic"] === undefined) === (inputs["extendedStatistic"] === undefined))
    refuse("statistic", "a metric has either a statistic or an extended one");
  if (queries !== undefined && queries.filter(({ returnData }) => returnData === true).length !== 1)
    refuse("metricQueries", "exactly one query returns data");
  if (queries !== undefined && queries.filter(({ metric }) => metric !== undefined).length > 10)
    refuse("metricQueries", "an expression may hold ten metrics");
  if (textInput({ inputs }, "alarmDescription").length > 1024) refuse("alarmDescription", "it may have 1024 characters");

  const periods = typeof inputs["evaluationPeriods"] === "number" ? inputs["evaluationPeriods"] : 0;
  for (const { period, limit } of [
    { period: inputs["period"], limit: undefined },
    ...(queries ?? []).map(({ period, expression, metric }) => ({
      period: period ?? (metric as Inputs | undefined)?.["period"],
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html
      limit: /^SELECT /.test(String(expression)) ? 3 * 3600 : undefined,
    })),
  ]) {
    if (typeof period !== "number") continue;
    const longest = limit ?? (period < 3600 ? day : 7 * day);
    if (period % 60 !== 0) refuse("period", `${period} is no whole number of minutes`);
    if (period * periods > longest)
      refuse("evaluationPeriods", `${periods} periods of ${period} s are more than the ${longest} s that AWS looks back`);
  }
  return failures;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
function dashboardFailures(inputs: Inputs): Failure[] {
  const { dashboardName, dashboardBody } = inputs;
  const failures: Failure[] = [];
  if (typeof dashboardName === "string" && !/^[\w-]{1,255}$/.test(dashboardName))
    failures.push({ property: "dashboardName", reason: `${dashboardName} must be 1 to 255 letters, digits, dashes and underscores` });
  if (typeof dashboardBody !== "string") return failures;
  const { widgets = [] } = JSON.parse(dashboardBody) as { widgets?: { x?: number; width?: number; height?: number }[] };
  for (const [index, { x = 0, width = 6, height = 6 }] of widgets.entries()) {
    if (x + width > 24) failures.push({ property: `dashboardBody.widgets[${index}]`, reason: "it reaches over the 24 columns" });
    if (width < 1 || height < 1) failures.push({ property: `dashboardBody.widgets[${index}]`, reason: "it has no size" });
  }
  return failures;
}
