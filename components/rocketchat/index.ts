import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import type { Toleration, WorkloadIdentity } from "../cluster";
import type { Publication, PublishedService } from "../load-balancer";
import { createNamespace } from "../namespace";
import type { UploadStore } from "../object-store";
import { createAutoscaling } from "./autoscaling";
import { createIngress } from "./ingress";
import { connectionString } from "./mongodb";
import { environment, ports } from "./settings";
import { mountUploads } from "./uploads";
import { createDeployment, createService, drainSeconds, labels } from "./workload";

/** Namespace and service account of the chat: whoever gives it an identity needs them before it exists. */
export const placement = { namespace: "rocketchat", serviceAccount: "rocketchat" } as const;

/**
 * What a load balancer has to know of the chat before it exists. `/api/info` is the one path of the kind that needs no account, stands outside the
 * limit of calls, and outlived `/api/v1/info`: https://github.com/RocketChat/Rocket.Chat/pull/23162
 */
export const published: PublishedService = {
  namespace: placement.namespace,
  name: "rocketchat",
  port: ports.http,
  healthCheckPath: "/api/info",
  drainSeconds,
};

export interface RocketChatAppArgs {
  /** Name under which people reach the chat. */
  readonly domain: string;
  /** Rocket.Chat release, the tag of its image. */
  readonly version: string;
  /** Bounds of the horizontal autoscaler, in pods. */
  readonly replicas: { readonly min: number; readonly max: number };
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
  /** Members of the database's replica set. */
  readonly databaseMembers: number;
  /** Where uploads lie, and the identity that reaches them. */
  readonly uploads: UploadStore;
  readonly identity: WorkloadIdentity;
  /** Whether the namespace refuses to be deleted. */
  readonly protect: boolean;
  /** What the pods tolerate to run on capacity that the cloud may take back. */
  readonly tolerations: readonly Toleration[];
  /** @default the chat is reached inside the cluster only */
  readonly publication?: Publication | undefined;
}

/** A mail server and how to sign in to it. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly username?: string | undefined;
  readonly password?: pulumi.Output<string> | undefined;
}

/**
 * Rocket.Chat on any cluster: a namespace that admits only restricted pods, settings, credentials, and a Deployment whose number of pods is the
 * autoscaler's.
 */
export class RocketChatApp extends pulumi.ComponentResource {
  readonly url: string;
  readonly namespace: pulumi.Output<string>;
  /** Service in front of the pods. */
  readonly serviceName: pulumi.Output<string>;
  /** Secret; counts until the administrator changes it. */
  readonly adminPassword: pulumi.Output<string>;
  /** Host name or IP address that the chat's Ingress was given; undefined where it has none. */
  readonly address: pulumi.Output<string> | undefined;

  constructor(
    private readonly name: string,
    private readonly args: RocketChatAppArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:index:RocketChatApp", name, {}, opts);
    this.url = `https://${args.domain}`;
    const namespace = createNamespace(this, `${name}-namespace`, {
      namespace: placement.namespace,
      podSecurity: "restricted",
      labels: { ...labels, ...args.publication?.namespaceLabels },
      protect: args.protect,
    });
    this.namespace = namespace.metadata.name;
    const serviceAccount = this.createServiceAccount();
    const adminPassword = this.createPassword("admin");
    const uploads = mountUploads(this, name, this.namespace, args);
    const deployment = createDeployment(this, name, {
      namespace: this.namespace,
      version: args.version,
      serviceAccountName: serviceAccount.metadata.name,
      podLabels: args.identity.podLabels,
      settings: this.createSettings(),
      credentials: this.createCredentials(adminPassword.result),
      uploads,
      tolerations: args.tolerations,
      // Several replicas are the autoscaler's business; without a licence there is one, and no autoscaler.
      ...(args.licence.source === "none" ? { replicas: 1 } : {}),
      dependsOn: args.identity.ready,
    });
    const service = createService(this, name, { namespace: this.namespace, publication: args.publication, deployment });
    createAutoscaling(this, name, {
      namespace: this.namespace,
      deployment,
      replicas: args.replicas,
      autoscale: args.licence.source !== "none",
    });
    this.address = this.publish(service, deployment);

    this.serviceName = service.metadata.name;
    this.adminPassword = adminPassword.result;
    this.registerOutputs({
      url: this.url,
      namespace: this.namespace,
      serviceName: this.serviceName,
      adminPassword: this.adminPassword,
      ...(this.address === undefined ? {} : { address: this.address }),
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

  private createServiceAccount(): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      `${this.name}-service-account`,
      {
        metadata: { name: placement.serviceAccount, namespace: this.namespace, labels, annotations: this.args.identity.annotations },
        // The chat never calls the Kubernetes API.
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
  }

  private createPassword(whose: string): random.RandomPassword {
    return new random.RandomPassword(`${this.name}-${whose}-password`, { length: 32, special: false }, { parent: this });
  }

  private createSettings(): k8s.core.v1.ConfigMap {
    const { admin, uploads, maxFileSizeMiB, smtp, publication } = this.args;
    return new k8s.core.v1.ConfigMap(
      `${this.name}-settings`,
      {
        metadata: { name: "rocketchat-settings", namespace: this.namespace, labels },
        data: {
          ...environment(this.url, uploads, maxFileSizeMiB),
          ADMIN_USERNAME: admin.username,
          ADMIN_NAME: admin.username,
          ADMIN_EMAIL: admin.email,
          ADMIN_EMAIL_VERIFIED: "true",
          ...(uploads.kind === "s3" ? { OVERWRITE_SETTING_FileUpload_S3_Bucket: uploads.bucket } : {}),
          ...(smtp === undefined ? {} : { OVERWRITE_SETTING_From_Email: smtp.from }),
          // One WebSocket is one connection, and stays with its pod. What a browser falls back to is many, which mean something to one pod only:
          // https://github.com/RocketChat/Rocket.Chat/issues/27256. So there is no falling back where they would be scattered.
          ...(publication?.stickySessions === false ? { DISABLE_SOCKJS: "1" } : {}),
        },
      },
      { parent: this },
    );
  }

  private createCredentials(adminPassword: pulumi.Output<string>): k8s.core.v1.Secret {
    const { licence, smtp, databaseMembers } = this.args;
    const databasePassword = this.createPassword("database").result;
    const address = {
      cluster: "rocketchat-db",
      namespace: placement.namespace,
      members: databaseMembers,
      caFile: "/etc/mongodb-ca/ca.crt",
    };
    return new k8s.core.v1.Secret(
      `${this.name}-credentials`,
      {
        metadata: { name: "rocketchat-credentials", namespace: this.namespace, labels },
        stringData: {
          MONGO_URL: connectionString(address, databasePassword),
          ADMIN_PASS: adminPassword,
          ...(licence.registrationToken === undefined ? {} : { REG_TOKEN: licence.registrationToken }),
          ...(licence.key === undefined ? {} : { ROCKETCHAT_LICENSE: licence.key }),
          ...(smtp === undefined ? {} : { MAIL_URL: mailUrl(smtp) }),
        },
      },
      { parent: this },
    );
  }
}

/** `smtp://user:password@host:port`, or without an account. On port 465 TLS comes before anything is said, and only the scheme tells the client. */
function mailUrl({ host, port, username, password }: MailServer): pulumi.Output<string> {
  const scheme = port === 465 ? "smtps" : "smtp";
  return pulumi.secret(
    pulumi.output(password).apply((plain) => {
      const account = username === undefined || plain === undefined ? "" : `${encodeURIComponent(username)}:${encodeURIComponent(plain)}@`;
      return `${scheme}://${account}${host}:${port}`;
    }),
  );
}
