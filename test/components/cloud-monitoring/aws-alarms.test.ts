import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import {
  backupAlarms,
  controlPlaneAlarms,
  loadBalancerAlarms,
  natAlarms,
  nodeAlarms,
  volumeAlarms,
  type Alarm,
} from "../../../components/cloud-monitoring/aws-alarms";
import { resourceTypes } from "../../../simulator/tables";

const albId = "app/k8s-chat/0123456789abcdef";
const groups = ["eks-a", "eks-b"];

const all = [
  ...loadBalancerAlarms(pulumi.output(albId)),
  ...nodeAlarms(groups.map((group) => pulumi.output(group))),
  ...natAlarms([pulumi.output("nat-1"), pulumi.output("nat-2")]),
  ...volumeAlarms(),
  ...controlPlaneAlarms(pulumi.output("rocketchat-test")),
  ...backupAlarms(pulumi.output("vault")),
];

/** An alarm with every value known. */
const known = (alarm: Alarm): Promise<Record<string, unknown>> =>
  new Promise((resolve) => void pulumi.output(alarm).apply((value) => resolve(value as Record<string, unknown>)));

const above = { comparisonOperator: "GreaterThanThreshold" };
const atLeast = { comparisonOperator: "GreaterThanOrEqualToThreshold" };
const below = { comparisonOperator: "LessThanThreshold" };
const quietIsFine = { treatMissingData: "notBreaching" };
const quietIsTrouble = { treatMissingData: "breaching" };
const fiveMinutes = { statistic: "Sum", period: 300 };
const query = (expression: string, period: number, label: string) => ({
  metricQueries: [{ id: "query", expression, period, label, returnData: true }],
});
const ofGroups = (metricName: string, stat: string, period: number, label: string) => ({
  metricQueries: [
    { id: "largest", expression: "MAX([m0, m1])", label, returnData: true },
    ...groups.map((group, index) => ({
      id: `m${index}`,
      metric: { namespace: "AWS/EC2", metricName, dimensions: { AutoScalingGroupName: group }, stat, period },
      returnData: false,
    })),
  ],
});
const ofTargets = (metricName: string, label: string) =>
  query(
    `SELECT MAX(${metricName}) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer, TargetGroup) WHERE LoadBalancer = '${albId}'`,
    60,
    label,
  );
const ofAlb = (metricName: string) => ({ namespace: "AWS/ApplicationELB", metricName, dimensions: { LoadBalancer: albId } });
const ofNat = (id: string) => ({ namespace: "AWS/NATGateway", metricName: "ErrorPortAllocation", dimensions: { NatGatewayId: id } });
const ofApi = (metricName: string) => ({ namespace: "AWS/EKS", metricName, dimensions: { ClusterName: "rocketchat-test" } });
const ofVault = (metricName: string) => ({ namespace: "AWS/Backup", metricName, dimensions: { BackupVaultName: "vault" } });
const failedJobs = { statistic: "Sum", period: 3600, evaluationPeriods: 1, threshold: 1, ...atLeast, ...quietIsFine };
const natPorts = { ...fiveMinutes, evaluationPeriods: 1, threshold: 0, ...above, ...quietIsFine };

/** Every alarm but its description. */
const expected: Readonly<Record<string, unknown>> = {
  "alb-5xx": {
    ...ofAlb("HTTPCode_ELB_5XX_Count"),
    ...fiveMinutes,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 10,
    ...above,
    ...quietIsFine,
  },
  "alb-target-5xx": {
    ...ofAlb("HTTPCode_Target_5XX_Count"),
    ...fiveMinutes,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    threshold: 10,
    ...above,
    ...quietIsFine,
  },
  "alb-latency": {
    ...ofAlb("TargetResponseTime"),
    extendedStatistic: "p95",
    evaluateLowSampleCountPercentiles: "ignore",
    period: 300,
    evaluationPeriods: 3,
    threshold: 2,
    ...above,
    ...quietIsFine,
  },
  "alb-unhealthy-targets": {
    ...ofTargets("UnHealthyHostCount", "Unhealthy targets"),
    evaluationPeriods: 10,
    threshold: 1,
    ...atLeast,
    ...quietIsFine,
  },
  "alb-no-healthy-target": {
    ...ofTargets("HealthyHostCount", "Healthy targets"),
    evaluationPeriods: 3,
    threshold: 1,
    ...below,
    ...quietIsTrouble,
    warmUpConfiguration: { warmUpPeriodDurationInMinutes: 15 },
  },
  "node-status": {
    ...ofGroups("StatusCheckFailed", "Maximum", 60, "Failed status checks"),
    evaluationPeriods: 5,
    threshold: 1,
    ...atLeast,
    ...quietIsFine,
  },
  "node-volumes": {
    ...ofGroups("StatusCheckFailed_AttachedEBS", "Maximum", 60, "Failed checks of attached volumes"),
    evaluationPeriods: 5,
    threshold: 1,
    ...atLeast,
    ...quietIsFine,
  },
  "node-cpu": {
    ...ofGroups("CPUUtilization", "Average", 300, "CPU of the busiest group"),
    evaluationPeriods: 3,
    threshold: 85,
    ...above,
    ...quietIsFine,
  },
  "nat-a-ports": { ...ofNat("nat-1"), ...natPorts },
  "nat-b-ports": { ...ofNat("nat-2"), ...natPorts },
  "volume-queue": {
    ...query('SELECT MAX(VolumeQueueLength) FROM SCHEMA("AWS/EBS", VolumeId)', 300, "Longest queue of a volume"),
    evaluationPeriods: 3,
    threshold: 32,
    ...above,
    ...quietIsFine,
  },
  "api-5xx": {
    ...ofApi("apiserver_request_total_5XX"),
    ...fiveMinutes,
    evaluationPeriods: 3,
    threshold: 50,
    ...above,
    ...quietIsFine,
  },
  "pods-unschedulable": {
    ...ofApi("scheduler_pending_pods_UNSCHEDULABLE"),
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 15,
    threshold: 1,
    ...atLeast,
    ...quietIsFine,
  },
  "backup-failed": { ...ofVault("NumberOfBackupJobsFailed"), ...failedJobs },
  "backup-expired": { ...ofVault("NumberOfBackupJobsExpired"), ...failedJobs },
  "backup-copy-failed": { ...ofVault("NumberOfCopyJobsFailed"), ...failedJobs },
  "backup-restore-failed": { ...ofVault("NumberOfRestoreJobsFailed"), ...failedJobs },
  "backup-missing": {
    ...ofVault("NumberOfBackupJobsCompleted"),
    statistic: "Sum",
    period: 3600,
    evaluationPeriods: 4,
    threshold: 1,
    ...below,
    ...quietIsTrouble,
    warmUpConfiguration: { warmUpPeriodDurationInMinutes: 360 },
  },
};

describe("the alarms on AWS", () => {
  it("are these", () => {
    expect(all.map(({ suffix }) => suffix).sort()).to.deep.equal(Object.keys(expected).sort());
  });

  for (const alarm of all) {
    it(`ring when they should: ${alarm.suffix}`, async () => {
      const { suffix, alarmDescription, ...rest } = await known(alarm);
      expect(rest).to.deep.equal(expected[String(suffix)]);
      // A mail says what happened and what to do: at least two sentences, in what CloudWatch takes.
      expect(String(alarmDescription).length).to.be.within(80, 1024);
      expect(alarmDescription).to.match(/[.:] .+\.$/);
    });
  }
});

describe("the simulated CloudWatch", () => {
  const row = resourceTypes.get("aws:cloudwatch/metricAlarm:MetricAlarm");
  const dashboard = resourceTypes.get("aws:cloudwatch/dashboard:Dashboard");
  const reasons = (inputs: Record<string, unknown>): string[] => row?.check?.(inputs).map(({ reason }) => reason) ?? ["no row"];
  const metric = { metricName: "M", namespace: "N", statistic: "Sum", period: 300, evaluationPeriods: 3, alarmDescription: "" };
  const select = { id: "q", expression: 'SELECT MAX(M) FROM "N"', period: 300, returnData: true };

  it("takes every alarm of ours", async () => {
    for (const alarm of all) expect(reasons(await known(alarm)), alarm.suffix).to.deep.equal([]);
  });

  it("refuses alarms that look back further than AWS does", () => {
    expect(reasons({ ...metric, period: 300, evaluationPeriods: 288 })).to.deep.equal([]);
    expect(reasons({ ...metric, period: 300, evaluationPeriods: 289 })[0]).to.match(/more than the 86400 s/);
    expect(reasons({ ...metric, period: 3600, evaluationPeriods: 168 })).to.deep.equal([]);
    expect(reasons({ ...metric, period: 3600, evaluationPeriods: 169 })[0]).to.match(/more than the 604800 s/);
    expect(reasons({ metricQueries: [select], evaluationPeriods: 36 })).to.deep.equal([]);
    expect(reasons({ metricQueries: [select], evaluationPeriods: 37 })[0]).to.match(/more than the 10800 s/);
  });

  it("refuses alarms on nothing, on two things, and on half a minute", () => {
    expect(reasons({ evaluationPeriods: 1 })[0]).to.equal("an alarm has either a metric or queries");
    expect(reasons({ ...metric, metricQueries: [select] })[0]).to.equal("an alarm has either a metric or queries");
    expect(reasons({ ...metric, extendedStatistic: "p95" })).to.deep.equal(["a metric has either a statistic or an extended one"]);
    expect(reasons({ ...metric, period: 90 })).to.deep.equal(["90 is no whole number of minutes"]);
    expect(reasons({ metricQueries: [{ ...select, returnData: false }] })).to.deep.equal(["exactly one query returns data"]);
    const eleven = Array.from({ length: 11 }, (_, index) => ({ id: `m${index}`, metric: { period: 60 }, returnData: false }));
    expect(reasons({ metricQueries: [select, ...eleven] })).to.deep.equal(["an expression may hold ten metrics"]);
    expect(reasons({ ...metric, alarmDescription: "a".repeat(1025) })).to.deep.equal(["it may have 1024 characters"]);
  });

  it("refuses dashboards that no screen has room for", () => {
    const check = (inputs: Record<string, unknown>): string[] => dashboard?.check?.(inputs).map(({ reason }) => reason) ?? ["no row"];
    const body = (widget: Record<string, unknown>): string => JSON.stringify({ widgets: [widget] });
    expect(check({ dashboardName: "a", dashboardBody: body({ x: 0, width: 24, height: 1 }) })).to.deep.equal([]);
    expect(check({ dashboardName: "a", dashboardBody: body({ x: 12, width: 13 }) })).to.deep.equal(["it reaches over the 24 columns"]);
    expect(check({ dashboardName: "a", dashboardBody: body({ width: 0 }) })).to.deep.equal(["it has no size"]);
    expect(check({ dashboardName: "a b" })[0]).to.match(/^a b must be 1 to 255/);
  });
});
