/**
 * Pods in place of those of a chart that cannot be had: so many, with the requests and security contexts that the release's values give them. They
 * take their place on the nodes, in quotas and before Pod Security, and run nothing.
 */
import { type Json, type JsonObject, type Manifest, at, listAt, numberAt, objectAt, textAt } from "./json";

interface PodsOfChart {
  /** End of the workload's name, after the release's own. */
  readonly suffix: string;
  readonly kind: "Deployment" | "DaemonSet";
  /** Where the values keep what is about these pods. */
  readonly at: readonly string[];
  /** Further containers, by where the values keep their resources. */
  readonly beside?: readonly (readonly string[])[];
  readonly replicas?: number;
  /** The chart's own default. */
  readonly priorityClassName?: string;
  readonly image?: string;
  /** Whether the values alone say as whom the containers run; else the chart has defaults of its own, which are taken for sound. */
  readonly bare?: boolean;
}

/** What every level of Pod Security lets through. */
const SOUND = {
  runAsNonRoot: true,
  runAsUser: 65534,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** By chart; read from the values files of the versions that components/versions.ts pins. */
const CHARTS: Readonly<Record<string, readonly PodsOfChart[]>> = {
  "aws-load-balancer-controller": [{ suffix: "", kind: "Deployment", at: [], replicas: 2, priorityClassName: "system-cluster-critical" }],
  "cluster-autoscaler": [{ suffix: "", kind: "Deployment", at: [], priorityClassName: "system-cluster-critical" }],
  "psmdb-operator-crds": [],
  // The real operator asks its own pod which image it is.
  "psmdb-operator": [{ suffix: "", kind: "Deployment", at: [], image: "percona/percona-server-mongodb-operator", bare: true }],
  "kube-prometheus-stack": [
    { suffix: "-operator", kind: "Deployment", at: ["prometheusOperator"] },
    {
      suffix: "-prometheus",
      kind: "Deployment",
      at: ["prometheus", "prometheusSpec"],
      beside: [["prometheusOperator", "prometheusConfigReloader"]],
    },
    {
      suffix: "-alertmanager",
      kind: "Deployment",
      at: ["alertmanager", "alertmanagerSpec"],
      beside: [["prometheusOperator", "prometheusConfigReloader"]],
    },
    {
      suffix: "-grafana",
      kind: "Deployment",
      at: ["grafana"],
      beside: [
        ["grafana", "sidecar"],
        ["grafana", "sidecar"],
      ],
    },
    { suffix: "-kube-state-metrics", kind: "Deployment", at: ["kube-state-metrics"] },
    { suffix: "-node-exporter", kind: "DaemonSet", at: ["prometheus-node-exporter"] },
  ],
};

/** A workload in place of a chart's, and its size in a few words. */
export interface ReleaseStandIn {
  readonly workload: Manifest;
  readonly words: string;
}

/** The workloads of a release; undefined for a chart that is not in the table. @param inputs of the Release. */
export function releaseStandIns(inputs: JsonObject, resourceName: string): readonly ReleaseStandIn[] | undefined {
  const chart = (textAt(inputs, "chart") ?? "").split("/").at(-1) ?? "";
  return CHARTS[chart]?.map((pods) => standInOf(pods, chart, inputs, resourceName));
}

function standInOf(pods: PodsOfChart, chart: string, inputs: JsonObject, resourceName: string): ReleaseStandIn {
  const values = objectAt(inputs, "values");
  const own = objectAt(values, ...pods.at);
  const release = textAt(values, "fullnameOverride") ?? textAt(inputs, "name") ?? resourceName;
  const namespace = textAt(own, "namespaceOverride") ?? textAt(inputs, "namespace") ?? "default";
  // The first two are the chart's own for its one workload; the last tells several of a release apart.
  const labels = {
    "app.kubernetes.io/name": chart,
    "app.kubernetes.io/instance": release,
    "cluster-test/stand-in": `${release}${pods.suffix}`,
  };
  const replicas = numberAt(own, "replicaCount") ?? numberAt(own, "replicas") ?? pods.replicas ?? 1;
  const priorityClassName = textAt(own, "priorityClassName") ?? pods.priorityClassName;
  const image = `${pods.image ?? `cluster-test/${chart}`}:${textAt(inputs, "version") ?? "latest"}`;
  const sizes = [own, ...(pods.beside ?? []).map((path) => objectAt(values, ...path))].map((each) => objectAt(each, "resources"));
  const given = [at(own, "podSecurityContext"), at(own, "containerSecurityContext") ?? at(own, "securityContext")] as const;
  const [podSecurity, security] = pods.bare === true || given.some((each) => each !== undefined) ? given : [{}, SOUND];
  const workload: Manifest = {
    apiVersion: "apps/v1",
    kind: pods.kind,
    metadata: { name: `${release}${pods.suffix}`, namespace, labels },
    spec: {
      ...(pods.kind === "Deployment" ? { replicas } : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...objectAt(own, "podLabels"), ...labels } },
        spec: {
          automountServiceAccountToken: false,
          ...(priorityClassName === undefined ? {} : { priorityClassName }),
          ...(podSecurity === undefined ? {} : { securityContext: podSecurity }),
          ...Object.fromEntries(["nodeSelector", "affinity"].flatMap((key) => (key in own ? [[key, at(own, key)]] : []))),
          tolerations: pods.kind === "DaemonSet" ? [{ operator: "Exists" }] : listAt(own, "tolerations"),
          containers: sizes.map((resources, index) => ({
            name: index === 0 ? "main" : `beside-${index}`,
            image,
            resources,
            ...(security === undefined ? {} : { securityContext: security }),
          })),
        },
      },
    },
  };
  const many = pods.kind === "DaemonSet" ? "one on each node" : String(replicas);
  return {
    workload,
    words: `${chart}: ${pods.kind} ${namespace}/${release}${pods.suffix}, ${many}, requests ${sizes.map(requestText).join(" and ")}`,
  };
}

function requestText(resources: Json): string {
  const [cpu, memory] = ["cpu", "memory"].map((key) => textAt(resources, "requests", key));
  return cpu === undefined && memory === undefined ? "nothing" : `${cpu ?? "no CPU"} ${memory ?? "no memory"}`;
}
