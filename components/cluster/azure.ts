import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { accessGroups, createAccess, createClusterIdentity, type Access } from "./azure-access";
import { answerOf, createControlPlane, type ControlPlaneArgs } from "./azure-control-plane";
import { unattendedKubeconfig } from "./azure-kubeconfig";
import { createMaintenance } from "./azure-maintenance";
import { createNodePools, type AzureNodesArgs } from "./azure-nodes";
import { azurePolicyFacts } from "./azure-policy-facts";
import { createStorageClasses, type DiskSku } from "./azure-storage-classes";
import { createWorkloadIdentity } from "./azure-workload-identity";
import type { WorkloadIdentity } from "./identity";
import { Cluster, type AccessGroups, type IdentityArgs, type StorageClasses, type Toleration } from "./index";
import { createProvider } from "./kubernetes";
import type { PolicyFacts } from "./policy-facts";

export interface AzureClusterArgs extends ControlPlaneArgs, AzureNodesArgs {
  /** Kind of managed disk behind the storage classes. */
  readonly diskSku: DiskSku;
  readonly access: Access;
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
  readonly accessGroups: AccessGroups;
  readonly policyFacts: PolicyFacts;
  /** Resource id of the cluster. */
  readonly clusterId: pulumi.Output<string>;
  /** Principal of the identity that the control plane works as. */
  readonly identityPrincipalId: pulumi.Output<string>;
  /** Name of the resource group that AKS keeps nodes and volumes in. */
  readonly nodeResourceGroup: pulumi.Output<string>;
  /** Resource group of the database's disks. */
  readonly databaseDiskGroup: { readonly id: pulumi.Output<string>; readonly name: pulumi.Output<string> };
  /** Pools of the workload: what runs in the cluster and tolerates nothing waits for them. */
  readonly pools: readonly pulumi.Resource[];
  /**
   * The last change that the program makes to the cluster itself. AKS takes one at a time and the provider does not try again
   * (https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/azure/client_azcore.go), so that whatever changes it next depends on this.
   */
  readonly lastChange: pulumi.Resource;
  /** Exists when administrators and viewers may do what they are called. */
  readonly settledAccess: pulumi.Resource;

  private readonly cluster: containerservice.ManagedCluster;
  private readonly resourceGroupName: pulumi.Output<string>;

  constructor(
    private readonly name: string,
    private readonly args: AzureClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:azure:Cluster", name, {}, opts);
    const { resourceGroup } = args.network;
    this.resourceGroupName = resourceGroup.name;
    const nodeSubnetId = this.nodeSubnetId();
    this.settledAccess = createAccess(this, name, args.access, resourceGroup);
    const { identity, databaseDisks, ready } = createClusterIdentity(this, name, { ...args, nodeSubnetId });
    this.cluster = createControlPlane(this, name, args, { identityId: identity.id, nodeSubnetId, dependsOn: [ready] });
    const placed = { resourceGroupName: this.resourceGroupName, cluster: this.cluster };
    const pools = createNodePools(this, name, args, { ...placed, version: args.version, subnetId: nodeSubnetId });
    this.lastChange = createMaintenance(this, name, placed, pools.created);
    this.kubeconfig = this.readKubeconfig();
    this.provider = createProvider(this, name, { kubeconfig: this.kubeconfig, clusterIdentifier: this.cluster.id }, [
      this.settledAccess,
      ...pools.created,
    ]);
    this.storageClasses = createStorageClasses(this, name, this.provider, { diskSku: args.diskSku, databaseDisks });

    this.clusterName = this.cluster.name;
    this.clusterId = this.cluster.id;
    this.identityPrincipalId = identity.principalId;
    this.nodeResourceGroup = this.cluster.nodeResourceGroup.apply((group) => answerOf(this.cluster, "where its nodes lie", group));
    this.databaseDiskGroup = { id: databaseDisks.id, name: databaseDisks.name };
    this.pools = pools.created;
    this.interruptibleTolerations = pools.interruptibleTolerations;
    this.accessGroups = accessGroups(args.access);
    this.policyFacts = azurePolicyFacts(args.network, args);
    this.registerOutputs({
      clusterName: this.clusterName,
      clusterId: this.clusterId,
      nodeResourceGroup: this.nodeResourceGroup,
      kubeconfig: this.kubeconfig,
      storageClasses: this.storageClasses,
    });
  }

  private readKubeconfig(): pulumi.Output<string> {
    const credentials = containerservice.listManagedClusterUserCredentialsOutput(
      { resourceGroupName: this.resourceGroupName, resourceName: this.cluster.name, format: "exec" },
      { parent: this, dependsOn: [this.cluster, this.settledAccess] },
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

  /** An identity that the pods of one service account sign in as. */
  override grantIdentity(name: string, { namespace, serviceAccount, permissions }: IdentityArgs): WorkloadIdentity {
    const assignments = permissions.flatMap((granted) => {
      if (granted.kind !== "azure-roles")
        throw new pulumi.ResourceError(`${name}: a cluster on Azure cannot grant permissions of kind ${granted.kind}`, this);
      return granted.assignments;
    });
    return createWorkloadIdentity(this, `${this.name}-${name}`, {
      resourceGroupName: this.resourceGroupName,
      region: this.args.region,
      cluster: this.cluster,
      namespace,
      serviceAccount,
      assignments,
      tags: this.args.tags,
    });
  }

  private nodeSubnetId(): pulumi.Output<string> {
    const [subnet] = this.args.network.nodeSubnetIds;
    if (subnet === undefined) throw new pulumi.ResourceError("the network has no subnet for nodes", this);
    return subnet;
  }
}
