import * as pulumi from "@pulumi/pulumi";

import type { AwsConfig, AzureConfig, StackConfig } from "../config";
import { backupTag, type Backup } from "./backup";
import type { CloudMonitoring } from "./cloud-monitoring";
import type { Cluster } from "./cluster";
import type { LoadBalancer, PublishedService } from "./load-balancer";
import type { Network } from "./network";
import type { ObjectStore } from "./object-store";
import { stackTags, type Tags } from "./tags";

/** What a cloud provides, behind contracts that name no cloud. */
export interface Platform {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly objectStore: ObjectStore;
  readonly loadBalancer: LoadBalancer;
  readonly monitoring: CloudMonitoring;
  readonly backup: Backup;
  /**
   * Puts the cloud's own locks on what holds data, where the configuration wants them. To be called last: a lock keeps what lies below it too.
   *
   * @param after whatever was made on this platform since
   */
  readonly lock: (after: readonly pulumi.Resource[]) => void;
  /** What an operator needs to know of this cloud alone. */
  readonly outputs: Readonly<Record<string, pulumi.Output<unknown>>>;
}

/**
 * Builds the platform of the configured cloud. This is the program's only branch on the cloud, and loads only that cloud's code.
 *
 * @param published what its load balancer is in front of
 */
export async function provisionPlatform(config: StackConfig, published: PublishedService): Promise<Platform> {
  const tags = stackTags(pulumi.getProject(), pulumi.getStack(), config.tags);
  switch (config.cloud) {
    case "aws":
      return provisionAws(config, published, tags);
    case "azure":
      return provisionAzure(config, published, tags);
  }
}

async function provisionAws(config: AwsConfig, published: PublishedService, tags: Tags): Promise<Platform> {
  const [
    { AwsEncryption },
    { planVpc },
    { AwsNetwork },
    { AwsCluster },
    { AwsObjectStore },
    { AwsLoadBalancer },
    { AwsBackup },
    { AwsCloudMonitoring },
  ] = await Promise.all([
    import("./encryption/aws"),
    import("./network/aws-plan"),
    import("./network/aws"),
    import("./cluster/aws"),
    import("./object-store/aws"),
    import("./load-balancer/aws"),
    import("./backup/aws"),
    import("./cloud-monitoring/aws"),
  ]);
  const { region, deletionProtection, domain } = config;
  const vpc = await planVpc({ ...config.network, size: config.cluster.nodes.size, serviceCidr: config.cluster.serviceCidr });
  const encryption = new AwsEncryption("encryption", { region, tags, protect: deletionProtection });
  const { logsKeyArn, alertsKeyArn, backupsKeyArn, volumesKeyArn } = encryption;
  const network = new AwsNetwork("network", { vpc, logsKeyArn, region, protect: deletionProtection, tags });
  const cluster = new AwsCluster("cluster", {
    ...config.cluster,
    network,
    encryption,
    region,
    access: config.access,
    deployerRole: config.access.deployerRole,
    backupTag: backupTag(tags),
    deletionProtection,
    tags,
  });
  const objectStore = new AwsObjectStore("store", {
    ...config.storage,
    encryption,
    region,
    backupVersionDays: config.backup.dailyRetentionDays,
    protect: deletionProtection,
    tags,
  });
  const loadBalancer = new AwsLoadBalancer("load-balancer", {
    cluster,
    network,
    region,
    service: published,
    domain,
    tls: certificateSource(config.tls),
    allowedCidrs: config.loadBalancer.allowedCidrs,
    firewall: config.loadBalancer.waf ? { retentionDays: config.cluster.logRetentionDays, keyArn: logsKeyArn } : undefined,
    accessLogs: objectStore.accessLogs,
    deletionProtection,
    tags,
  });
  const backup = new AwsBackup("backup", {
    ...config.backup,
    vaultKeyArn: backupsKeyArn,
    volumesKeyArn,
    selectionTag: backupTag(tags),
    protect: deletionProtection,
    tags,
  });
  const monitoring = new AwsCloudMonitoring("monitoring", {
    ...config.alerts,
    region,
    clusterName: cluster.clusterName,
    autoScalingGroups: cluster.autoScalingGroups,
    natGatewayIds: network.natGatewayIds,
    backupVaultName: backup.vault,
    alertsKeyArn,
    ingress: `${published.namespace}/${published.name}`,
    tags,
  });
  return {
    network,
    cluster,
    objectStore,
    loadBalancer,
    monitoring,
    backup,
    // Of AWS, only the vault has one, and makes it itself.
    lock: () => undefined,
    outputs: { addonVersions: cluster.addonVersions },
  };
}

/** The configuration holds exactly one of the two. */
function certificateSource({ certificateArn, hostedZone }: AwsConfig["tls"]): { certificateArn: string } | { hostedZone: string } {
  if (certificateArn !== undefined) return { certificateArn };
  if (hostedZone !== undefined) return { hostedZone };
  throw new TypeError("tls names neither certificate nor zone");
}

async function provisionAzure(config: AzureConfig, published: PublishedService, tags: Tags): Promise<Platform> {
  const [
    { planVnet },
    { AzureNetwork },
    { AzureLogWorkspace },
    { AzureCluster },
    { AzureObjectStore },
    { AzureLoadBalancer },
    { AzureBackup },
    { AzureCloudMonitoring },
  ] = await Promise.all([
    import("./network/azure-plan"),
    import("./network/azure"),
    import("./cloud-monitoring/azure-workspace"),
    import("./cluster/azure"),
    import("./object-store/azure"),
    import("./load-balancer/azure"),
    import("./backup/azure"),
    import("./cloud-monitoring/azure"),
  ]);
  const { region, deletionProtection, domain, storage, tls } = config;
  const { podCidr, serviceCidr, apiServerCidrs, nodes, systemNodes, spot, zones, containerInsights } = config.cluster;
  const counts = { system: systemNodes.count, workload: nodes.max, spot: spot?.max ?? 0, zones: zones.length };
  const vnet = await planVnet({ ...config.network, region, serviceCidr, podCidr, nodes: counts });
  const network = new AzureNetwork("network", {
    vnet,
    podCidr,
    apiServerCidrs,
    allowedCidrs: config.loadBalancer.allowedCidrs,
    trafficManager: config.loadBalancer.trafficManager,
    publishedPort: published.port,
    region,
    protect: deletionProtection,
    tags,
  });
  const { resourceGroup } = network;
  const { workspaceId } = new AzureLogWorkspace("workspace", {
    resourceGroupName: resourceGroup.name,
    region,
    retentionDays: config.cluster.logRetentionDays,
    dailyCapGiB: config.cluster.dailyLogCapGiB,
    protect: deletionProtection,
    tags,
  });
  const cluster = new AzureCluster("cluster", {
    ...config.cluster,
    network,
    region,
    diskSku: storage.diskSku,
    access: config.access,
    insightsWorkspaceId: containerInsights ? workspaceId : undefined,
    deletionProtection,
    tags,
  });
  const objectStore = new AzureObjectStore("store", {
    network,
    region,
    redundancy: storage.redundancy,
    uploadVersionDays: storage.uploadVersionDays,
    backupVersionDays: config.backup.retentionDays,
    locks: config.backup.locks,
    protect: deletionProtection,
    tags,
  });
  const loadBalancer = new AzureLoadBalancer("load-balancer", {
    ...config.loadBalancer,
    network,
    region,
    service: published,
    domain,
    tls,
    deletionProtection,
    tags,
  });
  const { accounts } = objectStore;
  const backup = new AzureBackup("backup", {
    ...config.backup,
    resourceGroupName: accounts.cluster.resourceGroupName,
    region,
    cluster: {
      id: cluster.clusterId,
      name: cluster.clusterName,
      resourceGroupName: resourceGroup.name,
      identityPrincipalId: cluster.identityPrincipalId,
      pools: [...cluster.pools, cluster.lastChange],
    },
    store: { ...objectStore.cluster, accountId: accounts.cluster.id, resourceGroupName: accounts.cluster.resourceGroupName },
    workspaceId,
    protect: deletionProtection,
    tags,
  });
  const { monthlyBudget } = config.alerts;
  const groups = [
    resourceGroup.name,
    cluster.nodeResourceGroup,
    cluster.databaseDiskGroup.name,
    accounts.uploads.resourceGroupName,
    backup.snapshotGroupName,
  ];
  const monitoring = new AzureCloudMonitoring("monitoring", {
    resourceGroup,
    region,
    workspaceId,
    clusterId: cluster.clusterId,
    clusterName: cluster.clusterName,
    containerInsights,
    gatewayId: loadBalancer.gatewayId,
    natGatewayId: network.natGatewayId,
    keyVaultId: tls.keyVaultId,
    storageAccounts: Object.fromEntries(
      Object.entries(accounts).map(([purpose, { id }]) => [
        purpose,
        { account: id, blobService: pulumi.interpolate`${id}/blobServices/default` },
      ]),
    ),
    backupVaultId: backup.vaultId,
    email: config.alerts.email,
    budget: monthlyBudget === undefined ? undefined : { ...monthlyBudget, resourceGroups: groups },
    tags,
  });
  return {
    network,
    cluster,
    objectStore,
    loadBalancer,
    monitoring,
    backup,
    lock: (after) => objectStore.lockAccounts([...monitoring.diagnostics, ...backup.storeGrants, ...after]),
    outputs: {},
  };
}
