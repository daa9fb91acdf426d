import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { AccessGroups, PolicyFacts, Toleration, WorkloadIdentity } from "../cluster";
import type { Publication, PublishedService } from "../load-balancer";
import { createNamespace } from "../namespace";
import type { BackupStore, UploadStore } from "../object-store";
import { createAccess } from "./access";
import { createAutoscaling } from "./autoscaling";
import { createConfiguration, type Configuration } from "./configuration";
import { Database, type DatabaseSettings } from "./database";
import { placement } from "./identities";
import { createIngress } from "./ingress";
import { labels } from "./labels";
import { createChatPolicies } from "./network-policies";
import { createQuota, podCounts } from "./quota";
import { createService } from "./service";
import { ports, urlOf, type MailServer, type Telemetry } from "./settings";
import { timing } from "./timing";
import { mountUploads } from "./uploads";
import { createDeployment } from "./workload";

export { grantIdentities } from "./identities";

/**
 * What a load balancer has to know of the chat before it exists. `/api/info` is the one path of the kind that needs no account, stands outside the
 * limit of calls, and outlived `/api/v1/info`: https://github.com/RocketChat/Rocket.Chat/pull/23162
 */
export const published: PublishedService = {
  namespace: placement.namespace,
  name: "rocketchat",
  port: ports.http,
  healthCheckPath: "/api/info",
  drainSeconds: timing.deregistration,
};

export interface RocketChatAppArgs {
  /** Name under which people reach the chat. */
  readonly domain: string;
  /** Rocket.Chat release, the tag of its image. It never goes back to an older line. */
  readonly version: string;
  /** Bounds of the horizontal autoscaler, in pods. */
  readonly replicas: { readonly min: number; readonly max: number };
  /** With `none` there is one pod, and no autoscaler: messages would not reach people on another. */
  readonly licence: {
    readonly source: "registration" | "secret" | "none";
    readonly registrationToken?: pulumi.Output<string> | undefined;
    readonly key?: pulumi.Output<string> | undefined;
  };
  /** The administrator that the first start creates. */
  readonly admin: { readonly username: string; readonly email: string };
  /** @default no mail is sent */
  readonly smtp?: MailServer | undefined;
  readonly maxFileSizeMiB: number;
  readonly database: DatabaseSettings;
  /** Where backups of the database go, and who reaches them: its own account, then its operator's; nobody where a key opens the store. */
  readonly backups: BackupStore;
  readonly databaseIdentities: readonly WorkloadIdentity[];
  /** Class of the database's volumes. */
  readonly storageClass: pulumi.Input<string>;
  /** What must exist before a certificate can be asked for. */
  readonly certificatesReady: readonly pulumi.Resource[];
  /** Where uploads lie, and the identity that reaches them. */
  readonly uploads: UploadStore;
  readonly identity: WorkloadIdentity;
  readonly policyFacts: PolicyFacts;
  /** Who works in the namespace, and who may look at it. */
  readonly accessGroups: AccessGroups;
  readonly telemetry: Telemetry;
  /** Whether namespace, Ingress and data refuse to be deleted. */
  readonly protect: boolean;
  /** What the pods tolerate to run on capacity that the cloud may take back. */
  readonly tolerations: readonly Toleration[];
  /** @default the chat is reached inside the cluster only */
  readonly publication?: Publication | undefined;
}

/**
 * Rocket.Chat and its database on any cluster, in one namespace that admits only restricted pods, has bounds, and lets through the connections that
 * are named. The number of the chat's pods is the autoscaler's.
 */
export class RocketChatApp extends pulumi.ComponentResource {
  readonly url: string;
  readonly namespace: pulumi.Output<string>;
  /** Service in front of the pods. */
  readonly serviceName: pulumi.Output<string>;
  /** Secret; counts until the administrator changes it. */
  readonly adminPassword: pulumi.Output<string>;
  /** Secret; reads the database and its backups, so that a copy belongs outside of the cluster. */
  readonly databaseMasterKey: pulumi.Output<string>;
  /** Host name or IP address that the chat's Ingress was given; undefined where it has none. */
  readonly address: pulumi.Output<string> | undefined;

  constructor(
    private readonly name: string,
    private readonly args: RocketChatAppArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:index:RocketChatApp", name, {}, opts);
    this.url = urlOf(args.domain);
    const namespace = createNamespace(this, `${name}-namespace`, {
      namespace: placement.namespace,
      podSecurity: "restricted",
      labels: { ...labels, ...args.publication?.namespaceLabels },
      protect: args.protect,
    });
    this.namespace = namespace.metadata.name;
    createAccess(this, name, { namespace: this.namespace, groups: args.accessGroups });
    const bounds = [...this.createQuota(), ...this.createPolicies()];
    const database = this.createDatabase(bounds);
    const configuration = createConfiguration(this, name, { ...args, namespace: this.namespace, database });
    const deployment = this.createDeployment(configuration, database, bounds);
    const service = createService(this, name, { namespace: this.namespace, publication: args.publication, deployment });
    const autoscale = args.licence.source !== "none";
    createAutoscaling(this, name, { namespace: this.namespace, deployment, replicas: args.replicas, autoscale });
    this.address = this.publish(service, deployment);

    this.serviceName = service.metadata.name;
    this.adminPassword = configuration.adminPassword;
    this.databaseMasterKey = database.masterKey;
    this.registerOutputs({
      url: this.url,
      namespace: this.namespace,
      serviceName: this.serviceName,
      adminPassword: this.adminPassword,
      databaseMasterKey: this.databaseMasterKey,
      ...(this.address === undefined ? {} : { address: this.address }),
    });
  }

  private createQuota(): pulumi.Resource[] {
    const { replicas, database, publication } = this.args;
    return createQuota(this, this.name, {
      namespace: this.namespace,
      counts: podCounts(replicas.max, database.members),
      loadBalancers: publication?.service.type === "LoadBalancer" ? 1 : 0,
    });
  }

  private createPolicies(): pulumi.Resource[] {
    return createChatPolicies(this, this.name, { ...this.args, namespace: this.namespace });
  }

  private createDatabase(bounds: readonly pulumi.Resource[]): Database {
    const { database, backups, databaseIdentities, storageClass, certificatesReady, protect } = this.args;
    return new Database(
      `${this.name}-database`,
      {
        ...database,
        namespace: this.namespace,
        storageClass,
        backups,
        identities: databaseIdentities,
        ready: [...certificatesReady, ...bounds],
        protect,
      },
      { parent: this },
    );
  }

  private createDeployment(configuration: Configuration, database: Database, bounds: readonly pulumi.Resource[]): k8s.apps.v1.Deployment {
    const { name, args } = this;
    return createDeployment(this, name, {
      ...configuration,
      namespace: this.namespace,
      version: args.version,
      identity: args.identity,
      authoritySecret: database.caSecret,
      uploads: mountUploads(this, name, this.namespace, args),
      tolerations: args.tolerations,
      maxReplicas: args.replicas.max,
      ...(args.licence.source === "none" ? { replicas: 1 } : {}),
      dependsOn: [...database.ready, ...bounds],
    });
  }

  private publish(service: k8s.core.v1.Service, deployment: k8s.apps.v1.Deployment): pulumi.Output<string> | undefined {
    const { domain, protect, publication } = this.args;
    if (publication?.ingress === undefined) return undefined;
    return createIngress(this, this.name, {
      name: published.name,
      namespace: this.namespace,
      domain,
      service,
      ingress: publication.ingress,
      protect,
      dependsOn: [...publication.ready, deployment],
    });
  }
}
