/** What the cloud's own agents take of a node. */

/** What the cloud or one of its add-ons runs in the cluster, by what it requests. */
export interface PlatformAgent {
  readonly name: string;
  /** A Deployment of so many; absent for a DaemonSet. */
  readonly replicas?: number;
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
  /** EKS add-on that brings it; absent where every cluster has it. */
  readonly addon?: string;
}

/**
 * Requests of the add-ons' published charts (github.com/aws/eks-charts, aws-ebs-csi-driver, aws-observability/helm-charts), and of the last one
 * what components/cluster/aws-container-logs.ts sets. The agent is counted although it is there with Container Insights only. What
 * the snapshot controller asks for is an estimate.
 */
export const awsAgents: readonly PlatformAgent[] = [
  { name: "aws-node", cpuMillicores: 50, memoryMiB: 0, addon: "vpc-cni" },
  { name: "kube-proxy", cpuMillicores: 100, memoryMiB: 0, addon: "kube-proxy" },
  { name: "ebs-csi-node", cpuMillicores: 30, memoryMiB: 120, addon: "aws-ebs-csi-driver" },
  { name: "eks-pod-identity-agent", cpuMillicores: 0, memoryMiB: 0, addon: "eks-pod-identity-agent" },
  { name: "cloudwatch-agent", cpuMillicores: 50, memoryMiB: 128, addon: "amazon-cloudwatch-observability" },
  { name: "coredns", cpuMillicores: 100, memoryMiB: 70, addon: "coredns", replicas: 2 },
  { name: "metrics-server", cpuMillicores: 100, memoryMiB: 200, addon: "metrics-server", replicas: 2 },
  { name: "ebs-csi-controller", cpuMillicores: 60, memoryMiB: 240, addon: "aws-ebs-csi-driver", replicas: 2 },
  { name: "snapshot-controller", cpuMillicores: 10, memoryMiB: 20, addon: "snapshot-controller", replicas: 2 },
  { name: "fluent-bit", cpuMillicores: 25, memoryMiB: 64, addon: "amazon-cloudwatch-observability" },
  { name: "cloudwatch-operator", cpuMillicores: 20, memoryMiB: 64, addon: "amazon-cloudwatch-observability", replicas: 1 },
];

/**
 * Estimates: AKS does not publish these requests and they change with its releases. Its Deployments, those of Azure Policy among them, run in the
 * tainted system pool. The driver of Azure Files is off. The agent of Container Insights with the sidecar that gets its tokens:
 * https://github.com/microsoft/Docker-Provider/blob/ci_prod/kubernetes/ama-logs.yaml
 */
export const azureAgents: readonly PlatformAgent[] = [
  { name: "cilium", cpuMillicores: 100, memoryMiB: 128 },
  { name: "azure-cns", cpuMillicores: 40, memoryMiB: 128 },
  { name: "cloud-node-manager", cpuMillicores: 50, memoryMiB: 50 },
  { name: "csi-azuredisk-node", cpuMillicores: 30, memoryMiB: 60 },
  { name: "csi-blob-node", cpuMillicores: 30, memoryMiB: 60 },
  { name: "azure-ip-masq-agent", cpuMillicores: 100, memoryMiB: 50 },
  { name: "ama-logs", cpuMillicores: 250, memoryMiB: 650, addon: "omsagent" },
];
