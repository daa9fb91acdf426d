/** The custom resources of the sample: a database for the Percona operator, monitoring for the Prometheus operator. */
import type { JsonObject, Manifest } from "./json";
import { namespaceName, restrictedContainer } from "./sample-graph";

const memberSecurity = { ...restrictedContainer, runAsUser: 1001 };

export const storageClass: Manifest = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "mongodb-storage" },
  provisioner: "ebs.csi.aws.com",
  parameters: { type: "gp3", encrypted: "true", "csi.storage.k8s.io/fstype": "xfs" },
  reclaimPolicy: "Retain",
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

/** Three members in three zones, with the security contexts that `restricted` asks for and limits that a quota asks for. */
export function database(replicaSet: JsonObject = {}): Manifest {
  return {
    apiVersion: "psmdb.percona.com/v1",
    kind: "PerconaServerMongoDB",
    metadata: { name: "rc-mongo", namespace: namespaceName, finalizers: ["percona.com/delete-psmdb-pods-in-order"] },
    spec: {
      crVersion: "1.22.0",
      image: "percona/percona-server-mongodb:8.0.19-7",
      imagePullPolicy: "IfNotPresent",
      updateStrategy: "SmartUpdate",
      upgradeOptions: { apply: "disabled" },
      secrets: { users: "rc-mongo-secrets" },
      tls: { mode: "requireTLS" },
      initContainerSecurityContext: memberSecurity,
      replsets: [
        {
          name: "rs0",
          size: 3,
          configuration: "net:\n  tls:\n    allowConnectionsWithoutCertificates: true\n",
          affinity: { antiAffinityTopologyKey: "topology.kubernetes.io/zone" },
          podDisruptionBudget: { maxUnavailable: 1 },
          resources: { requests: { cpu: "300m", memory: "1Gi" }, limits: { memory: "1Gi" } },
          podSecurityContext: { fsGroup: 1001, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containerSecurityContext: memberSecurity,
          volumeSpec: { persistentVolumeClaim: { storageClassName: "mongodb-storage", resources: { requests: { storage: "20Gi" } } } },
          ...replicaSet,
        },
      ],
      sharding: { enabled: false },
      backup: {
        enabled: true,
        image: "percona/percona-backup-mongodb:2.12.0",
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
        containerSecurityContext: memberSecurity,
        storages: { main: { main: true, type: "s3", s3: { bucket: "backups", region: "us-east-1", prefix: "rc" } } },
        pitr: { enabled: true, oplogSpanMin: 10, compressionType: "gzip" },
        tasks: [{ name: "daily", enabled: true, schedule: "0 2 * * *", storageName: "main", type: "logical", compressionType: "gzip" }],
      },
    },
  };
}

/** Every system user's password comes from the program, not from the operator. */
export const databaseUsers: Manifest = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "rc-mongo-secrets", namespace: namespaceName },
  stringData: Object.fromEntries(
    ["BACKUP", "CLUSTER_ADMIN", "CLUSTER_MONITOR", "DATABASE_ADMIN", "USER_ADMIN"].flatMap((role) => [
      [`MONGODB_${role}_USER`, role.toLowerCase()],
      [`MONGODB_${role}_PASSWORD`, "[secret]"],
    ]),
  ),
};

export const prometheus: Manifest = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "Prometheus",
  metadata: { name: "kps", namespace: namespaceName },
  spec: {
    replicas: 1,
    retention: "15d",
    serviceMonitorSelector: {},
    ruleSelector: {},
    resources: { requests: { cpu: "100m", memory: "400Mi" }, limits: { memory: "800Mi" } },
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 2000, seccompProfile: { type: "RuntimeDefault" } },
    storage: { volumeClaimTemplate: { spec: { storageClassName: "mongodb-storage", resources: { requests: { storage: "10Gi" } } } } },
  },
};

export const serviceMonitor: Manifest = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  metadata: { name: "rocketchat", namespace: namespaceName },
  spec: { selector: { matchLabels: { "app.kubernetes.io/name": "rocketchat" } }, endpoints: [{ port: "metrics", interval: "30s" }] },
};

/** @param expression PromQL, judged by the operator's own parser. */
export function rule(name: string, expression: string): Manifest {
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace: namespaceName },
    spec: { groups: [{ name, rules: [{ alert: "Sample", expr: expression, for: "5m", labels: { severity: "warning" } }] }] },
  };
}
