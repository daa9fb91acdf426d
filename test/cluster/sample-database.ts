/** The custom resources of the sample: a database for the Percona operator, monitoring for the Prometheus operator. */
import type { JsonObject, Manifest } from "./json";
import { namespaceName, resource, restrictedContainer } from "./sample-graph";

const memberSecurity = { ...restrictedContainer, runAsUser: 1001 };
const databaseName = "rocketchat-db";
const databasePriority = "rocketchat-database";
const chatPassword = "stand-in";

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
    metadata: {
      name: databaseName,
      namespace: namespaceName,
      annotations: { "pulumi.com/patchForce": "true" },
      finalizers: ["percona.com/delete-psmdb-pods-in-order"],
    },
    spec: {
      crVersion: "1.22.0",
      image: "percona/percona-server-mongodb:8.0.19-7",
      imagePullPolicy: "IfNotPresent",
      updateStrategy: "SmartUpdate",
      upgradeOptions: { apply: "disabled" },
      secrets: {
        users: `${databaseName}-secrets`,
        encryptionKey: `${databaseName}-mongodb-encryption-key`,
        ssl: `${databaseName}-ssl`,
        sslInternal: `${databaseName}-ssl-internal`,
      },
      tls: { mode: "requireTLS" },
      storageScaling: { enableVolumeScaling: true },
      initContainerSecurityContext: memberSecurity,
      replsets: [
        {
          name: "rs0",
          size: 3,
          configuration: "net:\n  tls:\n    allowConnectionsWithoutCertificates: true\n",
          serviceAccountName: databaseName,
          priorityClassName: databasePriority,
          affinity: { antiAffinityTopologyKey: "topology.kubernetes.io/zone" },
          podDisruptionBudget: { maxUnavailable: 1 },
          resources: { requests: { cpu: "250m", memory: "768Mi" }, limits: { memory: "1Gi" } },
          podSecurityContext: { fsGroup: 1001, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          containerSecurityContext: memberSecurity,
          volumeSpec: { persistentVolumeClaim: { storageClassName: "mongodb-storage", resources: { requests: { storage: "20Gi" } } } },
          sidecars: [exporter],
          ...replicaSet,
        },
      ],
      sharding: { enabled: false },
      users: [
        {
          name: "rocketchat",
          db: "admin",
          passwordSecretRef: { name: `${databaseName}-chat-user`, key: "password" },
          roles: [{ name: "readWrite", db: "rocketchat" }],
        },
      ],
      backup: {
        enabled: true,
        image: "percona/percona-backup-mongodb:2.12.0",
        resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
        containerSecurityContext: memberSecurity,
        storages: { main: { main: true, type: "s3", s3: { bucket: "backups", region: "us-east-1", prefix: databaseName } } },
        pitr: { enabled: true, oplogSpanMin: 10, compressionType: "gzip" },
        tasks: [{ name: "daily", enabled: true, schedule: "0 2 * * *", storageName: "main", type: "logical", compressionType: "gzip" }],
      },
    },
  };
}

const exporter: JsonObject = {
  name: "exporter",
  image: "percona/mongodb_exporter:0.53.0",
  env: [
    {
      name: "MONITOR_USER",
      valueFrom: { secretKeyRef: { name: `internal-${databaseName}-users`, key: "MONGODB_CLUSTER_MONITOR_USER_ESCAPED" } },
    },
  ],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "96Mi" } },
  securityContext: memberSecurity,
};

/** What a database needs before it: its Secrets, its account, its rank. */
export const databaseNeeds: readonly Manifest[] = [
  // Every system user's password comes from the program, not from the operator.
  databaseSecret(
    "secrets",
    Object.fromEntries(
      ["BACKUP", "CLUSTER_ADMIN", "CLUSTER_MONITOR", "DATABASE_ADMIN", "USER_ADMIN"].flatMap((role) => [
        [`MONGODB_${role}_USER`, role.toLowerCase()],
        [`MONGODB_${role}_PASSWORD`, "[secret]"],
      ]),
    ),
  ),
  databaseSecret("mongodb-encryption-key", { "encryption-key": Buffer.alloc(32).toString("base64") }),
  databaseSecret("chat-user", { password: chatPassword }),
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: databaseName, namespace: namespaceName } },
  { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: databasePriority }, value: 1_000_000 },
];

function databaseSecret(suffix: string, stringData: JsonObject): Manifest {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: `${databaseName}-${suffix}`, namespace: namespaceName }, stringData };
}

/** The chat's connection string. @param host of every member, after its number. */
export function connection(host = `${databaseName}-rs0.${namespaceName}.svc.cluster.local`): Manifest {
  const hosts = [0, 1, 2].map((member) => `${databaseName}-rs0-${member}.${host}:27017`);
  const uri = `mongodb://rocketchat:${chatPassword}@${hosts.join(",")}/rocketchat?authSource=admin&replicaSet=rs0&tls=true`;
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "connection", namespace: namespaceName }, stringData: { MONGO_URL: uri } };
}

function certManagerObject(kind: string, name: string, spec: JsonObject): Manifest {
  return { apiVersion: "cert-manager.io/v1", kind, metadata: { name, namespace: namespaceName }, spec };
}

const names = [`${databaseName}-rs0`, `${databaseName}-rs0.${namespaceName}`, `${databaseName}-rs0.${namespaceName}.svc.cluster.local`];

/** The chain of the database: an authority that signs itself, and the certificates of the members by it. */
export const authority: readonly Manifest[] = [
  certManagerObject("Issuer", "self-signed", { selfSigned: {} }),
  certManagerObject("Certificate", `${databaseName}-ca`, {
    secretName: `${databaseName}-ca`,
    commonName: `${databaseName}-ca`,
    isCA: true,
    duration: "87600h",
    issuerRef: { name: "self-signed", kind: "Issuer" },
  }),
];

export const issuer = certManagerObject("Issuer", databaseName, { ca: { secretName: `${databaseName}-ca` } });

/** @param suffix of the certificate's name, and of its Secret's. */
export function memberCertificate(suffix: string, spec: JsonObject = {}): Manifest {
  return certManagerObject("Certificate", `${databaseName}-${suffix}`, {
    secretName: `${databaseName}-${suffix}`,
    subject: { organizations: ["PSMDB"] },
    dnsNames: ["localhost", ...names, ...names.map((name) => `*.${name}`)],
    duration: "8760h",
    renewBefore: "1440h",
    issuerRef: { name: databaseName, kind: "Issuer" },
    ...spec,
  });
}

/** The operator's release, whose chart cannot be had: its pod takes the place that the values give it. */
export const operatorRelease = resource("kubernetes:helm.sh/v3:Release", "psmdb-operator", {
  name: "psmdb-operator",
  namespace: namespaceName,
  chart: "psmdb-operator",
  version: "1.22.0",
  repositoryOpts: { repo: "http://127.0.0.1:9" },
  values: {
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "192Mi" } },
    podSecurityContext: { runAsNonRoot: true, runAsUser: 2, seccompProfile: { type: "RuntimeDefault" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  },
});

/** A quota as the program makes it. @param hard replaces single bounds. */
export function quota(hard: JsonObject = {}): Manifest {
  const bounds = { pods: "20", "requests.cpu": "6000m", "requests.memory": "12Gi", "limits.memory": "24Gi", ...hard };
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "rocketchat", namespace: namespaceName }, spec: { hard: bounds } };
}

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
