import type { AzureNetwork } from "../network/azure";
import { linkLocalCidr, privateCidrs, type PolicyFacts } from "./policy-facts";

/**
 * Azure's wire server, which hands a machine its configuration, certificates included; a public address that leads nowhere else:
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const wireServerCidr = "168.63.129.16/32";

/**
 * Policies as Cilium enforces them on AKS: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions
 *
 * @param overlay addresses of Services and of pods
 */
export function azurePolicyFacts(
  { nodeCidrs, ingressCidrs, apiServerCidr }: Pick<AzureNetwork, "nodeCidrs" | "ingressCidrs" | "apiServerCidr">,
  { serviceCidr, podCidr }: { readonly serviceCidr: string; readonly podCidr: string },
): PolicyFacts {
  return {
    flavour: "cilium",
    // Its address in the network, which the `kubernetes` Service stands for: https://learn.microsoft.com/azure/aks/api-server-vnet-integration
    apiServer: { cidrs: [apiServerCidr], port: 443 },
    // The API server cannot route to an overlay, so that calls leave it through konnectivity's agents, whose pods they seem to come from
    // (https://github.com/tigera/operator/pull/5212), or on older nodes from a node (https://github.com/cilium/cilium/issues/31711).
    webhookCallers: {
      cidrs: [apiServerCidr],
      pods: [{ namespace: "kube-system", labels: { app: "konnectivity-agent" } }],
      nodes: true,
    },
    // LocalDNS answers on the node. AKS turns it on by itself from Kubernetes 1.37 on: https://learn.microsoft.com/azure/aks/localdns-custom
    dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" }, ownNodeCidrs: ["169.254.10.0/24"] },
    // Entra ID, on public addresses: https://learn.microsoft.com/azure/aks/workload-identity-overview
    identity: { cidrs: "internet", port: 443 },
    nodeCidrs,
    privateCidrs: privateCidrs([serviceCidr, podCidr, ...nodeCidrs, ...ingressCidrs, apiServerCidr]),
    metadataCidrs: [linkLocalCidr, wireServerCidr],
  };
}
