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

/** Container images, by tag. */
export const images = {
  /** https://github.com/RocketChat/Rocket.Chat/releases/tag/9.0.0: MongoDB 8.0, supported for six months from 2026-11-10. */
  rocketChat: { repository: "registry.rocket.chat/rocketchat/rocket.chat", tag: "9.0.0" },
} as const;

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
} as const satisfies Record<string, Chart>;
