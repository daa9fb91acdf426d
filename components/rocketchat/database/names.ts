/** Service accounts of the database: whoever gives them an identity needs their names before they exist. */
export const databasePlacement = { serviceAccount: "rocketchat-db", operatorServiceAccount: "psmdb-operator" } as const;

/** Name of the custom resource; the operator names everything that it makes after it. */
export const clusterName = "rocketchat-db";
export const replicaSet = "rs0";

/** The headless Service of the members: https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/pkg/psmdb/service.go */
export const memberService = `${clusterName}-${replicaSet}`;

/** Secrets, by what they hold. The operator would make each of them itself if it were missing, and its own are lost with the namespace. */
export const secretNames = {
  systemUsers: `${clusterName}-secrets`,
  encryptionKey: `${clusterName}-mongodb-encryption-key`,
  /** Certificate that a member shows to clients. */
  server: `${clusterName}-ssl`,
  /** Certificate by which the members know each other. */
  internal: `${clusterName}-ssl-internal`,
  authority: `${clusterName}-ca`,
  chatUser: `${clusterName}-chat-user`,
  backupStore: `${clusterName}-backup-store`,
} as const;

/** Item of the certificates' Secrets that holds the authority, and nothing secret. */
export const authorityItem = "ca.crt";

/** The chat's account, which is called like the one database that it may write to. */
export const chatDatabase = "rocketchat";

export const labels = { "app.kubernetes.io/name": clusterName, "app.kubernetes.io/managed-by": "pulumi" } as const;

/**
 * Labels of the members' pods, as the operator sets them:
 * https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/pkg/naming/labels.go
 */
export const databasePods = {
  "app.kubernetes.io/name": "percona-server-mongodb",
  "app.kubernetes.io/instance": clusterName,
  "app.kubernetes.io/component": "mongod",
} as const;

/** Labels of the operator's pod, as its chart sets them. */
export const operatorPods = { "app.kubernetes.io/name": "psmdb-operator", "app.kubernetes.io/instance": "psmdb-operator" } as const;

/** Ports of the members' pods: the database itself, and its metrics. */
export const databasePorts = { mongod: 27017, exporter: 9216 } as const;
