import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { createNamespace } from "../namespace";
import { charts } from "../versions";
import { claimNames, prometheusValues, releaseName } from "./prometheus";

/** Where pods send traces: OTLP over gRPC, port 4317. */
export const collector = {
  host: "alloy.monitoring-agents.svc.cluster.local",
  namespace: "monitoring-agents",
  pods: { "app.kubernetes.io/name": "alloy" },
} as const;

/** The pods that fetch metrics from others. */
export const scraper = { namespace: "monitoring", pods: { "app.kubernetes.io/name": "prometheus" } } as const;

export interface ObservabilityStackArgs {
  /** How long metrics are kept, in days, and the volume that holds them, in GiB. */
  readonly metrics: { readonly retentionDays: number; readonly storageGiB: number };
  /** Storage class of the stack's volumes. */
  readonly storageClass: pulumi.Input<string>;
  /** Whether namespaces and claims refuse to be deleted. */
  readonly protect: boolean;
}

/** What Helm may take, in seconds: nodes start, images are pulled, volumes are made. */
const releaseTimeout = 900;

/** Metrics, dashboards and alerts of everything in the cluster. */
export class ObservabilityStack extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** Grafana's administrator; the password is a secret. */
  readonly grafana: { readonly username: string; readonly password: pulumi.Output<string>; readonly command: pulumi.Output<string> };

  constructor(
    private readonly name: string,
    private readonly args: ObservabilityStackArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:index:ObservabilityStack", name, {}, opts);
    this.namespace = this.createNamespace("monitoring", "restricted").metadata.name;
    // The node exporter reads the host's own files, which no restricted namespace admits.
    const agentsNamespace = this.createNamespace("monitoring-agents", "privileged").metadata.name;
    const password = new random.RandomPassword(`${name}-grafana-password`, { length: 32, special: false }, { parent: this }).result;
    const secret = this.createGrafanaSecret(password);
    const claims = {
      prometheus: this.createClaim("prometheus", args.metrics.storageGiB),
      alertmanager: this.createClaim("alertmanager", 1),
      grafana: this.createClaim("grafana", 2),
    };
    this.createPrometheus(agentsNamespace, secret, claims);

    this.grafana = {
      username: "admin",
      password,
      command: pulumi.interpolate`kubectl --namespace ${this.namespace} port-forward service/${releaseName}-grafana 3000`,
    };
    this.registerOutputs({ namespace: this.namespace, grafana: this.grafana });
  }

  private createNamespace(namespace: string, podSecurity: "restricted" | "privileged"): k8s.core.v1.Namespace {
    const labels = { "app.kubernetes.io/managed-by": "pulumi" };
    return createNamespace(this, `${this.name}-${namespace}-namespace`, { namespace, podSecurity, labels, protect: this.args.protect });
  }

  private createGrafanaSecret(password: pulumi.Output<string>): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      `${this.name}-grafana-admin`,
      { metadata: { name: "grafana-admin", namespace: this.namespace }, stringData: { "admin-user": "admin", "admin-password": password } },
      { parent: this },
    );
  }

  /** A claim of the program's own: it grows in place and outlives the release, whose own claims do neither. */
  private createClaim(part: keyof typeof claimNames, gib: number): k8s.core.v1.PersistentVolumeClaim {
    return new k8s.core.v1.PersistentVolumeClaim(
      `${this.name}-${part}-claim`,
      {
        // A claim is bound when its first pod is placed, which is after this.
        metadata: { name: claimNames[part], namespace: this.namespace, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: this.args.storageClass,
          resources: { requests: { storage: `${gib}Gi` } },
        },
      },
      { parent: this, protect: this.args.protect },
    );
  }

  private createPrometheus(
    agentsNamespace: pulumi.Output<string>,
    secret: k8s.core.v1.Secret,
    claims: Record<keyof typeof claimNames, k8s.core.v1.PersistentVolumeClaim>,
  ): void {
    const { chart, version, repository } = charts.kubePrometheusStack;
    new k8s.helm.v3.Release(
      `${this.name}-prometheus`,
      {
        name: releaseName,
        namespace: this.namespace,
        chart,
        version,
        repositoryOpts: { repo: repository },
        values: prometheusValues({
          ...this.args.metrics,
          storageClass: this.args.storageClass,
          agentsNamespace,
          grafanaSecret: secret.metadata.name,
          grafanaClaim: claims.grafana.metadata.name,
        }),
        timeout: releaseTimeout,
        maxHistory: 3,
        atomic: false,
      },
      { parent: this, dependsOn: Object.values(claims) },
    );
  }
}
