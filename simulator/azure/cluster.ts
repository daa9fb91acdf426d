import type * as containerservice from "@pulumi/azure-native/containerservice";

import { digits, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { fixed, placed, uuid } from "./ids";

const clusterType = "azure-native:containerservice:ManagedCluster";

/** Simulated AKS. */
export const clusterTable: PackageTable = {
  types: {
    "azure-native:containerservice:AgentPool": placed<containerservice.AgentPool>(
      "Microsoft.ContainerService/managedClusters/agentPools",
      ["resourceName", "agentPoolName"],
      {
        tags: "tags",
        createOnly: ["vmSize"],
        // What the provider does not replace a pool for, and AKS does not change: https://learn.microsoft.com/azure/aks/manage-node-pools
        computed: (r) => fixedInPool.asMade(r),
        check: poolForm,
        refuse: (r, inventory) => [...fixedInPool.changed(r), ...newerThanCluster(r, inventory)],
      },
    ),
    "azure-native:containerservice:MaintenanceConfiguration": placed<containerservice.MaintenanceConfiguration>(
      "Microsoft.ContainerService/managedClusters/maintenanceConfigurations",
      ["resourceName", "configName"],
      { check: maintenanceForm },
    ),
    [clusterType]: placed<containerservice.ManagedCluster>("Microsoft.ContainerService/managedClusters", ["resourceName"], {
      tags: "tags",
      takesAlong: true,
      computed: (r) => ({
        ...fixedInCluster.asMade(r),
        fqdn: `${textInput(r, "dnsPrefix")}-${digits(8, r.seed)}.hcp.${r.region}.azmk8s.io`,
        nodeResourceGroup: `MC_${textInput(r, "resourceGroupName")}_${digits(8, r.seed, "nodes")}_${r.region}`,
        oidcIssuerProfile: { enabled: true, issuerURL: `https://${r.region}.oic.prod-aks.azure.com/${uuid("tenant")}/${uuid(r.seed)}/` },
      }),
      createOnly: [
        "dnsPrefix",
        "nodeResourceGroup",
        "networkProfile.serviceCidr",
        "networkProfile.dnsServiceIP",
        "networkProfile.podCidr",
        "networkProfile.networkDataplane",
        "networkProfile.networkPolicy",
        "networkProfile.networkPlugin",
        "networkProfile.networkPluginMode",
        "networkProfile.outboundType",
      ],
      check: clusterForm,
      refuse: (r, inventory) => [...fixedInCluster.changed(r), ...notLetIn(r, inventory)],
    }),
  },
  functions: {
    "azure-native:containerservice:listManagedClusterUserCredentials": (args, context) => {
      const value = context.kubeconfig ?? kubeconfig(String(args["resourceName"]));
      return { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(value).toString("base64") }] };
    },
  },
};

const fixedInPool = fixed<containerservice.AgentPool>(
  "availabilityZones",
  "maxPods",
  "osDiskSizeGB",
  "osDiskType",
  "osType",
  "scaleSetPriority",
);
const fixedInCluster = fixed<containerservice.ManagedCluster>(
  "apiServerAccessProfile.subnetId",
  "apiServerAccessProfile.enableVnetIntegration",
);

type Inputs = Readonly<Record<string, unknown>>;

const part = (inputs: Inputs, property: string): Inputs => (inputs[property] ?? {}) as Inputs;

/** https://learn.microsoft.com/azure/aks/create-node-pools#limitations, https://learn.microsoft.com/azure/aks/cluster-autoscaler */
function poolForm(inputs: Inputs): Failure[] {
  const { agentPoolName, minCount, maxCount } = inputs;
  const name = typeof agentPoolName === "string" && !/^[a-z][a-z0-9]{0,11}$/.test(agentPoolName);
  return [
    ...(name
      ? [{ property: "agentPoolName", reason: `${agentPoolName} must be 1 to 12 lower case letters and digits, a letter first` }]
      : []),
    ...(typeof maxCount === "number" && maxCount < Math.max(1, Number(minCount))
      ? [{ property: "maxCount", reason: `${maxCount} must be at least 1, and not below minCount` }]
      : []),
  ];
}

/** https://learn.microsoft.com/azure/aks/planned-maintenance */
function maintenanceForm(inputs: Inputs): Failure[] {
  const names = ["default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"];
  const { configName } = inputs;
  const { durationHours } = part(inputs, "maintenanceWindow");
  return [
    ...(typeof configName === "string" && !names.includes(configName)
      ? [{ property: "configName", reason: `${configName} must be one of ${names.join(", ")}` }]
      : []),
    ...(typeof durationHours === "number" && (durationHours < 4 || durationHours > 24)
      ? [{ property: "maintenanceWindow.durationHours", reason: `${durationHours} must be 4 to 24` }]
      : []),
  ];
}

function clusterForm(inputs: Inputs): Failure[] {
  const { dnsPrefix, supportPlan } = inputs;
  return [
    ...(typeof dnsPrefix === "string" && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/.test(dnsPrefix)
      ? [{ property: "dnsPrefix", reason: `${dnsPrefix} must be 1 to 54 letters, digits and dashes, with no dash at its ends` }]
      : []),
    // https://learn.microsoft.com/azure/aks/long-term-support
    ...(supportPlan === "AKSLongTermSupport" && part(inputs, "sku")["tier"] !== "Premium"
      ? [{ property: "supportPlan", reason: "AKSLongTermSupport needs the tier Premium" }]
      : []),
  ];
}

/** No node is newer than its control plane: https://kubernetes.io/releases/version-skew-policy */
function newerThanCluster(pool: Registration, inventory: Inventory): Failure[] {
  const { resourceName, resourceGroupName, orchestratorVersion } = pool.inputs;
  const cluster = inventory.all(clusterType).find((one) => one["name"] === resourceName && one["resourceGroupName"] === resourceGroupName);
  const minor = (version: unknown): number => Number(String(version).split(".")[1]);
  if (cluster === undefined || !(minor(orchestratorVersion) > minor(cluster["kubernetesVersion"]))) return [];
  return [
    {
      property: "orchestratorVersion",
      reason: `NodePoolVersionNewerThanControlPlane: ${String(orchestratorVersion)} is newer than ${String(cluster["kubernetesVersion"])}`,
    },
  ];
}

/** The control plane's identity must be let into the subnets before it comes: https://learn.microsoft.com/azure/aks/api-server-vnet-integration */
function notLetIn({ inputs }: Registration, inventory: Inventory): Failure[] {
  const [identity] = (part(inputs, "identity")["userAssignedIdentities"] ?? []) as readonly string[];
  const principalId = inventory.find("azure-native:managedidentity:UserAssignedIdentity", identity ?? "")?.["principalId"];
  const pools = (inputs["agentPoolProfiles"] ?? []) as readonly Inputs[];
  const subnets = [part(inputs, "apiServerAccessProfile")["subnetId"], ...pools.map(({ vnetSubnetID }) => vnetSubnetID)];
  const assignments = inventory.all("azure-native:authorization:RoleAssignment").filter((one) => one["principalId"] === principalId);
  return subnets
    .filter((subnet) => typeof subnet === "string" && !assignments.some(({ scope }) => `${subnet}/`.startsWith(`${String(scope)}/`)))
    .map((subnet) => ({
      property: "identity",
      reason: `LinkedAuthorizationFailed: it may not perform subnets/join/action on ${String(subnet)}`,
    }));
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
