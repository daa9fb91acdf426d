import type * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import type * as storage from "@pulumi/azure-native/storage";

import { digits, row, textInput, type PackageTable, type Registration } from "./resource-type";

/** Subscription of the simulated Azure. */
const subscription = "99999999-9999-4999-8999-999999999999";

/**
 * The id of a resource in a resource group, and the name that it ends in.
 *
 * @param type `Microsoft.Network/virtualNetworks/subnets`
 * @param nameProperties the inputs that hold the names, outermost first; the last may be missing, and is then made of the logical name
 */
function placed(type: string, ...nameProperties: readonly string[]) {
  const [namespace, ...kinds] = type.split("/");
  const ownProperty = nameProperties.at(-1) ?? "";
  const ownName = (r: Registration): string => textInput(r, ownProperty, `${r.name}${digits(8, r.urn)}`);
  return {
    id: (r: Registration): string => {
      const names = [...nameProperties.slice(0, -1).map((property) => textInput(r, property)), ownName(r)];
      const path = kinds.map((kind, index) => `${kind}/${names[index] ?? ""}`).join("/");
      return `/subscriptions/${subscription}/resourceGroups/${textInput(r, "resourceGroupName")}/providers/${namespace ?? ""}/${path}`;
    },
    computed: (r: Registration) => ({ name: ownName(r) }),
  };
}

const uuid = (seed: string): string => {
  const d = digits(32, seed);
  return [d.slice(0, 8), d.slice(8, 12), `4${d.slice(13, 16)}`, `8${d.slice(17, 20)}`, d.slice(20)].join("-");
};

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const accountName = /^[a-z0-9]{3,24}$/;

/** What the simulated Azure answers. Each value has the form of the real one; none of them was ever given by Azure. */
export const azureTable: PackageTable = {
  types: {
    "azure-native:authorization:RoleAssignment": row<authorization.RoleAssignment>({
      id: (r) =>
        `${textInput(r, "scope")}/providers/Microsoft.Authorization/roleAssignments/${textInput(r, "roleAssignmentName", uuid(r.urn))}`,
      computed: (r) => ({ name: textInput(r, "roleAssignmentName", uuid(r.urn)) }),
    }),
    "azure-native:containerservice:AgentPool": row<containerservice.AgentPool>({
      ...placed("Microsoft.ContainerService/managedClusters/agentPools", "resourceName", "agentPoolName"),
      tags: "tags",
    }),
    "azure-native:containerservice:ManagedCluster": row<containerservice.ManagedCluster>({
      ...placed("Microsoft.ContainerService/managedClusters", "resourceName"),
      tags: "tags",
      computed: (r) => ({
        ...placed("Microsoft.ContainerService/managedClusters", "resourceName").computed(r),
        fqdn: `${textInput(r, "dnsPrefix")}-${digits(8, r.urn)}.hcp.${r.region}.azmk8s.io`,
        nodeResourceGroup: `MC_${textInput(r, "resourceGroupName")}`,
        oidcIssuerProfile: { enabled: true, issuerURL: `https://${r.region}.oic.prod-aks.azure.com/${uuid("tenant")}/${uuid(r.urn)}/` },
      }),
    }),
    "azure-native:managedidentity:FederatedIdentityCredential": row<managedidentity.FederatedIdentityCredential>(
      placed(
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "resourceName",
        "federatedIdentityCredentialResourceName",
      ),
    ),
    "azure-native:managedidentity:UserAssignedIdentity": row<managedidentity.UserAssignedIdentity>({
      ...placed("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName"),
      tags: "tags",
      computed: (r) => ({
        ...placed("Microsoft.ManagedIdentity/userAssignedIdentities", "resourceName").computed(r),
        clientId: uuid(`client ${r.urn}`),
        principalId: uuid(`principal ${r.urn}`),
        tenantId: uuid("tenant"),
      }),
    }),
    "azure-native:network:FlowLog": row<network.FlowLog>({
      ...placed("Microsoft.Network/networkWatchers/flowLogs", "networkWatcherName", "flowLogName"),
      tags: "tags",
    }),
    "azure-native:network:NatGateway": row<network.NatGateway>({
      ...placed("Microsoft.Network/natGateways", "natGatewayName"),
      tags: "tags",
    }),
    "azure-native:network:NetworkSecurityGroup": row<network.NetworkSecurityGroup>({
      ...placed("Microsoft.Network/networkSecurityGroups", "networkSecurityGroupName"),
      tags: "tags",
    }),
    "azure-native:network:PublicIPAddress": row<network.PublicIPAddress>({
      ...placed("Microsoft.Network/publicIPAddresses", "publicIpAddressName"),
      tags: "tags",
      computed: (r) => ({
        ...placed("Microsoft.Network/publicIPAddresses", "publicIpAddressName").computed(r),
        ipAddress: "198.51.100.20",
      }),
    }),
    "azure-native:network:Subnet": row<network.Subnet>(
      placed("Microsoft.Network/virtualNetworks/subnets", "virtualNetworkName", "subnetName"),
    ),
    "azure-native:network:VirtualNetwork": row<network.VirtualNetwork>({
      ...placed("Microsoft.Network/virtualNetworks", "virtualNetworkName"),
      tags: "tags",
    }),
    "azure-native:resources:ResourceGroup": row<resources.ResourceGroup>({
      tags: "tags",
      id: (r) => `/subscriptions/${subscription}/resourceGroups/${groupName(r)}`,
      computed: (r) => ({ name: groupName(r) }),
    }),
    "azure-native:storage:BlobContainer": row<storage.BlobContainer>(
      placed("Microsoft.Storage/storageAccounts/blobServices/default/containers", "accountName", "containerName"),
    ),
    "azure-native:storage:BlobServiceProperties": row<storage.BlobServiceProperties>(
      placed("Microsoft.Storage/storageAccounts/blobServices", "accountName", "blobServicesName"),
    ),
    "azure-native:storage:ManagementPolicy": row<storage.ManagementPolicy>(
      placed("Microsoft.Storage/storageAccounts/managementPolicies", "accountName", "managementPolicyName"),
    ),
    "azure-native:storage:StorageAccount": row<storage.StorageAccount>({
      ...placed("Microsoft.Storage/storageAccounts", "accountName"),
      tags: "tags",
      check: (inputs) =>
        typeof inputs["accountName"] === "string" && !accountName.test(inputs["accountName"])
          ? [{ property: "accountName", reason: `${inputs["accountName"]} must be 3 to 24 lower case letters and digits` }]
          : [],
    }),
  },
  functions: {
    "azure-native:containerservice:listManagedClusterUserCredentials": (args) => ({
      kubeconfigs: [{ name: "clusterUser", value: Buffer.from(kubeconfig(String(args["resourceName"]))).toString("base64") }],
    }),
  },
};

function groupName(resource: Registration): string {
  return textInput(resource, "resourceGroupName", `${resource.name}${digits(8, resource.urn)}`);
}

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
