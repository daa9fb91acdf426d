import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsCluster } from "../cluster/aws";
import type { AwsNetwork } from "../network/aws";
import type { AccessLogs } from "../object-store/aws-access-logs";
import type { Tags } from "../tags";
import { issueCertificate } from "./aws-certificate";
import { createIngressClass } from "./aws-class";
import { createController } from "./aws-controller";
import { createFirewall, type FirewallLogs } from "./aws-firewall";
import { LoadBalancer, type Publication, type PublishedService } from "./index";

export interface AwsLoadBalancerArgs {
  readonly cluster: AwsCluster;
  readonly network: AwsNetwork;
  readonly region: string;
  /** What is published. */
  readonly service: PublishedService;
  /** Name under which people reach it. */
  readonly domain: string;
  /** A certificate that exists, in the stack's region, or the public Route 53 zone in which one is issued and the domain's record is made. */
  readonly tls: { readonly certificateArn: string } | { readonly hostedZone: string };
  /** Ranges that may reach it. */
  readonly allowedCidrs: readonly string[];
  /** @default no firewall: the load balancer hands on whatever it is asked */
  readonly firewall?: FirewallLogs | undefined;
  readonly accessLogs: AccessLogs;
  /** Whether the load balancer refuses to be deleted, and so the Ingress. */
  readonly deletionProtection: boolean;
  readonly tags: Tags;
}

/** How often a pod is asked whether it serves, and how often in a row it has to answer or fail: one that hangs is left out within 45 s. */
const healthCheck = { intervalSeconds: 15, timeoutSeconds: 5, healthy: 2, unhealthy: 3 };

/** How long a browser keeps to the pod that it was given, in seconds: a session of the chat is one pod's as long as the pod lives. */
const stickySeconds = 86_400;

/**
 * An Application Load Balancer in front of one service: TLS with a certificate that is given or issued here, plain HTTP redirected, pods reached
 * directly, access logs, and a firewall where it is wanted.
 *
 * It makes everything but the load balancer. That is made by the AWS Load Balancer Controller when the service's Ingress is, and goes with it:
 * so the Ingress has to wait for `publication.ready`, or nobody is left to take down load balancer and security groups, which then hold the VPC.
 */
export class AwsLoadBalancer extends LoadBalancer {
  readonly publication: Publication;
  /** The controller makes the load balancer, and tells the Ingress. */
  readonly address = undefined;

  private readonly zoneId: pulumi.Output<string> | undefined;

  constructor(
    private readonly name: string,
    private readonly args: AwsLoadBalancerArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:LoadBalancer", name, {}, opts);
    const { cluster, service, tls, firewall, network } = args;
    const className = service.name;
    this.zoneId = "hostedZone" in tls ? this.findZone(tls.hostedZone) : undefined;
    const certificateArn = this.findCertificate();
    const webAclArn =
      firewall === undefined ? undefined : createFirewall(this, name, { ...args, logs: firewall, clusterName: cluster.clusterName });
    const controller = createController(this, name, { ...args, className });
    const ingressClass = createIngressClass(this, name, {
      ...args,
      className,
      namespace: service.namespace,
      certificateArn,
      webAclArn,
      subnetIds: network.publicSubnetIds,
      provider: cluster.provider,
      dependsOn: controller,
    });
    this.publication = {
      service: { type: "ClusterIP", annotations: {} },
      ingress: { className, annotations: this.annotations() },
      namespaceLabels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
      stickySessions: true,
      sourceCidrs: network.ingressCidrs,
      ready: [...ingressClass, ...controller, ...args.accessLogs.ready],
    };
    this.registerOutputs({ className, certificateArn });
  }

  private findZone(name: string): pulumi.Output<string> {
    return aws.route53.getZoneOutput({ name, privateZone: false }, { parent: this }).zoneId;
  }

  private findCertificate(): pulumi.Input<string> {
    const { domain, tags, tls } = this.args;
    if ("certificateArn" in tls) return tls.certificateArn;
    if (this.zoneId === undefined) throw new Error("a certificate is issued for a zone");
    return issueCertificate(this, this.name, { domain, zoneId: this.zoneId, tags });
  }

  /** What the class cannot say for an Ingress: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
  private annotations(): Record<string, string> {
    const { service, deletionProtection } = this.args;
    const values = {
      "listen-ports": JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
      "healthcheck-protocol": "HTTP",
      "healthcheck-port": "traffic-port",
      "healthcheck-path": service.healthCheckPath,
      "healthcheck-interval-seconds": String(healthCheck.intervalSeconds),
      "healthcheck-timeout-seconds": String(healthCheck.timeoutSeconds),
      "healthy-threshold-count": String(healthCheck.healthy),
      "unhealthy-threshold-count": String(healthCheck.unhealthy),
      // A pod answers with a redirect where an administrator has it insist on HTTPS.
      "success-codes": "200-399",
      "target-group-attributes": list({
        "stickiness.enabled": "true",
        "stickiness.type": "lb_cookie",
        "stickiness.lb_cookie.duration_seconds": String(stickySeconds),
        // As long as a pod that was told to stop still serves: then its last connections end in order, and not with the pod.
        "deregistration_delay.timeout_seconds": String(service.drainSeconds),
      }),
      // In the class it would protect nothing, since the controller switches it off when the Ingress goes; here the controller keeps the Ingress:
      // https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/pkg/ingress/model_builder.go. The class's own attributes are
      // others, and both are merged key by key. It says `false` too: an attribute that is not named stays as it was.
      "load-balancer-attributes": list({ "deletion_protection.enabled": String(deletionProtection) }),
    };
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value]));
  }

  /** Only for a zone that the program was given. The load balancer has no address of version 6. */
  override pointDomainAt(address: pulumi.Output<string>): void {
    if (this.zoneId === undefined) return;
    const hostedZone = aws.lb.getHostedZoneIdOutput({ region: this.args.region, loadBalancerType: "application" }, { parent: this });
    new aws.route53.Record(
      `${this.name}-domain-record`,
      {
        zoneId: this.zoneId,
        name: this.args.domain,
        type: "A",
        // There is no other record that could answer instead.
        aliases: [{ name: address, zoneId: hostedZone.id, evaluateTargetHealth: false }],
      },
      { parent: this },
    );
  }
}

/** Attributes in the form of an annotation. */
function list(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
