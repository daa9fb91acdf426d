import type * as pulumi from "@pulumi/pulumi";

/** Name of the release. Grafana, kube-state-metrics and the exporters are called after it, and it must never change. */
export const releaseName = "kps";

/** Interval of every scrape and evaluation. */
const interval = "30s";

/** Share of the volume that samples may take; the rest is for the write-ahead log and for compaction. */
const volumeShare = 0.8;

export interface PrometheusValuesArgs {
  readonly retentionDays: number;
  readonly storageGiB: number;
  readonly storageClass: pulumi.Input<string>;
  /** Namespace for what needs the host: it admits pods that the stack's own namespace refuses. */
  readonly agentsNamespace: pulumi.Input<string>;
  /** Secret with Grafana's administrator, under the keys `admin-user` and `admin-password`. */
  readonly grafanaSecret: pulumi.Input<string>;
  /** Claim that Grafana keeps its database on. */
  readonly grafanaClaim: pulumi.Input<string>;
}

/** Claims by the names that the operator's StatefulSets look for: they adopt a claim that exists, and it can then grow. */
export const claimNames = {
  prometheus: `prometheus-${releaseName}-prometheus-db-prometheus-${releaseName}-prometheus-0`,
  alertmanager: `alertmanager-${releaseName}-alertmanager-db-alertmanager-${releaseName}-alertmanager-0`,
  grafana: `${releaseName}-grafana`,
} as const;

const resources = (cpu: string, memory: string, limit: string) => ({ requests: { cpu, memory }, limits: { memory: limit } });

/** Values of the chart kube-prometheus-stack: https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack */
export function prometheusValues(args: PrometheusValuesArgs): Record<string, unknown> {
  // The template only has to be valid: the claims exist already, with the size that is wanted.
  const claimTemplate = {
    spec: { storageClassName: args.storageClass, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
  const everywhere = {
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
  };
  return {
    fullnameOverride: releaseName,
    prometheus: {
      service: { port: 9090 },
      prometheusSpec: {
        ...everywhere,
        scrapeInterval: interval,
        evaluationInterval: interval,
        retention: `${args.retentionDays}d`,
        retentionSize: `${Math.floor(args.storageGiB * volumeShare * 1024)}MB`,
        replicas: 1,
        storageSpec: { volumeClaimTemplate: claimTemplate },
        resources: resources("200m", "768Mi", "1536Mi"),
      },
    },
    alertmanager: {
      alertmanagerSpec: { replicas: 1, storage: { volumeClaimTemplate: claimTemplate }, resources: resources("10m", "64Mi", "128Mi") },
    },
    prometheusOperator: {
      resources: resources("50m", "96Mi", "256Mi"),
      prometheusConfigReloader: { resources: resources("10m", "32Mi", "64Mi") },
      // `Ignore`: while the operator restarts nobody answers, and an upgrade must not wait for that.
      admissionWebhooks: { failurePolicy: "Ignore", patch: { resources: resources("10m", "32Mi", "128Mi") } },
    },
    "kube-state-metrics": { resources: resources("10m", "96Mi", "256Mi") },
    "prometheus-node-exporter": {
      namespaceOverride: args.agentsNamespace,
      priorityClassName: "system-node-critical",
      resources: resources("20m", "32Mi", "64Mi"),
    },
    kubelet: { serviceMonitor: { interval, cAdvisorInterval: interval } },
    // The cloud runs these, and shows no metrics of theirs: rules about them would fire for ever.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    defaultRules: {
      rules: { etcd: false, kubeControllerManager: false, kubeSchedulerAlerting: false, kubeSchedulerRecording: false, kubeProxy: false },
    },
    grafana: {
      service: { port: 3000 },
      admin: { existingSecret: args.grafanaSecret, userKey: "admin-user", passwordKey: "admin-password" },
      persistence: { enabled: true, type: "pvc", existingClaim: args.grafanaClaim },
      // One volume, one pod: a second would wait for it for ever.
      deploymentStrategy: { type: "Recreate" },
      // It would run as root; fsGroup does the same.
      initChownData: { enabled: false },
      resources: resources("120m", "384Mi", "768Mi"),
      sidecar: { resources: resources("10m", "96Mi", "192Mi") },
      "grafana.ini": {
        analytics: { check_for_updates: false, check_for_plugin_updates: false, reporting_enabled: false },
        // A background update stops a bundled data source and cannot write the new one: https://github.com/grafana/grafana/issues/132528
        plugins: { preinstall_disabled: true, preinstall_auto_update: false },
      },
    },
  };
}
