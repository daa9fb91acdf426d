import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { AwsEncryption } from "../encryption/aws";
import { accessGroups, createAccess, type AwsAccess } from "./aws-access";
import type { AddonVersions } from "./aws-addon-versions";
import { createEarlyAddons, createLateAddons } from "./aws-addons";
import { createAutoscaler, createAutoscalerIdentity } from "./aws-autoscaler";
import { createContainerLogs } from "./aws-container-logs";
import { createPodIdentity } from "./aws-identity";
import { withRole } from "./aws-kubeconfig";
import { createNodeGroups, type AwsNodesArgs } from "./aws-nodes";
import { awsPolicyFacts } from "./aws-policy-facts";
import type { WorkloadIdentity } from "./identity";
import { Cluster, type AccessGroups, type IdentityArgs, type StorageClasses, type Toleration } from "./index";
import { createProvider, createStorageClass } from "./kubernetes";
import type { PolicyFacts } from "./policy-facts";

export interface AwsClusterArgs extends Omit<AwsNodesArgs, "volumesKeyArn"> {
  readonly encryption: AwsEncryption;
  readonly region: string;
  /** Kubernetes minor, such as "1.36". */
  readonly version: string;
  /** Versions of add-ons; those that are not named take the newest for the Kubernetes minor. */
  readonly addonVersions: AddonVersions;
  /** Ranges that may reach the API server from outside. */
  readonly apiServerCidrs: readonly string[];
  /** Addresses of Services; AWS can set it at creation only. */
  readonly serviceCidr: string;
  /** How long the logs of control plane and containers are kept, in days. */
  readonly logRetentionDays: number;
  /** Whether CloudWatch also gets the metrics of every pod and node; it charges for each of them. */
  readonly containerInsights: boolean;
  readonly access: AwsAccess;
  /** ARN of the role that the provider works as, where the AWS CLI is somebody else. */
  readonly deployerRole?: string | undefined;
  /** Tag of volumes by which backups find them. */
  readonly backupTag: { readonly key: string; readonly value: string };
  readonly deletionProtection: boolean;
}

/**
 * An EKS cluster: control plane with public and private endpoint, one managed node group to a zone in private subnets, the add-ons that pods
 * need, an autoscaler, and access by IAM alone.
 *
 * `eks.Cluster` makes the control plane and nothing else. Nodes, add-ons and access are plain resources, so that tests and policies see them.
 */
export class AwsCluster extends Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  readonly storageClasses: StorageClasses;
  readonly interruptibleTolerations: readonly Toleration[];
  readonly accessGroups: AccessGroups;
  readonly policyFacts: PolicyFacts;
  /** Versions of the add-ons as they are installed, by name: what the configuration can name from then on. */
  readonly addonVersions: pulumi.Output<Record<string, string>>;
  /** Names of the Auto Scaling groups behind the node groups. */
  readonly autoScalingGroups: readonly pulumi.Output<string>[];
  /** Names of the log groups of control plane and containers. */
  readonly logGroupNames: readonly pulumi.Output<string>[];

  private readonly controlPlane: eks.Cluster;

  constructor(
    private readonly name: string,
    private readonly args: AwsClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:aws:Cluster", name, {}, opts);
    this.clusterName = this.createName();
    const logGroup = this.createLogGroup();
    this.controlPlane = this.createControlPlane(logGroup);
    const access = createAccess(this, name, { ...args, clusterName: this.clusterName, cluster: this.controlPlane });
    // Identities need the cluster alone: they are there minutes before the first pod that uses one.
    const target = { clusterName: this.clusterName, cluster: this.controlPlane, region: args.region, tags: args.tags };
    const containerLogs = createContainerLogs(this, name, { ...args, ...target, logsKeyArn: args.encryption.logsKeyArn });
    const autoscaler = createAutoscalerIdentity(this, name, target);
    const { volumesKeyArn } = args.encryption;
    const addonArgs = { ...args, ...target, volumesKeyArn };
    const early = createEarlyAddons(this, name, addonArgs);
    const nodes = createNodeGroups(
      this,
      name,
      { ...args, volumesKeyArn },
      { clusterName: this.clusterName, version: args.version, dependsOn: [this.controlPlane, ...Object.values(early)] },
    );
    const addons = { ...early, ...createLateAddons(this, name, { ...addonArgs, containerLogs }, nodes.created) };

    this.kubeconfig = pulumi.secret(this.controlPlane.kubeconfigJson.apply((kubeconfig) => this.signedIn(kubeconfig)));
    this.provider = createProvider(this, name, { kubeconfig: this.kubeconfig, clusterIdentifier: this.clusterName }, [
      ...access,
      ...nodes.created,
      ...Object.values(addons),
    ]);
    this.storageClasses = this.createStorageClasses();
    createAutoscaler(this, name, { ...args, ...target, maxNodes: nodes.max, provider: this.provider, identity: autoscaler });

    this.interruptibleTolerations = nodes.interruptibleTolerations;
    this.accessGroups = accessGroups(args.access);
    this.policyFacts = awsPolicyFacts(args.network, args.serviceCidr);
    this.autoScalingGroups = nodes.autoScalingGroups;
    this.logGroupNames = [logGroup.name, ...containerLogs.logGroupNames];
    this.addonVersions = pulumi.all(Object.fromEntries(Object.entries(addons).map(([addon, { addonVersion }]) => [addon, addonVersion])));
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      storageClasses: this.storageClasses,
      addonVersions: this.addonVersions,
      autoScalingGroups: this.autoScalingGroups,
      logGroupNames: this.logGroupNames,
    });
  }

  /** A suffix that stays with the stack: EKS makes a deleted cluster's log group again, and a new cluster of that name would run into it. */
  private createName(): pulumi.Output<string> {
    const suffix = new random.RandomString(`${this.name}-suffix`, { length: 6, special: false, upper: false }, { parent: this });
    return pulumi.interpolate`${this.args.tags["project"] ?? this.name}-${this.args.tags["stack"] ?? ""}-${suffix.result}`;
  }

  /** EKS writes to a group of this very name, and makes it without retention or key where it does not exist. */
  private createLogGroup(): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${this.name}-logs`,
      {
        name: pulumi.interpolate`/aws/eks/${this.clusterName}/cluster`,
        retentionInDays: this.args.logRetentionDays,
        kmsKeyId: this.args.encryption.logsKeyArn,
        tags: this.tagged("logs"),
      },
      { parent: this },
    );
  }

  private createControlPlane(logGroup: aws.cloudwatch.LogGroup): eks.Cluster {
    const { network, encryption, version, apiServerCidrs, serviceCidr, deletionProtection, tags } = this.args;
    return new eks.Cluster(
      `${this.name}-eks`,
      {
        name: this.clusterName,
        version,
        vpcId: network.vpcId,
        publicSubnetIds: [...network.publicSubnetIds],
        privateSubnetIds: [...network.nodeSubnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: true,
        publicAccessCidrs: [...apiServerCidrs],
        kubernetesServiceIpAddressRange: serviceCidr,
        authenticationMode: eks.AuthenticationMode.Api,
        encryptionConfigKeyArn: encryption.secretsKeyArn,
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        deletionProtection,
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        // The component would make these add-ons itself, unpinned; they are `aws.eks.Addon`s of ours.
        bootstrapSelfManagedAddons: false,
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: { enabled: false },
        corednsAddonOptions: { enabled: false },
        tags: { ...tags, Name: `${this.name}-eks` },
      },
      { parent: this, dependsOn: [logGroup], protect: deletionProtection },
    );
  }

  /** https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md */
  private createStorageClasses(): StorageClasses {
    const provisioner = "ebs.csi.aws.com";
    const { backupTag, encryption } = this.args;
    const parameters = {
      type: "gp3",
      encrypted: "true",
      kmsKeyId: encryption.volumesKeyArn,
      tagSpecification_1: `${backupTag.key}=${backupTag.value}`,
    };
    const general = createStorageClass(this, `${this.name}-general-storage`, this.provider, {
      provisioner,
      name: "ebs-gp3",
      parameters: { ...parameters, "csi.storage.k8s.io/fstype": "ext4" },
      reclaimPolicy: "Delete",
      isDefault: true,
    });
    const database = createStorageClass(this, `${this.name}-database-storage`, this.provider, {
      provisioner,
      name: "mongodb-storage",
      // MongoDB advises XFS: https://www.mongodb.com/docs/manual/administration/production-notes/
      parameters: { ...parameters, "csi.storage.k8s.io/fstype": "xfs" },
      reclaimPolicy: "Retain",
      isDefault: false,
      // Nothing that the configuration can say changes its parameters; whatever does would take it from the database's volumes.
      protect: this.args.deletionProtection,
    });
    return { general, database };
  }

  /** A role that pods of one service account assume through the Pod Identity agent. */
  override grantIdentity(name: string, { namespace, serviceAccount, permissions }: IdentityArgs): WorkloadIdentity {
    const statements = permissions.flatMap((granted) => {
      if (granted.kind !== "iam")
        throw new pulumi.ResourceError(`${name}: a cluster on AWS cannot grant permissions of kind ${granted.kind}`, this);
      return granted.statements;
    });
    const { role, ready } = createPodIdentity(this, `${this.name}-${name}`, {
      clusterName: this.clusterName,
      cluster: this.controlPlane,
      namespace,
      serviceAccount,
      statements,
      tags: this.args.tags,
    });
    return { annotations: {}, podLabels: {}, id: role.arn, ready };
  }

  /** The kubeconfig for whoever made the cluster. */
  private signedIn(kubeconfig: string): string {
    const { deployerRole } = this.args;
    return deployerRole === undefined ? kubeconfig : withRole(kubeconfig, deployerRole);
  }

  private tagged(suffix: string): Record<string, string> {
    return { ...this.args.tags, Name: `${this.name}-${suffix}` };
  }
}
