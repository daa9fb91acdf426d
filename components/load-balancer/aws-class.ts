import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AccessLogs } from "../object-store/aws-access-logs";
import type { Tags } from "../tags";

export interface IngressClassArgs {
  readonly className: string;
  /** The only namespace whose Ingresses may use the class. */
  readonly namespace: string;
  readonly certificateArn: pulumi.Input<string>;
  /** ARN of the web ACL; undefined takes one away that was there. */
  readonly webAclArn: pulumi.Output<string> | undefined;
  readonly allowedCidrs: readonly string[];
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly accessLogs: AccessLogs;
  readonly tags: Tags;
  readonly provider: k8s.Provider;
  readonly dependsOn: readonly pulumi.Resource[];
}

const group = "elbv2.k8s.aws";

/**
 * TLS 1.3 and 1.2 with forward secrecy, and a key exchange that outlives quantum computers. AWS recommends it; left out, TLS 1.0 is let in:
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/** Seconds without a byte after which a connection is cut. A WebSocket of the chat is silent while nobody writes; AWS allows up to 4000. */
const idleTimeoutSeconds = 3600;

/**
 * The class of the one Ingress, with everything that guards it: whoever may only write Ingresses can change none of it, since the class wins over
 * annotations (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/). Returns what an Ingress needs.
 */
export function createIngressClass(parent: pulumi.Resource, name: string, args: IngressClassArgs): pulumi.Resource[] {
  const { provider, className } = args;
  const params = new k8s.apiextensions.CustomResource(
    `${name}-class-params`,
    {
      apiVersion: `${group}/v1beta1`,
      kind: "IngressClassParams",
      metadata: { name: className },
      spec: {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": args.namespace } },
        scheme: "internet-facing",
        ipAddressType: "ipv4",
        targetType: "ip",
        subnets: { ids: [...args.subnetIds] },
        inboundCIDRs: [...args.allowedCidrs],
        certificateArn: [args.certificateArn],
        sslPolicy: tlsPolicy,
        sslRedirectPort: "443",
        // Left out, it would leave an association in place that was there before.
        wafv2AclArn: args.webAclArn ?? "none",
        loadBalancerAttributes: attributes({
          "idle_timeout.timeout_seconds": String(idleTimeoutSeconds),
          "routing.http.drop_invalid_header_fields.enabled": "true",
          "routing.http.desync_mitigation_mode": "defensive",
          "access_logs.s3.enabled": "true",
          "access_logs.s3.bucket": args.accessLogs.bucket,
          "access_logs.s3.prefix": args.accessLogs.prefix,
        }),
        tags: attributes({ ...args.tags, Name: name }),
      },
    },
    { parent, provider, dependsOn: [...args.dependsOn, ...args.accessLogs.ready] },
  );
  const ingressClass = new k8s.networking.v1.IngressClass(
    `${name}-class`,
    {
      metadata: { name: className },
      spec: { controller: "ingress.k8s.aws/alb", parameters: { apiGroup: group, kind: "IngressClassParams", name: params.metadata.name } },
    },
    { parent, provider, dependsOn: [...args.dependsOn] },
  );
  return [ingressClass, params];
}

function attributes(values: Readonly<Record<string, pulumi.Input<string>>>): { key: string; value: pulumi.Input<string> }[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
