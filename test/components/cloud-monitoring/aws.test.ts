import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { AwsCloudMonitoring, type AwsCloudMonitoringArgs } from "../../../components/cloud-monitoring/aws";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import type { FunctionType } from "../../../simulator/resource-type";
import { functionTypes } from "../../../simulator/tables";
import { awsEncryption, region, tagged, tags } from "../../support/aws";
import { contents, json, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const account = "999999999999";
const cluster = "rocketchat-test-abc123";
const groups = ["eks-a", "eks-b", "eks-c"];
const gateways = ["nat-a", "nat-b", "nat-c"];
const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Stands for the Ingress, whose address nobody knows before it is there. */
const published = (): pulumi.Output<string> => new aws.s3.Bucket("ingress", {}).bucketDomainName;

const awsMonitoring = (change: Partial<AwsCloudMonitoringArgs> = {}, publish = true): AwsCloudMonitoring => {
  const monitoring = new AwsCloudMonitoring("monitoring", {
    region,
    clusterName: pulumi.output(cluster),
    autoScalingGroups: groups.map((group) => pulumi.output(group)),
    natGatewayIds: gateways.map((id) => pulumi.output(id)),
    backupVaultName: pulumi.output("backup-vault-1"),
    alertsKeyArn: awsEncryption().alertsKeyArn,
    email: "ops@acme.io",
    ingress: "rocketchat/rocketchat",
    tags,
    ...change,
  });
  if (publish) monitoring.watchLoadBalancer(published());
  return monitoring;
};
const build = (change: Partial<AwsCloudMonitoringArgs> = {}, publish = true): Promise<ResourceGraph> =>
  simulateComponent(() => awsMonitoring(change, publish));

const beforehand = [
  "monitoring-api-5xx",
  "monitoring-backup-copy-failed",
  "monitoring-backup-expired",
  "monitoring-backup-failed",
  "monitoring-backup-missing",
  "monitoring-backup-restore-failed",
  "monitoring-nat-a-ports",
  "monitoring-nat-b-ports",
  "monitoring-nat-c-ports",
  "monitoring-node-cpu",
  "monitoring-node-status",
  "monitoring-node-volumes",
  "monitoring-pods-unschedulable",
  "monitoring-volume-queue",
];
const ofLoadBalancer = [
  "monitoring-alb-5xx",
  "monitoring-alb-latency",
  "monitoring-alb-no-healthy-target",
  "monitoring-alb-target-5xx",
  "monitoring-alb-unhealthy-targets",
];
const base = {
  [alarmType]: [...ofLoadBalancer, ...beforehand].sort(),
  "aws:cloudwatch/dashboard:Dashboard": ["monitoring-dashboard"],
  "aws:sns/topic:Topic": ["monitoring-alerts"],
  "aws:sns/topicPolicy:TopicPolicy": ["monitoring-alerts-policy"],
  "aws:sns/topicSubscription:TopicSubscription": ["monitoring-alerts-mail"],
};

for (const preview of [true, false]) {
  describe(`monitoring on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsMonitoring(), { preview });
    });
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const topicArn = (): unknown => named(graph, "monitoring-alerts").outputs["arn"];

    it("is a topic, alarms and a dashboard, and nothing else", () => {
      expect(contents(graph, "monitoring")).to.deep.equal(base);
    });

    it("sends alarms through a topic under the stack's own key, to a mail address", () => {
      expect(named(graph, "monitoring-alerts").inputs).to.deep.equal({
        displayName: "rocketchat test",
        kmsMasterKeyId: later(named(graph, "encryption-alerts-key").outputs["arn"]),
        tags: tagged("monitoring-alerts"),
      });
      expect(named(graph, "monitoring-alerts-mail").inputs).to.deep.equal({
        topic: later(topicArn()),
        protocol: "email",
        endpoint: "ops@acme.io",
      });
    });

    it("tells the topic of every alarm, and of its end, once the topic admits it", () => {
      for (const { name, inputs } of ofType(graph, alarmType)) {
        expect(inputs, name).to.deep.include({
          name: `${cluster}-${name.slice("monitoring-".length)}`,
          alarmActions: [later(topicArn())],
          okActions: [later(topicArn())],
          tags: tagged(name),
        });
        expect(waitsFor(graph, named(graph, name), named(graph, "monitoring-alerts-policy")), name).to.equal(true);
      }
    });

    it("asks for the load balancer only when the chat has an address, and for nothing else", () => {
      const ingress = named(graph, "ingress");
      for (const name of [...ofLoadBalancer, "monitoring-dashboard"])
        expect(waitedFor(graph, named(graph, name)), name).to.include("ingress");
      for (const name of [...beforehand, "monitoring-alerts"]) expect(waitsFor(graph, named(graph, name), ingress), name).to.equal(false);
    });

    it("hands out where the dashboard is, before it is there", () => {
      expect(named(graph, "monitoring").outputs).to.deep.equal({
        dashboard: `https://console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${cluster}`,
        topicArn: later(topicArn()),
      });
    });
  });
}

describe("monitoring on AWS", () => {
  it("lets AWS's senders publish for this account, and nobody without TLS", async () => {
    const graph = await build();
    const arn = named(graph, "monitoring-alerts").outputs["arn"];
    const { inputs } = named(graph, "monitoring-alerts-policy");
    expect(inputs).to.deep.equal({ arn, policy: inputs["policy"] });
    const [senders, tlsOnly, ...more] = (json(inputs["policy"]) as { Statement: { Principal: { Service?: string[] } }[] }).Statement;
    expect(more).to.deep.equal([]);
    expect(senders?.Principal.Service).to.include("cloudwatch.amazonaws.com");
    expect(senders).to.deep.equal({
      Sid: "Senders",
      Effect: "Allow",
      Principal: { Service: senders?.Principal.Service },
      Action: "sns:Publish",
      Resource: arn,
      Condition: { StringEquals: { "aws:SourceAccount": account } },
    });
    expect(tlsOnly).to.deep.equal({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("uses no sender that the topic's key does not admit", async () => {
    const graph = await build();
    const principals = (policy: unknown): unknown[] =>
      (json(policy) as { Statement: { Principal: { Service?: unknown } }[] }).Statement.flatMap(({ Principal }) => Principal.Service ?? []);
    expect(principals(named(graph, "monitoring-alerts-policy").inputs["policy"])).to.deep.equal(
      principals(named(graph, "encryption-alerts-key").inputs["policy"]),
    );
  });

  it("has its alarms before the chat is published, and the dashboard with the load balancer", async () => {
    const graph = await build({}, false);
    expect(contents(graph, "monitoring")).to.deep.equal({
      [alarmType]: beforehand,
      "aws:sns/topic:Topic": ["monitoring-alerts"],
      "aws:sns/topicPolicy:TopicPolicy": ["monitoring-alerts-policy"],
      "aws:sns/topicSubscription:TopicSubscription": ["monitoring-alerts-mail"],
    });
  });

  it("finds the load balancer by what its controller writes on it, and does not look for it before there is one", async () => {
    const table = functionTypes as Map<string, FunctionType>;
    const token = "aws:lb/getLoadBalancer:getLoadBalancer";
    const original = table.get(token);
    const asked: unknown[] = [];
    table.set(token, (args, context) => {
      asked.push(args);
      return original?.(args, context) ?? {};
    });
    try {
      await simulateComponent(() => awsMonitoring(), { preview: true });
      expect(asked).to.deep.equal([]);
      await build();
    } finally {
      if (original !== undefined) table.set(token, original);
    }
    expect(asked).to.deep.equal([
      {
        tags: {
          "elbv2.k8s.aws/cluster": cluster,
          "ingress.k8s.aws/resource": "LoadBalancer",
          "ingress.k8s.aws/stack": "rocketchat/rocketchat",
        },
      },
    ]);
  });

  it("has every alarm and the load balancer that was found on its dashboard", async () => {
    const graph = await build();
    const { inputs } = named(graph, "monitoring-dashboard");
    expect(inputs).to.deep.equal({ dashboardName: cluster, dashboardBody: inputs["dashboardBody"] });
    const { widgets } = json(inputs["dashboardBody"]) as { widgets: { type: string; properties: { alarms?: string[] } }[] };
    const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(shown.sort()).to.deep.equal(
      ofType(graph, alarmType)
        .map(({ outputs }) => outputs["arn"])
        .sort(),
    );
    const { LoadBalancer } = named(graph, "monitoring-alb-5xx").inputs["dimensions"] as Record<string, string>;
    expect(LoadBalancer).to.match(/^app\/k8s-/);
    expect(inputs["dashboardBody"]).to.include(
      JSON.stringify(["AWS/ApplicationELB", "RequestCount", "LoadBalancer", LoadBalancer]).slice(0, -1),
    );
  });

  it("watches no NAT gateway where the network is not the stack's, and one where one serves all zones", async () => {
    const nats = async (ids: string[]): Promise<string[]> => {
      const graph = await build({ natGatewayIds: ids.map((id) => pulumi.output(id)) });
      return (contents(graph, "monitoring")[alarmType] ?? []).filter((name) => name.includes("-nat-"));
    };
    expect(await nats([])).to.deep.equal([]);
    expect(await nats(["nat-a"])).to.deep.equal(["monitoring-nat-a-ports"]);
  });

  it("mails of the account's bill at 80 % of the budget and when it is forecast to pass it", async () => {
    const graph = await build({ monthlyBudgetUsd: 400 });
    expect(contents(graph, "monitoring")).to.deep.equal({ ...base, "aws:budgets/budget:Budget": ["monitoring-budget"] });
    const tell = { comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE", subscriberEmailAddresses: ["ops@acme.io"] };
    expect(named(graph, "monitoring-budget").inputs).to.deep.equal({
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "400",
      limitUnit: "USD",
      notifications: [
        { ...tell, notificationType: "ACTUAL", threshold: 80 },
        { ...tell, notificationType: "FORECASTED", threshold: 100 },
      ],
      tags: tagged("monitoring-budget"),
    });
  });

  it("links to the console of its own partition, and to none that it does not know", async () => {
    const table = functionTypes as Map<string, FunctionType>;
    const token = "aws:index/getPartition:getPartition";
    const original = table.get(token);
    const dashboardIn = async (partition: string): Promise<unknown> => {
      table.set(token, () => ({ id: partition, partition }));
      return named(await build(), "monitoring").outputs["dashboard"];
    };
    try {
      const path = `cloudwatch/home?region=${region}#dashboards/dashboard/${cluster}`;
      expect(await dashboardIn("aws-cn")).to.equal(`https://console.amazonaws.cn/${path}`);
      expect(await dashboardIn("aws-us-gov")).to.equal(`https://console.amazonaws-us-gov.com/${path}`);
      expect(await dashboardIn("aws-iso")).to.equal(cluster);
    } finally {
      if (original !== undefined) table.set(token, original);
    }
  });
});
