import type { Network } from "../network";
import { formatCidr, parseCidr, subnet } from "../network/cidr";
import { linkLocalCidr, privateCidrs, type PolicyFacts } from "./policy-facts";

/**
 * Policies as the VPC CNI's agent enforces them: on the pod's side of its interface, where a Service still has its own address
 * (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go).
 *
 * @param serviceCidr addresses of Services
 */
export function awsPolicyFacts({ nodeCidrs, ingressCidrs }: Pick<Network, "nodeCidrs" | "ingressCidrs">, serviceCidr: string): PolicyFacts {
  const subnets = [...nodeCidrs, ...ingressCidrs];
  return {
    flavour: "kubernetes",
    // The Service selects no pods, so that only its address leads to it; the addresses behind it are never seen
    // (https://github.com/open-telemetry/opentelemetry-operator/issues/5621).
    apiServer: { cidrs: [kubernetesService(serviceCidr)], port: 443 },
    // https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html: interfaces in the subnets that the cluster was made with. They bear
    // addresses of those subnets as pods do, so that no rule tells them apart.
    webhookCallers: { cidrs: subnets, pods: [], nodes: false },
    // https://docs.aws.amazon.com/eks/latest/userguide/managing-coredns.html
    dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: [] },
    // The agent of EKS Pod Identity, on the pod's own node: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
    identity: { cidrs: ["169.254.170.23/32"], port: 80 },
    nodeCidrs,
    privateCidrs: privateCidrs([serviceCidr, ...subnets]),
    metadataCidrs: [linkLocalCidr],
  };
}

/** The `kubernetes` Service has the first address of the range: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
function kubernetesService(serviceCidr: string): string {
  const range = parseCidr(serviceCidr);
  if (range === undefined) throw new TypeError(`${serviceCidr} is no range of addresses`);
  return formatCidr(subnet(range, 32, 1));
}
