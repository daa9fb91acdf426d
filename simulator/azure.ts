import type * as authorization from "@pulumi/azure-native/authorization";
import type * as containerservice from "@pulumi/azure-native/containerservice";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import type * as storage from "@pulumi/azure-native/storage";

import { contains, parseCidr } from "../components/network/cidr";
import { overlapsSibling } from "./network-rules";
import {
  digits,
  row,
  textInput,
  type Failure,
  type Inventory,
  type PackageTable,
  type Registration,
  type ResourceType,
} from "./resource-type";

/** Subscription of the simulated Azure. */
export const subscription = "99999999-9999-4999-8999-999999999999";

/** Resource groups that exist in every subscription that has a network, without the program's doing. */
export const existingGroups = ["NetworkWatcherRG"];

const nameForm = { separator: "", digits: 8, longest: 63 };

/**
 * A row for a resource in a resource group.
 *
 * @param type `Microsoft.Network/virtualNetworks/subnets`
 * @param nameProperties the inputs that hold the names, outermost first; undefined for a singleton, which Azure calls `default`. Where the last is
 *   missing the provider makes a name.
 */
function placed<R>(
  type: string,
  nameProperties: readonly [...(string | undefined)[], string],
  own: Parameters<typeof row<R>>[0] extends infer Own ? Omit<Own & object, "id"> : never,
): ResourceType {
  const [namespace = "", ...kinds] = type.split("/");
  const named = nameProperties.filter((property) => property !== undefined);
  const nameProperty = named.at(-1) ?? "";
  const more = own as Partial<ResourceType>;
  const name = (r: Registration): string => textInput(r, nameProperty, `${r.name}${digits(nameForm.digits, r.seed)}`);
  const unplaced: ResourceType = {
    ...more,
    nameProperty,
    autoName: nameForm,
    id: (r) => {
      const names = [
        ...nameProperties.slice(0, -1).map((property) => (property === undefined ? "default" : textInput(r, property))),
        name(r),
      ];
      const path = kinds.map((kind, index) => `${kind}/${names[index] ?? ""}`).join("/");
      return `/subscriptions/${subscription}/resourceGroups/${textInput(r, "resourceGroupName")}/providers/${namespace}/${path}`;
    },
    computed: (r) => ({ name: name(r), ...more.computed?.(r) }),
  };
  return atPath(unplaced, ...named, "resourceGroupName", "location");
}

/** The row with the inputs that make up the resource's path, which the SDK's class does not return: a resource cannot be renamed or moved. */
function atPath(own: ResourceType, ...path: readonly string[]): ResourceType {
  return { ...own, createOnly: [...path, ...(own.createOnly ?? [])] };
}

const uuid = (seed: string): string => {
  const d = digits(32, seed);
  return [d.slice(0, 8), d.slice(8, 12), `4${d.slice(13, 16)}`, `8${d.slice(17, 20)}`, d.slice(20)].join("-");
};

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage */
const accountName = /^[a-z0-9]{3,24}$/;

/**
 * What the simulated Azure answers. Each value has the form of the real one; none of them was ever given by Azure. What can be set at creation
 * only follows azure-native: https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
export const azureTable: PackageTable = {
  types: {
    "azure-native:authorization:RoleAssignment": atPath(
      row<authorization.RoleAssignment>({
        id: (r) =>
          `${textInput(r, "scope")}/providers/Microsoft.Authorization/roleAssignments/${textInput(r, "roleAssignmentName", uuid(r.seed))}`,
        computed: (r) => ({ name: textInput(r, "roleAssignmentName", uuid(r.seed)) }),
        createOnly: ["principalId"],
      }),
      "scope",
      "roleAssignmentName",
    ),
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
    "azure-native:managedidentity:FederatedIdentityCredential": placed<managedidentity.FederatedIdentityCredential>(
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
      ["resourceName", "federatedIdentityCredentialResourceName"],
      {},
    ),
    "azure-native:managedidentity:UserAssignedIdentity": placed<managedidentity.UserAssignedIdentity>(
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      ["resourceName"],
      {
        tags: "tags",
        computed: (r) => ({ clientId: uuid(`client ${r.seed}`), principalId: uuid(`principal ${r.seed}`), tenantId: uuid("tenant") }),
      },
    ),
    "azure-native:network:FlowLog": placed<network.FlowLog>(
      "Microsoft.Network/networkWatchers/flowLogs",
      ["networkWatcherName", "flowLogName"],
      {
        tags: "tags",
        createOnly: ["targetResourceId"],
      },
    ),
    "azure-native:network:NatGateway": placed<network.NatGateway>("Microsoft.Network/natGateways", ["natGatewayName"], {
      tags: "tags",
      createOnly: ["zones"],
    }),
    "azure-native:network:NetworkSecurityGroup": placed<network.NetworkSecurityGroup>(
      "Microsoft.Network/networkSecurityGroups",
      ["networkSecurityGroupName"],
      {
        tags: "tags",
      },
    ),
    "azure-native:network:PublicIPAddress": placed<network.PublicIPAddress>(
      "Microsoft.Network/publicIPAddresses",
      ["publicIpAddressName"],
      {
        tags: "tags",
        computed: (r) => ({ ipAddress: `198.51.100.${Number.parseInt(digits(2, r.seed), 16)}` }),
        createOnly: ["zones", "sku", "publicIPAllocationMethod"],
      },
    ),
    "azure-native:network:Subnet": placed<network.Subnet>(
      "Microsoft.Network/virtualNetworks/subnets",
      ["virtualNetworkName", "subnetName"],
      {
        refuse: (r, inventory) => [
          ...outsideNetwork(r, inventory),
          ...overlapsSibling(r, inventory, "addressPrefix", "virtualNetworkName"),
        ],
      },
    ),
    "azure-native:network:VirtualNetwork": placed<network.VirtualNetwork>("Microsoft.Network/virtualNetworks", ["virtualNetworkName"], {
      tags: "tags",
    }),
    "azure-native:resources:ResourceGroup": atPath(
      row<resources.ResourceGroup>({
        tags: "tags",
        nameProperty: "resourceGroupName",
        autoName: nameForm,
        id: (r) => `/subscriptions/${subscription}/resourceGroups/${groupName(r)}`,
        computed: (r) => ({ name: groupName(r) }),
        createOnly: ["location"],
      }),
      "resourceGroupName",
    ),
    "azure-native:storage:BlobContainer": placed<storage.BlobContainer>(
      "Microsoft.Storage/storageAccounts/blobServices/containers",
      ["accountName", undefined, "containerName"],
      {},
    ),
    "azure-native:storage:BlobServiceProperties": placed<storage.BlobServiceProperties>(
      "Microsoft.Storage/storageAccounts/blobServices",
      ["accountName", "blobServicesName"],
      {},
    ),
    "azure-native:storage:ManagementPolicy": placed<storage.ManagementPolicy>(
      "Microsoft.Storage/storageAccounts/managementPolicies",
      ["accountName", "managementPolicyName"],
      {},
    ),
    "azure-native:storage:StorageAccount": placed<storage.StorageAccount>("Microsoft.Storage/storageAccounts", ["accountName"], {
      tags: "tags",
      createOnly: ["kind", "isHnsEnabled"],
      check: (inputs) =>
        typeof inputs["accountName"] === "string" && !accountName.test(inputs["accountName"])
          ? [{ property: "accountName", reason: `${inputs["accountName"]} must be 3 to 24 lower case letters and digits` }]
          : [],
    }),
  },
  functions: {
    "azure-native:containerservice:listManagedClusterUserCredentials": (args, context) => {
      const value = context.kubeconfig ?? kubeconfig(String(args["resourceName"]));
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(value).toString("base64") }] };
    },
  },
};

/** A subnet lies in one of the ranges of its network, which it knows by name. */
function outsideNetwork(resource: Registration, inventory: Inventory): Failure[] {
  const network = inventory.all("azure-native:network:VirtualNetwork").find(({ name }) => name === resource.inputs["virtualNetworkName"]);
  const { addressPrefixes = [] } = (network?.["addressSpace"] ?? {}) as { readonly addressPrefixes?: readonly string[] };
  const inner = parseCidr(textInput(resource, "addressPrefix"));
  if (network === undefined || inner === undefined) return [];
  const inside = addressPrefixes.some((range) => {
    const outer = parseCidr(range);
    return outer !== undefined && contains(outer, inner);
  });
  if (inside) return [];
  return [
    { property: "addressPrefix", reason: `${textInput(resource, "addressPrefix")} does not lie inside ${addressPrefixes.join(", ")}` },
  ];
}

function groupName(resource: Registration): string {
  return textInput(resource, "resourceGroupName", `${resource.name}${digits(nameForm.digits, resource.seed)}`);
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
