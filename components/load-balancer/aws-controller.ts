import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsCluster } from "../cluster/aws";
import type { AwsNetwork } from "../network/aws";
import { lastingTags, type Tags } from "../tags";
import { charts } from "../versions";
import { controllerStatements } from "./aws-policy";

export interface ControllerArgs {
  readonly cluster: AwsCluster;
  readonly network: AwsNetwork;
  readonly region: string;
  /** The only IngressClass that it serves. */
  readonly className: string;
  readonly tags: Tags;
}

const placement = { namespace: "kube-system", serviceAccount: "aws-load-balancer-controller" } as const;

/** What Helm may take, in seconds: nodes start, and images are pulled. */
const releaseTimeout = 600;

/**
 * The AWS Load Balancer Controller, which makes an Application Load Balancer of an Ingress, and unmakes it with the Ingress only while it runs and
 * may call AWS. Returns what has to outlive every Ingress.
 */
export function createController(parent: pulumi.Resource, name: string, args: ControllerArgs): pulumi.Resource[] {
  const { cluster, network, region } = args;
  const { clusterName, provider } = cluster;
  const statements = controllerStatements(parent, { clusterName, vpcId: network.vpcId, region });
  const identity = cluster.grantIdentity("load-balancer", { ...placement, permissions: [{ kind: "iam", statements }] });
  const { chart, version, repository } = charts.awsLoadBalancerController;
  const release = new k8s.helm.v3.Release(
    `${name}-controller`,
    {
      name: chart,
      namespace: placement.namespace,
      chart,
      version,
      repositoryOpts: { repo: repository },
      values: controllerValues(args),
      timeout: releaseTimeout,
      maxHistory: 3,
      atomic: false,
    },
    { parent, provider, dependsOn: [...identity.ready] },
  );
  return [release, ...identity.ready];
}

/** https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/helm/aws-load-balancer-controller/values.yaml */
function controllerValues({ cluster, network, region, className, tags }: ControllerArgs): Record<string, unknown> {
  return {
    clusterName: cluster.clusterName,
    // Both would be asked of the metadata service, which no pod reaches.
    region,
    vpcId: network.vpcId,
    serviceAccount: { create: true, name: placement.serviceAccount },
    // One works, the other takes over.
    replicaCount: 2,
    podDisruptionBudget: { maxUnavailable: 1 },
    resources: { requests: { cpu: "20m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    defaultTargetType: "ip",
    // The chart writes them as one flag, which a comma in a value would break; the others stand in IngressClassParams.
    defaultTags: lastingTags(tags),
    // The class and its parameters are the program's: Pulumi adopts no object that somebody else has made.
    ingressClass: className,
    createIngressClassResource: false,
    ingressClassParams: { create: false },
    // Either annotation would lead an Ingress of another namespace past the class and everything that it pins.
    disableIngressClassAnnotation: true,
    disableIngressGroupNameAnnotation: true,
    // Otherwise no Service could be made in the whole cluster while the controller is down.
    enableServiceMutatorWebhook: false,
    // Otherwise each upgrade makes a new certificate, and calls to the webhook fail until every pod has read it.
    keepTLSSecret: true,
    enableShield: false,
    enableWaf: false,
    controllerConfig: {
      featureGates: {
        // A Service of type LoadBalancer would open the cluster to the internet past this load balancer.
        EnableServiceController: false,
        LBCapacityReservation: false,
        // What is not said is looked for in the cluster: https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/4684
        ALBGatewayAPI: false,
        NLBGatewayAPI: false,
        GatewayListenerSet: false,
      },
    },
  };
}
