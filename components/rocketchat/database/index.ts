import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { WorkloadIdentity } from "../../cluster";
import type { BackupStore } from "../../object-store";
import { connectionString } from "./address";
import { createFirstBackup } from "./backup";
import { createCertificates } from "./certificates";
import { createCluster } from "./cluster";
import { createCredentials } from "./credentials";
import { createKeys } from "./keys";
import { databasePlacement, labels, secretNames } from "./names";
import { createOperator } from "./operator";

export { authorityFolder } from "./address";
export { authorityItem, databasePlacement, databasePods, databasePorts, operatorPods } from "./names";

/** What a stack decides of its database. */
export interface DatabaseSettings {
  /** Each in a zone of its own; 1 survives no node. It can grow, never shrink. */
  readonly members: 1 | 3;
  /** Volume of each member; it can grow, never shrink. */
  readonly storageGiB: number;
  /** Percona Server for MongoDB, the tag of its image, such as `8.0.19-7`. */
  readonly version: string;
  /** How long daily backups are kept. */
  readonly backup: { readonly retentionDays: number };
  /** Another one gives every account a new password. */
  readonly passwordRevision: number;
  /** Key of another stack whose data this one restores: 64 letters and digits, secret. @default one of its own */
  readonly masterKey?: pulumi.Output<string> | undefined;
}

export interface DatabaseArgs extends DatabaseSettings {
  readonly namespace: pulumi.Output<string>;
  readonly storageClass: pulumi.Input<string>;
  readonly backups: BackupStore;
  /** Of the two service accounts, database before operator, where the store is opened by identity; otherwise empty. */
  readonly identities: readonly WorkloadIdentity[];
  /** What must exist before certificates can be asked for, and before pods may speak. */
  readonly ready: readonly pulumi.Resource[];
  /** Whether what cannot be made again refuses to be deleted. */
  readonly protect: boolean;
}

/**
 * MongoDB for the chat: a replica set by Percona's operator, one member in each zone, encrypted at rest and in transit, backed up to the object
 * store so that any moment can be restored.
 *
 * Keys and passwords follow from one master key, which is all that has to be kept elsewhere to read a backup.
 */
export class Database extends pulumi.ComponentResource {
  /** How the chat signs in. Secret. */
  readonly connectionString: pulumi.Output<string>;
  /** Secret whose item `ca.crt`, and no other, the chat mounts: with the rest it would be a member of the replica set. */
  readonly caSecret: pulumi.Output<string>;
  /** Secret; keep a copy outside of the cluster. */
  readonly masterKey: pulumi.Output<string>;
  /** What a client has to wait for. */
  readonly ready: readonly pulumi.Resource[];

  constructor(
    private readonly name: string,
    private readonly args: DatabaseArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("rocketchat:index:Database", name, {}, opts);
    const { namespace, members, masterKey, passwordRevision, backups, protect, ready } = args;
    const [identity, operatorIdentity] = args.identities;
    const keys = createKeys(this, name, { masterKey, passwordRevision, protect });
    const credentials = createCredentials(this, name, { namespace, keys, backups, protect });
    const certificates = createCertificates(this, name, { namespace, ready });
    const operator = createOperator(this, name, { namespace, identity: operatorIdentity, ready, protect });
    const serviceAccount = this.createServiceAccount(identity);
    const priorityClass = this.createPriorityClass();
    const cluster = createCluster(this, name, {
      ...args,
      retentionDays: args.backup.retentionDays,
      podLabels: identity?.podLabels ?? {},
      priorityClass: priorityClass.metadata.name,
      monitorFingerprint: credentials.monitorFingerprint,
      dependsOn: [...ready, operator, ...certificates, ...credentials.secrets, serviceAccount, ...(identity?.ready ?? [])],
    });
    createFirstBackup(this, name, namespace, cluster);

    this.connectionString = connectionString({ namespace, members }, credentials.chatPassword);
    this.caSecret = pulumi.output(secretNames.server);
    this.masterKey = keys.masterKey;
    this.ready = [cluster];
    this.registerOutputs({ connectionString: this.connectionString, caSecret: this.caSecret, masterKey: this.masterKey });
  }

  private createServiceAccount(identity: WorkloadIdentity | undefined): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      `${this.name}-service-account`,
      {
        metadata: {
          name: databasePlacement.serviceAccount,
          namespace: this.args.namespace,
          labels,
          annotations: identity?.annotations ?? {},
        },
        // mongod never calls the Kubernetes API; a token for the cloud is a volume of its own.
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
  }

  /** Above the chat, which is nothing without its database. */
  private createPriorityClass(): k8s.scheduling.v1.PriorityClass {
    return new k8s.scheduling.v1.PriorityClass(
      `${this.name}-priority`,
      { metadata: { name: "rocketchat-database", labels }, value: 1_000_000, description: "Members of the chat's database" },
      { parent: this },
    );
  }
}
