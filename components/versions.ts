/**
 * Every version that this program pins, in one place. Each line names where the version and its support window were read, so that whoever
 * moves it knows what to read again.
 */

/** Kubernetes minors that a cloud still supports for new clusters, newest first, with the day on which standard support ends. */
export const kubernetes = {
  /** The minor both stacks start with. */
  default: "1.36",
  /** https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html, read 2026-11. */
  aws: { "1.36": "2027-08-02", "1.35": "2027-03-27", "1.34": "2026-12-02" },
  /** https://learn.microsoft.com/azure/aks/supported-kubernetes-versions, read 2026-11. */
  azure: { "1.36": "2027-06-30", "1.35": "2027-03-31" },
  /** The oldest version that the original architecture names for AKS; it left standard support on 2025-11-01. */
  azureFloor: "1.31.11",
} as const;

/** The add-ons of EKS that the program installs, in no order. */
export const addonNames = [
  "amazon-cloudwatch-observability",
  "aws-ebs-csi-driver",
  "coredns",
  "eks-pod-identity-agent",
  "kube-proxy",
  "metrics-server",
  "snapshot-controller",
  "vpc-cni",
] as const;

export type AddonName = (typeof addonNames)[number];

/**
 * First patch, by minor, whose network policy agent is 1.3.5 or newer. Agents 1.3.1 and 1.3.2 drop all traffic of a node that has just started,
 * that of CoreDNS above all: https://github.com/aws/aws-network-policy-agent/issues/553
 */
const firstSoundPatch: Readonly<Record<number, number>> = { 21: 2, 22: 1 };

/**
 * Why a version of `vpc-cni` cannot be used, as limit and cure; `undefined` where it can.
 *
 * @param version as EKS writes it: `v1.22.1-eksbuild.1`
 */
export function networkPluginProblem(version: string): { readonly limit: string; readonly cure: string } | undefined {
  const [, major = 0, minor = 0, patch = 0] = (/^v(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  const sound = major > 1 || (major === 1 && (minor > 22 || patch >= (firstSoundPatch[minor] ?? Number.POSITIVE_INFINITY)));
  if (sound) return undefined;
  return {
    limit: "It must be v1.21.2 or newer, or v1.22.1 or newer of its minor: older ones cut nodes off that have just started.",
    cure: "Name a newer version, or none, in rocketchat:cluster.addonVersions; `aws eks describe-addon-versions --addon-name vpc-cni` lists them.",
  };
}

/** Container images, by tag. */
export const images = {
  /** https://github.com/RocketChat/Rocket.Chat/releases/tag/9.0.0: MongoDB 8.0, supported for six months from 2026-11-10. */
  rocketChat: { repository: "registry.rocket.chat/rocketchat/rocket.chat", tag: "9.0.0" },
  /** Server, backup agent and exporter go with the operator: https://docs.percona.com/percona-operator-for-mongodb/versions.html. */
  mongodb: { repository: "docker.io/percona/percona-server-mongodb", tag: "8.0.19-7" },
  mongodbBackup: { repository: "docker.io/percona/percona-backup-mongodb", tag: "2.12.0" },
  /** https://github.com/percona/mongodb_exporter/releases */
  mongodbExporter: { repository: "docker.io/percona/mongodb_exporter", tag: "0.53.0" },
} as const;

/**
 * Release lines of Rocket.Chat that the program takes, by what they need of the database and how long Rocket.Chat supports them: six months, the line
 * with long-term support a year (https://docs.rocket.chat/docs/support-prerequisites-and-version-durability,
 * https://github.com/orgs/RocketChat/discussions/42302). Afterwards push notifications and the marketplace stop. Which MongoDB a release takes is on
 * its page, https://github.com/RocketChat/Rocket.Chat/releases, read 2026-11; the days of 8.6 to 8.9 are reckoned from candidates and may be off by weeks.
 */
export const rocketChatLines: Readonly<Record<string, { readonly mongodb: readonly string[]; readonly supportedUntil: string }>> = {
  "9.0": { mongodb: ["8.0"], supportedUntil: "2027-05-10" },
  "8.9": { mongodb: ["8.0"], supportedUntil: "2027-10-01" },
  "8.8": { mongodb: ["8.0"], supportedUntil: "2027-03-01" },
  "8.7": { mongodb: ["8.0"], supportedUntil: "2027-02-07" },
  "8.6": { mongodb: ["8.0"], supportedUntil: "2027-01-10" },
};

/** Image by Kubernetes minor; others than the cluster's own are not supported: https://github.com/kubernetes/autoscaler/tags, read 2026-11. */
export const autoscalerTags: Readonly<Record<keyof typeof kubernetes.aws, string>> = {
  "1.36": "v1.36.1",
  "1.35": "v1.35.2",
  "1.34": "v1.34.5",
};

interface Chart {
  readonly chart: string;
  readonly version: string;
  readonly repository: string;
}

/** Helm charts: the newest version whose every value used here was rendered and tried before it was pinned. */
export const charts = {
  /** Ships v3.5.0: https://github.com/aws/eks-charts/pull/1354 */
  awsLoadBalancerController: {
    chart: "aws-load-balancer-controller",
    version: "3.5.0",
    repository: "https://aws.github.io/eks-charts",
  },
  /** Ships cert-manager v1.21.1. */
  certManager: { chart: "cert-manager", version: "v1.21.1", repository: "https://charts.jetstack.io" },
  /** Ships v1.35.0; the image's tag follows the cluster's minor instead. */
  clusterAutoscaler: {
    chart: "cluster-autoscaler",
    version: "9.59.0",
    repository: "https://kubernetes.github.io/autoscaler",
  },
  /** Ships Prometheus operator v0.93.1 and Prometheus v3.14.0. */
  kubePrometheusStack: {
    chart: "kube-prometheus-stack",
    version: "88.5.3",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  /** Ships the Percona operator for MongoDB 1.22.0, which the database's resource names as its `crVersion`. */
  psmdbOperator: { chart: "psmdb-operator", version: "1.22.0", repository: "https://percona.github.io/percona-helm-charts" },
  /** The definitions of the operator's resources; always of the operator's own version. */
  psmdbOperatorCrds: { chart: "psmdb-operator-crds", version: "1.22.0", repository: "https://percona.github.io/percona-helm-charts" },
} as const satisfies Record<string, Chart>;
