import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";

import { known } from "../known";
import type { AzureNetwork } from "../network/azure";
import { formatCidr, parseCidr } from "../network/cidr";
import type { Tags } from "../tags";
import { dnsPrefix } from "./azure-names";
import { upgradeSettings } from "./azure-nodes";
import { aksMaxPods } from "./node-capacity";

export interface ControlPlaneArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  /** Kubernetes version: a minor, which stands for its newest patch, or a patch. */
  readonly version: string;
  readonly tier: "Free" | "Standard" | "Premium";
  /** Ranges that may reach the API server from outside, each by its first address: Azure would rewrite another. */
  readonly apiServerCidrs: readonly string[];
  /** Addresses of Services and of pods; Azure can set them at creation only. */
  readonly serviceCidr: string;
  readonly podCidr: string;
  /** Machines for what AKS itself needs. */
  readonly systemNodes: { readonly size: string; readonly count: number };
  /** Log Analytics workspace for inventory and metrics of every pod and node. @default there is no agent that collects them */
  readonly insightsWorkspaceId?: pulumi.Input<string> | undefined;
  /** Zones of all pools. */
  readonly zones: readonly string[];
  readonly deletionProtection: boolean;
  readonly tags: Tags;
}

/** What the control plane joins, and what must be there before it. */
export interface ControlPlaneTarget {
  readonly identityId: pulumi.Output<string>;
  readonly nodeSubnetId: pulumi.Output<string>;
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * The control plane with its system pool. Nothing of it is ignored: a PUT without a pool's version, or with an old one, would leave that pool
 * behind until AKS refuses the next minor.
 *
 * Its name, DNS prefix, subnets, ranges, plugin and outbound type can be set at creation only. All of them follow from the program or from
 * configuration that a protected cluster does not let change; the group of node resources keeps the name that AKS makes of the names of group,
 * cluster and region, at most 60 of 80 characters here.
 */
export function createControlPlane(
  parent: pulumi.Resource,
  name: string,
  args: ControlPlaneArgs,
  target: ControlPlaneTarget,
): containerservice.ManagedCluster {
  const { network, region, version, tier, apiServerCidrs, deletionProtection, tags } = args;
  return new containerservice.ManagedCluster(
    `${name}-aks`,
    {
      resourceGroupName: network.resourceGroup.name,
      location: region,
      kubernetesVersion: version,
      dnsPrefix: dnsPrefix(pulumi.getProject(), pulumi.getStack()),
      sku: { name: "Base", tier },
      supportPlan: tier === "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial",
      identity: { type: "UserAssigned", userAssignedIdentities: [target.identityId] },
      agentPoolProfiles: [systemPool(args, target.nodeSubnetId)],
      apiServerAccessProfile: {
        enableVnetIntegration: true,
        subnetId: network.apiServerSubnetId,
        enablePrivateCluster: false,
        authorizedIPRanges: [...apiServerCidrs],
        disableRunCommand: true,
      },
      networkProfile: networkProfile(args),
      enableRBAC: true,
      aadProfile: { managed: true, enableAzureRBAC: true },
      disableLocalAccounts: true,
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
      storageProfile: {
        diskCSIDriver: { enabled: true },
        blobCSIDriver: { enabled: true },
        fileCSIDriver: { enabled: false },
        snapshotController: { enabled: true },
      },
      addonProfiles: { azurepolicy: { enabled: true, config: { version: "v2" } }, omsagent: containerInsights(args.insightsWorkspaceId) },
      // The autoscaler would otherwise keep every node that has a pod with an `emptyDir`, or one of kube-system.
      autoScalerProfile: {
        balanceSimilarNodeGroups: "true",
        skipNodesWithLocalStorage: "false",
        skipNodesWithSystemPods: "false",
        expander: "least-waste",
      },
      // `patch` stays within the minor that the configuration names.
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      tags,
    },
    { parent, dependsOn: [...target.dependsOn, ...network.egress], protect: deletionProtection },
  );
}

/** Fixed in number and written inline, since AKS wants a pool at creation; everything that may change is a pool of its own. */
function systemPool(
  { systemNodes, version, zones, tags }: ControlPlaneArgs,
  nodeSubnetId: pulumi.Output<string>,
): inputs.containerservice.ManagedClusterAgentPoolProfileArgs {
  return {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    vmSize: systemNodes.size,
    count: systemNodes.count,
    enableAutoScaling: false,
    availabilityZones: [...zones],
    orchestratorVersion: version,
    osType: "Linux",
    osSKU: "Ubuntu",
    osDiskType: "Managed",
    osDiskSizeGB: 64,
    maxPods: aksMaxPods,
    enableNodePublicIP: false,
    vnetSubnetID: nodeSubnetId,
    upgradeSettings,
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    tags: { ...tags },
  };
}

/** Pods in an overlay, their policies by Cilium: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium */
function networkProfile({ serviceCidr, podCidr }: ControlPlaneArgs): inputs.containerservice.ContainerServiceNetworkProfileArgs {
  return {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    serviceCidr,
    dnsServiceIP: dnsServiceIp(serviceCidr),
    podCidr,
    loadBalancerSku: "standard",
    outboundType: "userAssignedNATGateway",
  };
}

/** The agent of Container Insights, which has no key: https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable */
function containerInsights(workspaceId: pulumi.Input<string> | undefined): inputs.containerservice.ManagedClusterAddonProfileArgs {
  // Said also where there is none: an add-on that is left out stays as it was.
  if (workspaceId === undefined) return { enabled: false };
  return { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" } };
}

/** What only Azure can say of a cluster: not known in a preview, and an error where Azure leaves it out. */
export function answerOf(cluster: containerservice.ManagedCluster, what: string, answer: string | undefined): string {
  return known(answer, () => new pulumi.ResourceError(`AKS does not say ${what}.`, cluster));
}

/** The tenth address of the range, where AKS's own examples put the DNS service; the first is the API server's. */
export function dnsServiceIp(serviceCidr: string): string {
  const range = parseCidr(serviceCidr);
  if (range === undefined) throw new TypeError(`${serviceCidr} is no range of addresses`);
  return formatCidr({ base: range.base + 10, prefix: 32 }).replace(/\/32$/, "");
}
