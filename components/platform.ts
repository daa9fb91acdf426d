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
  /** @default nothing is published: Azure's follows */
  readonly loadBalancer?: LoadBalancer;
  /** @default nothing is watched: Azure's follows */
  readonly monitoring?: CloudMonitoring;
  /** @default nothing is backed up: Azure's follows */
  readonly backup?: Backup;
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
      return provisionAzure(config, tags);
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
  return { network, cluster, objectStore, loadBalancer, monitoring, backup, outputs: { addonVersions: cluster.addonVersions } };
}

/** The configuration holds exactly one of the two. */
function certificateSource({ certificateArn, hostedZone }: AwsConfig["tls"]): { certificateArn: string } | { hostedZone: string } {
  if (certificateArn !== undefined) return { certificateArn };
  if (hostedZone !== undefined) return { hostedZone };
  throw new TypeError("tls names neither certificate nor zone");
}

async function provisionAzure(config: AzureConfig, tags: Tags): Promise<Platform> {
  const [{ AzureNetwork }, { AzureCluster }, { AzureObjectStore }] = await Promise.all([
    import("./network/azure"),
    import("./cluster/azure"),
    import("./object-store/azure"),
  ]);
  const { region, deletionProtection, storage } = config;
  const { podCidr, apiServerCidrs } = config.cluster;
  const network = new AzureNetwork("network", {
    ...config.network,
    podCidr,
    apiServerCidrs,
    region,
    protect: deletionProtection,
    tags,
  });
  const cluster = new AzureCluster("cluster", {
    ...config.cluster,
    network,
    region,
    zones: config.network.zones,
    diskSku: storage.diskSku,
    access: config.access,
    deletionProtection,
    tags,
  });
  const objectStore = new AzureObjectStore("store", {
    network,
    region,
    redundancy: storage.redundancy,
    uploadVersionDays: storage.uploadVersionDays,
    protect: deletionProtection,
    tags,
  });
  return { network, cluster, objectStore, outputs: {} };
}
