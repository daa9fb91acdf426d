import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import { backupAlarms, controlPlaneAlarms, loadBalancerAlarms, natAlarms, nodeAlarms, volumeAlarms, type Alarm } from "./aws-alarms";
import { createBudget } from "./aws-budget";
import { dashboardAddress, dashboardBody } from "./aws-dashboard";
import { createTopic } from "./aws-topic";
import { CloudMonitoring } from "./index";

export interface AwsCloudMonitoringArgs {
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  /** Names of the Auto Scaling groups behind the node groups, nine at most. */
  readonly autoScalingGroups: readonly pulumi.Output<string>[];
  /** One to a zone, or one for all; none where the network is not the stack's. */
  readonly natGatewayIds: readonly pulumi.Output<string>[];
  /** Name of the backup vault. A vault of copies has to have the same, or nobody hears of a copy that fails. */
  readonly backupVaultName: pulumi.Output<string>;
  /** Key of the topic; it has to admit CloudWatch. */
  readonly alertsKeyArn: pulumi.Input<string>;
  /** Who is told. AWS mails a link first that has to be followed, or no alarm arrives; an address that changes gets a new one. */
  readonly email: string;
  /** Bill of the whole account for a month, in US dollars; left out there is no budget. */
  readonly monthlyBudgetUsd?: number | undefined;
  /** The Ingress behind which the load balancer is, as NAMESPACE/NAME. */
  readonly ingress: string;
  readonly tags: Tags;
}

/**
 * Alarms that mail whoever is named, a dashboard, and a budget if wanted.
 *
 * The alarms about nodes, NAT gateways, volumes, the Kubernetes API and backups exist before anything runs. Those about the load balancer come
 * with it: the controller in the cluster makes it, under a name of its own choice.
 */
export class AwsCloudMonitoring extends CloudMonitoring {
  readonly dashboard: pulumi.Output<string>;
  /** ARN of the topic that all alarms go to. */
  readonly topicArn: pulumi.Output<string>;

  private readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  private readonly topic: { readonly arn: pulumi.Output<string>; readonly ready: readonly pulumi.Resource[] };

  constructor(
    private readonly name: string,
    private readonly args: AwsCloudMonitoringArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:CloudMonitoring", name, {}, opts);
    this.topic = createTopic(this, name, args);
    this.alarms = this.createAlarms([
      ...nodeAlarms(args.autoScalingGroups),
      ...natAlarms(args.natGatewayIds),
      ...volumeAlarms(),
      ...controlPlaneAlarms(args.clusterName),
      ...backupAlarms(args.backupVaultName),
    ]);
    createBudget(this, name, args);

    this.topicArn = this.topic.arn;
    this.dashboard = dashboardAddress(this, args.region, args.clusterName);
    this.registerOutputs({ dashboard: this.dashboard, topicArn: this.topicArn });
  }

  override watchLoadBalancer(address: pulumi.Output<string>): void {
    const { arnSuffix } = aws.lb.getLoadBalancerOutput(
      {
        // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#resource-tags
        tags: {
          "elbv2.k8s.aws/cluster": this.args.clusterName,
          "ingress.k8s.aws/resource": "LoadBalancer",
          // Of the address, although it says nothing of it: before there is one there is no load balancer to be found.
          "ingress.k8s.aws/stack": address.apply(() => this.args.ingress),
        },
      },
      { parent: this },
    );
    // In a preview that does not know the address yet, a function's answer forgets what it waits for.
    const loadBalancer = pulumi.all([arnSuffix, address]).apply(([suffix]) => suffix);
    const alarms = [...this.createAlarms(loadBalancerAlarms(loadBalancer)), ...this.alarms];
    new aws.cloudwatch.Dashboard(
      `${this.name}-dashboard`,
      {
        dashboardName: this.args.clusterName,
        dashboardBody: pulumi.jsonStringify(dashboardBody({ ...this.args, loadBalancer, alarmArns: alarms.map(({ arn }) => arn) })),
      },
      { parent: this },
    );
  }

  private createAlarms(alarms: readonly Alarm[]): aws.cloudwatch.MetricAlarm[] {
    return alarms.map(
      ({ suffix, ...alarm }) =>
        new aws.cloudwatch.MetricAlarm(
          `${this.name}-${suffix}`,
          {
            ...alarm,
            // It is what the mail's subject says, so it names the stack.
            name: pulumi.interpolate`${this.args.clusterName}-${suffix}`,
            alarmActions: [this.topic.arn],
            okActions: [this.topic.arn],
            tags: { ...this.args.tags, Name: `${this.name}-${suffix}` },
          },
          // An alarm before the topic admits it is lost.
          { parent: this, dependsOn: [...this.topic.ready] },
        ),
    );
  }
}
