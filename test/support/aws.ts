import { AwsCluster, type AwsClusterArgs } from "../../components/cluster/aws";
import { AwsEncryption, type AwsEncryptionArgs } from "../../components/encryption/aws";
import { AwsNetwork, type AwsNetworkArgs } from "../../components/network/aws";
import type { NewVpc } from "../../components/network/aws-vpc";
import { AwsObjectStore, type AwsObjectStoreArgs } from "../../components/object-store/aws";

/** The components of a stack on AWS with the architecture's values, changed as a test asks. */

export const region = "eu-central-1";
export const tags = { project: "rocketchat", stack: "test", "managed-by": "pulumi" };
/** Key of log groups, for a network that stands alone. */
export const logsKeyArn = "arn:aws:kms:eu-central-1:999999999999:key/logs";

/** A resource's tags: those of the stack, and its own name. */
export const tagged = (name: string): Record<string, string> => ({ ...tags, Name: name });

export const awsEncryption = (change: Partial<AwsEncryptionArgs> = {}): AwsEncryption =>
  new AwsEncryption("encryption", { region, tags, protect: true, ...change });

export const awsNetwork = (change: Partial<AwsNetworkArgs> = {}): AwsNetwork =>
  new AwsNetwork("network", {
    vpc: newVpc(),
    logsKeyArn,
    region,
    protect: true,
    tags,
    ...change,
  });

/** A VPC of the program's own. */
export const newVpc = (change: Partial<NewVpc> = {}): { create: NewVpc } => ({
  create: {
    cidr: "10.0.0.0/16",
    zones: ["a", "b", "c"].map((letter) => `${region}${letter}`),
    zonesWereChosen: true,
    natGateways: "per-zone",
    flowLogRetentionDays: 90,
    ...change,
  },
});

export const awsCluster = (change: Partial<AwsClusterArgs> = {}): AwsCluster =>
  new AwsCluster("cluster", {
    network: change.network ?? awsNetwork(),
    encryption: change.encryption ?? awsEncryption(),
    region,
    version: "1.36",
    addonVersions: {},
    apiServerCidrs: ["198.18.7.0/24"],
    serviceCidr: "172.20.0.0/16",
    logRetentionDays: 90,
    containerInsights: false,
    backupTag: { key: "rocketchat-backup", value: "test" },
    nodes: { size: "t3.medium", min: 3, max: 4, diskGiB: 30 },
    access: { admins: [], viewers: [] },
    deletionProtection: true,
    tags,
    ...change,
  });

export const awsObjectStore = (change: Partial<AwsObjectStoreArgs> = {}): AwsObjectStore =>
  new AwsObjectStore("store", {
    encryption: change.encryption ?? awsEncryption(),
    region,
    uploadVersionDays: 90,
    protect: true,
    tags,
    ...change,
  });
