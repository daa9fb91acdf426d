import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import type { BackupStore } from "../../object-store";
import { fingerprint, type Keys } from "./keys";
import { chatDatabase, labels, secretNames } from "./names";

/**
 * Accounts that the operator makes for itself and its tools, by the names that it gives them, with the part of its variables that stands for each:
 * https://docs.percona.com/percona-operator-for-mongodb/system-users.html
 */
const systemUsers = {
  BACKUP: "backup",
  CLUSTER_ADMIN: "clusterAdmin",
  CLUSTER_MONITOR: "clusterMonitor",
  DATABASE_ADMIN: "databaseAdmin",
  USER_ADMIN: "userAdmin",
} as const;

export interface CredentialsArgs {
  readonly namespace: pulumi.Output<string>;
  readonly keys: Keys;
  readonly backups: BackupStore;
  /** Whether the encryption key refuses to be deleted. */
  readonly protect: boolean;
}

export interface Credentials {
  /** Secret. */
  readonly chatPassword: pulumi.Output<string>;
  /** Changes with the password of the metrics' account. */
  readonly monitorFingerprint: pulumi.Output<string>;
  /** What must exist before the operator looks for it: it makes up what it misses. */
  readonly secrets: readonly k8s.core.v1.Secret[];
}

export function createCredentials(parent: pulumi.Resource, name: string, args: CredentialsArgs): Credentials {
  const { namespace, keys, backups, protect } = args;
  const secret = (
    suffix: string,
    object: string,
    stringData: Record<string, pulumi.Output<string>>,
    opts: { readonly immutable: boolean } = { immutable: false },
  ): k8s.core.v1.Secret =>
    new k8s.core.v1.Secret(
      `${name}-${suffix}`,
      { metadata: { name: object, namespace, labels }, stringData, ...(opts.immutable ? { immutable: true } : {}) },
      { parent, ...(opts.immutable ? { protect } : {}) },
    );

  const chatPassword = keys.passwordOf(chatDatabase);
  const secrets = [
    secret("system-users", secretNames.systemUsers, systemUserData(keys)),
    // Immutable, so that another key is a replacement, which its protection refuses: volumes cannot be read with it.
    secret("encryption-key", secretNames.encryptionKey, { "encryption-key": keys.encryptionKey }, { immutable: true }),
    secret("chat-user", secretNames.chatUser, { password: chatPassword }),
    ...(backups.kind === "blob"
      ? [
          secret("backup-store", secretNames.backupStore, {
            AZURE_STORAGE_ACCOUNT_NAME: backups.account,
            AZURE_STORAGE_ACCOUNT_KEY: pulumi.secret(backups.key),
          }),
        ]
      : []),
  ];
  const monitorFingerprint = pulumi.unsecret(keys.passwordOf(systemUsers.CLUSTER_MONITOR).apply(fingerprint));
  return { chatPassword, monitorFingerprint, secrets };
}

function systemUserData(keys: Keys): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(systemUsers).flatMap(([variable, user]) => [
      [`MONGODB_${variable}_USER`, pulumi.output(user)],
      [`MONGODB_${variable}_PASSWORD`, keys.passwordOf(user)],
    ]),
  );
}
