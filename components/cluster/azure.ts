import * as containerservice from "@pulumi/azure-native/containerservice";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import type * as inputs from "@pulumi/azure-native/types/input";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AzureNetwork } from "../network/azure";
import { unattendedKubeconfig } from "./azure-kubeconfig";
import { createNodePools, maxPodsPerNode, type AzureNodesArgs } from "./azure-nodes";
import { assignRole, roles } from "./azure-roles";
import type { WorkloadIdentity } from "./identity";
import { Cluster, type IdentityArgs, type StorageClasses, type Toleration } from "./index";
import { createProvider, createStorageClass } from "./kubernetes";

/** A principal of Entra ID. */
export interface Principal {
  readonly id: string;
  readonly type: "ServicePrincipal" | "User" | "Group";
}

export interface AzureClusterArgs extends AzureNodesArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  /** Kubernetes version: a minor, which stands for its newest patch, or a patch. */
  readonly version: string;
  readonly tier: "Free" | "Standard" | "Premium";
  /** Ranges that may reach the API server from outside. */
  readonly apiServerCidrs: readonly string[];
  /** Addresses of Services and of pods; Azure can set them at creation only. */
  readonly serviceCidr: string;
  readonly podCidr: string;
  /** Machines for what AKS itself needs. */
  readonly systemNodes: { readonly size: string; readonly count: number };
  /** Kind of managed disk behind the storage classes. */
  readonly diskSku: "Premium_LRS" | "StandardSSD_LRS" | "Standard_LRS";
  readonly access: { readonly admins: readonly Principal[]; readonly viewers: readonly Principal[] };
  readonly deletionProtection: boolean;
}

/**
 * An AKS cluster: API server on a public name for listed ranges and inside the network for the nodes, sign-in by Entra ID alone, Azure CNI in
 * overlay mode with Cilium, a small tainted system pool, and a pool of the workload's nodes to each zone.
 */
export class AzureCluster extends Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClasses: StorageClasses;
  readonly interruptibleTolerations: readonly Toleration[];

  private readonly cluster: containerservice.ManagedCluster;
  private readonly resourceGroupName: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: AzureClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:Cluster", name, {}, opts);
    this.resourceGroupName = args.network.resourceGroup.name;
    const access = this.createAccess();
    const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, { ...this.placed(), tags: args.tags }, { parent: this });
    const databaseDisks = this.createDatabaseDiskGroup();
    const grants = this.createClusterGrants(identity, databaseDisks);
    this.cluster = this.createCluster(identity, grants);
    this.clusterName = this.cluster.name;
    const pools = createNodePools(this, name, args, {
      resourceGroupName: this.resourceGroupName,
      clusterName: this.clusterName,
      version: args.version,
      subnetId: this.nodeSubnetId(),
      dependsOn: [this.cluster],
    });
    this.interruptibleTolerations = pools.interruptibleTolerations;
    this.kubeconfig = this.readKubeconfig();
    this.provider = createProvider(this, name, { kubeconfig: this.kubeconfig, clusterIdentifier: this.cluster.id }, [
      ...access,
      ...pools.created,
    ]);
    this.storageClasses = this.createStorageClasses(databaseDisks);
    this.registerOutputs({ clusterName: this.clusterName, kubeconfig: this.kubeconfig, storageClasses: this.storageClasses });
  }

  /** Local accounts are off: without these nobody, the deployer included, could do anything in the cluster. They take minutes to act, so they come first. */
  private createAccess(): pulumi.Resource[] {
    const scope = this.args.network.resourceGroup.id;
    const grant = (who: string, { id, type }: Principal, role: string, what: string): pulumi.Resource =>
      assignRole(this, `${this.name}-${who}-${id}-${what}`, { role, scope, principalId: id, principalType: type });
    return [
      ...this.args.access.admins.flatMap((principal) => [
        grant("admin", principal, roles.aksRbacClusterAdmin, "rbac"),
        grant("admin", principal, roles.aksClusterUser, "user"),
      ]),
      ...this.args.access.viewers.flatMap((principal) => [
        grant("viewer", principal, roles.aksRbacReader, "rbac"),
        grant("viewer", principal, roles.aksClusterUser, "user"),
      ]),
    ];
  }

  /** AKS deletes its own group of node resources with the cluster; the database's disks lie in one that stays. */
  private createDatabaseDiskGroup(): resources.ResourceGroup {
    const { region, tags, deletionProtection } = this.args;
    return new resources.ResourceGroup(
      `${this.name}-database-disks`,
      { location: region, tags },
      { parent: this, protect: deletionProtection, retainOnDelete: deletionProtection },
    );
  }

  private createClusterGrants(identity: managedidentity.UserAssignedIdentity, databaseDisks: resources.ResourceGroup): pulumi.Resource[] {
    const grant = (what: string, role: string, scope: pulumi.Input<string>): pulumi.Resource =>
      assignRole(this, `${this.name}-identity-${what}`, {
        role,
        scope,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      });
    return [
      grant("nodes", roles.networkContributor, this.nodeSubnetId()),
      grant("apiserver", roles.networkContributor, this.args.network.apiServerSubnetId),
      grant("database-disks", roles.contributor, databaseDisks.id),
    ];
  }

  private createCluster(
    identity: managedidentity.UserAssignedIdentity,
    grants: readonly pulumi.Resource[],
  ): containerservice.ManagedCluster {
    const { network, version, tier, apiServerCidrs, serviceCidr, podCidr, deletionProtection, tags } = this.args;
    return new containerservice.ManagedCluster(
      `${this.name}-aks`,
      {
        ...this.placed(),
        kubernetesVersion: version,
        dnsPrefix: `${tags["project"] ?? this.name}-${tags["stack"] ?? "stack"}`,
        sku: { name: "Base", tier },
        supportPlan: tier === "Premium" ? "AKSLongTermSupport" : "KubernetesOfficial",
        identity: { type: "UserAssigned", userAssignedIdentities: [identity.id] },
        agentPoolProfiles: [this.systemPool()],
        apiServerAccessProfile: {
          enableVnetIntegration: true,
          subnetId: network.apiServerSubnetId,
          enablePrivateCluster: false,
          authorizedIPRanges: [...apiServerCidrs],
          disableRunCommand: true,
        },
        networkProfile: {
          networkPlugin: "azure",
          networkPluginMode: "overlay",
          networkDataplane: "cilium",
          networkPolicy: "cilium",
          serviceCidr,
          dnsServiceIP: dnsServiceIp(serviceCidr),
          podCidr,
          loadBalancerSku: "standard",
          outboundType: "userAssignedNATGateway",
        },
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
        addonProfiles: { azurepolicy: { enabled: true, config: { version: "v2" } } },
        autoScalerProfile: { balanceSimilarNodeGroups: "true", skipNodesWithLocalStorage: "false", expander: "least-waste" },
        // `patch` stays within the minor that the configuration names.
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        tags,
      },
      { parent: this, dependsOn: [...grants, ...network.egress], protect: deletionProtection },
    );
  }

  /** Fixed in number and written inline, since AKS wants a pool at creation; everything that may change is a pool of its own. */
  private systemPool(): inputs.containerservice.ManagedClusterAgentPoolProfileArgs {
    const { systemNodes, version, zones, tags } = this.args;
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
      maxPods: maxPodsPerNode,
      enableNodePublicIP: false,
      vnetSubnetID: this.nodeSubnetId(),
      nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
      tags: { ...tags },
    };
  }

  private readKubeconfig(): pulumi.Output<string> {
    const credentials = containerservice.listManagedClusterUserCredentialsOutput(
      { resourceGroupName: this.resourceGroupName, resourceName: this.clusterName, format: "exec" },
      { parent: this },
    );
    return pulumi.secret(
      credentials.kubeconfigs.apply(([first]) => {
        if (first === undefined)
          throw new Error(
            "AKS returned no kubeconfig for the deployer: it needs the role Azure Kubernetes Service Cluster User on the cluster",
          );
        return unattendedKubeconfig(Buffer.from(first.value, "base64").toString("utf8"));
      }),
    );
  }

  /** https://github.com/kubernetes-sigs/azuredisk-csi-driver/blob/master/docs/driver-parameters.md */
  private createStorageClasses(databaseDisks: resources.ResourceGroup): StorageClasses {
    const provisioner = "disk.csi.azure.com";
    // A Standard_B2s caches no premium disk.
    const parameters = { skuName: this.args.diskSku, cachingMode: "None", networkAccessPolicy: "DenyAll" };
    const general = createStorageClass(this, `${this.name}-general-storage`, this.provider, {
      provisioner,
      // `managed-premium` is AKS's own name for a class.
      name: "disk-premium",
      parameters,
      reclaimPolicy: "Delete",
      isDefault: true,
    });
    const database = createStorageClass(this, `${this.name}-database-storage`, this.provider, {
      provisioner,
      name: "mongodb-storage",
      // MongoDB advises XFS: https://www.mongodb.com/docs/manual/administration/production-notes/
      parameters: { ...parameters, fsType: "xfs", resourceGroup: databaseDisks.name },
      reclaimPolicy: "Retain",
      isDefault: false,
    });
    return { general, database };
  }

  /** A user-assigned identity that the pods of one service account sign in as, by a token of the cluster's own issuer. */
  override grantIdentity(name: string, { namespace, serviceAccount, permissions }: IdentityArgs): WorkloadIdentity {
    const assignments = permissions.flatMap((granted) => {
      if (granted.kind !== "azure-roles")
        throw new pulumi.ResourceError(`${name}: a cluster on Azure cannot grant permissions of kind ${granted.kind}`, this);
      return granted.assignments;
    });
    const identity = new managedidentity.UserAssignedIdentity(
      `${this.name}-${name}-identity`,
      { ...this.placed(), tags: this.args.tags },
      { parent: this },
    );
    const issuer = this.cluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? "");
    const credential = new managedidentity.FederatedIdentityCredential(
      `${this.name}-${name}-credential`,
      {
        resourceGroupName: this.resourceGroupName,
        resourceName: identity.name,
        issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audiences: ["api://AzureADTokenExchange"],
      },
      { parent: this },
    );
    const granted = assignments.map(({ role, roleDefinitionId, scope }) =>
      assignRole(this, `${this.name}-${name}-${role}`, {
        role: roleDefinitionId,
        scope,
        principalId: identity.principalId,
        principalType: "ServicePrincipal",
      }),
    );
    return {
      annotations: { "azure.workload.identity/client-id": identity.clientId },
      podLabels: { "azure.workload.identity/use": "true" },
      id: identity.clientId,
      ready: [credential, ...granted],
    };
  }

  private nodeSubnetId(): pulumi.Output<string> {
    const [subnet] = this.args.network.nodeSubnetIds;
    if (subnet === undefined) throw new pulumi.ResourceError("the network has no subnet for nodes", this);
    return subnet;
  }

  private placed(): { resourceGroupName: pulumi.Output<string>; location: string } {
    return { resourceGroupName: this.resourceGroupName, location: this.args.region };
  }
}

/** The tenth address of the range, where AKS's examples put the DNS service. */
function dnsServiceIp(serviceCidr: string): string {
  return serviceCidr.replace(/\.\d+\/\d+$/, ".10");
}
