import type * as containerservice from "@pulumi/azure-native/containerservice";

import { digits, textInput, type PackageTable } from "../resource-type";
import { placed, uuid } from "./ids";

/** Simulated AKS. */
export const clusterTable: PackageTable = {
  types: {
    "azure-native:containerservice:AgentPool": placed<containerservice.AgentPool>(
      "Microsoft.ContainerService/managedClusters/agentPools",
      ["resourceName", "agentPoolName"],
      {
        tags: "tags",
        createOnly: ["vmSize", "osType", "osDiskType", "osDiskSizeGB", "vnetSubnetID", "availabilityZones", "maxPods", "scaleSetPriority"],
      },
    ),
    "azure-native:containerservice:ManagedCluster": placed<containerservice.ManagedCluster>(
      "Microsoft.ContainerService/managedClusters",
      ["resourceName"],
      {
        tags: "tags",
        computed: (r) => ({
          fqdn: `${textInput(r, "dnsPrefix")}-${digits(8, r.seed)}.hcp.${r.region}.azmk8s.io`,
          nodeResourceGroup: `MC_${textInput(r, "resourceGroupName")}`,
          oidcIssuerProfile: { enabled: true, issuerURL: `https://${r.region}.oic.prod-aks.azure.com/${uuid("tenant")}/${uuid(r.seed)}/` },
        }),
        createOnly: [
          "dnsPrefix",
          "nodeResourceGroup",
          "networkProfile.serviceCidr",
          "networkProfile.dnsServiceIP",
          "networkProfile.podCidr",
          "networkProfile.networkPolicy",
          "networkProfile.networkPlugin",
          "networkProfile.outboundType",
          "apiServerAccessProfile.subnetId",
        ],
      },
    ),
  },
  functions: {
    "azure-native:containerservice:listManagedClusterUserCredentials": (args, context) => {
      const value = context.kubeconfig ?? kubeconfig(String(args["resourceName"]));
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(value).toString("base64") }] };
    },
  },
};

/** As AKS writes it for a cluster with Entra ID: a device code in a browser. */
function kubeconfig(cluster: string): string {
  return `apiVersion: v1
kind: Config
current-context: ${cluster}
clusters:
- name: ${cluster}
  cluster:
    server: https://${cluster}.simulated.azmk8s.io:443
    certificate-authority-data: ${Buffer.from("simulated").toString("base64")}
contexts:
- name: ${cluster}
  context:
    cluster: ${cluster}
    user: clusterUser
users:
- name: clusterUser
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      args:
      - get-token
      - --login
      - devicecode
`;
}
