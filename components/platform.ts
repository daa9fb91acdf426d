import * as pulumi from "@pulumi/pulumi";

import type { AwsConfig, AzureConfig, StackConfig } from "../config";
import type { Cluster } from "./cluster";
import type { Network } from "./network";
import type { ObjectStore } from "./object-store";
import { stackTags, type Tags } from "./tags";

/** What a cloud provides, behind contracts that name no cloud. */
export interface Platform {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly objectStore: ObjectStore;
}

/** Builds the platform of the configured cloud. This is the program's only branch on the cloud, and loads only that cloud's code. */
export async function provisionPlatform(config: StackConfig): Promise<Platform> {
  const tags = stackTags(pulumi.getProject(), pulumi.getStack(), config.tags);
  switch (config.cloud) {
    case "aws":
      return provisionAws(config, tags);
    case "azure":
      return provisionAzure(config, tags);
  }
}

async function provisionAws(config: AwsConfig, tags: Tags): Promise<Platform> {
  const [{ AwsEncryption }, { planVpc }, { AwsNetwork }, { AwsCluster }, { AwsObjectStore }] = await Promise.all([
    import("./encryption/aws"),
    import("./network/aws-plan"),
    import("./network/aws"),
    import("./cluster/aws"),
    import("./object-store/aws"),
  ]);
  const { region, deletionProtection } = config;
  const vpc = await planVpc({ ...config.network, size: config.cluster.nodes.size, serviceCidr: config.cluster.serviceCidr });
  const encryption = new AwsEncryption("encryption", { region, tags, protect: deletionProtection });
  const network = new AwsNetwork("network", { vpc, logsKeyArn: encryption.logsKeyArn, region, protect: deletionProtection, tags });
  const cluster = new AwsCluster("cluster", { ...config.cluster, network, encryption, access: config.access, deletionProtection, tags });
  const objectStore = new AwsObjectStore("store", {
    encryption,
    region,
    uploadVersionDays: config.storage.uploadVersionDays,
    protect: deletionProtection,
    tags,
  });
  return { network, cluster, objectStore };
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
  return { network, cluster, objectStore };
}
