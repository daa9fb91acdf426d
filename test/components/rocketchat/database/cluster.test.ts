import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { DatabaseArgs } from "../../../../components/rocketchat/database";
import type { ResourceGraph } from "../../../../simulator/graph";
import { named, simulateComponent } from "../../../support/simulated";
import { container, database, masterKey } from "./fixture";

/** What Pod Security `restricted` asks of every container: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const restricted = {
  runAsNonRoot: true,
  runAsUser: 1001,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

const exporter = {
  name: "exporter",
  image: "docker.io/percona/mongodb_exporter:0.53.0",
  imagePullPolicy: "IfNotPresent",
  args: ["--collector.diagnosticdata", "--collector.replicasetstatus", "--collector.dbstats"],
  env: [
    {
      name: "MONITOR_USER",
      valueFrom: { secretKeyRef: { name: "internal-rocketchat-db-users", key: "MONGODB_CLUSTER_MONITOR_USER_ESCAPED" } },
    },
    {
      name: "MONITOR_PASSWORD",
      valueFrom: { secretKeyRef: { name: "internal-rocketchat-db-users", key: "MONGODB_CLUSTER_MONITOR_PASSWORD_ESCAPED" } },
    },
    {
      name: "MONGODB_URI",
      value:
        "mongodb://$(MONITOR_USER):$(MONITOR_PASSWORD)@localhost:27017/admin?directConnection=true&tls=true&tlsCAFile=/etc/mongodb-ca/ca.crt",
    },
  ],
  ports: [{ name: "metrics", containerPort: 9216 }],
  resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "96Mi" } },
  securityContext: { ...restricted, readOnlyRootFilesystem: true },
  volumeMounts: [{ name: "mongodb-ca", mountPath: "/etc/mongodb-ca", readOnly: true }],
};

const replicaSet = {
  name: "rs0",
  size: 3,
  configuration: "net:\n  tls:\n    allowConnectionsWithoutCertificates: true\n",
  serviceAccountName: "rocketchat-db",
  priorityClassName: "rocketchat-database",
  affinity: { antiAffinityTopologyKey: "topology.kubernetes.io/zone" },
  podDisruptionBudget: { maxUnavailable: 1 },
  annotations: { "checksum/monitor-password": "b61d3d9cdf75a7ec" },
  podSecurityContext: { fsGroup: 1001, runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containerSecurityContext: restricted,
  resources: { requests: { cpu: "250m", memory: "768Mi" }, limits: { memory: "1Gi" } },
  livenessProbe: { initialDelaySeconds: 180 },
  volumeSpec: {
    persistentVolumeClaim: {
      storageClassName: "mongodb-storage",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "20Gi" } },
    },
  },
  sidecars: [exporter],
  sidecarVolumes: [{ name: "mongodb-ca", secret: { secretName: "rocketchat-db-ssl", items: [{ key: "ca.crt", path: "ca.crt" }] } }],
};

const backup = {
  enabled: true,
  image: "docker.io/percona/percona-backup-mongodb:2.12.0",
  containerSecurityContext: restricted,
  resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
  storages: { main: { main: true, type: "s3", s3: { bucket: "acme-backups", region: "eu-central-1", prefix: "rocketchat-db" } } },
  pitr: { enabled: true, oplogSpanMin: 10, compressionType: "gzip" },
  tasks: [
    {
      name: "daily",
      enabled: true,
      schedule: "0 2 * * *",
      storageName: "main",
      type: "logical",
      compressionType: "gzip",
      retention: { type: "count", count: 14, deleteFromStorage: true },
    },
  ],
};

const labels = { "app.kubernetes.io/name": "rocketchat-db", "app.kubernetes.io/managed-by": "pulumi" };

/** The custom resource of three members on AWS. */
const onAws = {
  apiVersion: "psmdb.percona.com/v1",
  kind: "PerconaServerMongoDB",
  metadata: {
    name: "rocketchat-db",
    namespace: "rocketchat",
    labels,
    annotations: { "pulumi.com/waitFor": "jsonpath={.status.state}=ready", "pulumi.com/patchForce": "true" },
    finalizers: ["percona.com/delete-psmdb-pods-in-order"],
  },
  spec: {
    crVersion: "1.22.0",
    image: "docker.io/percona/percona-server-mongodb:8.0.19-7",
    imagePullPolicy: "IfNotPresent",
    updateStrategy: "SmartUpdate",
    upgradeOptions: { apply: "disabled" },
    unsafeFlags: { backupIfUnhealthy: true },
    tls: { mode: "requireTLS" },
    secrets: {
      users: "rocketchat-db-secrets",
      encryptionKey: "rocketchat-db-mongodb-encryption-key",
      ssl: "rocketchat-db-ssl",
      sslInternal: "rocketchat-db-ssl-internal",
    },
    initContainerSecurityContext: restricted,
    storageScaling: { enableVolumeScaling: true },
    replsets: [{ ...replicaSet, labels: { "acme.io/identity": "use" } }],
    sharding: { enabled: false },
    users: [
      {
        name: "rocketchat",
        db: "admin",
        passwordSecretRef: { name: "rocketchat-db-chat-user", key: "password" },
        roles: [{ name: "readWrite", db: "rocketchat" }],
      },
    ],
    backup,
  },
};

const known = { masterKey: pulumi.secret(masterKey) };

async function build(change: Partial<DatabaseArgs>, preview: boolean): Promise<ResourceGraph> {
  return simulateComponent(() => database(change), { preview });
}

for (const preview of [true, false]) {
  describe(`the database's custom resource, in a ${preview ? "preview" : "deployment"}`, () => {
    it("is three members, one in each zone, backed up to the bucket by the pods' identity", async () => {
      const cluster = named(await build(known, preview), "chat-database-cluster");
      expect(cluster.type).to.equal("kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB");
      expect(cluster.inputs).to.deep.equal(onAws);
      expect(cluster.protect).to.equal(true);
    });

    it("differs on Azure in the store alone, which a key opens, so that no pod needs an identity", async () => {
      const { inputs } = named(await build({ ...known, backups: container() }, preview), "chat-database-cluster");
      const azure = {
        container: "backups",
        endpointUrl: "https://acmebackups.blob.core.windows.net/",
        prefix: "rocketchat-db",
        credentialsSecret: "rocketchat-db-backup-store",
      };
      const storages = { main: { main: true, type: "azure", azure } };
      expect(inputs).to.deep.equal({
        ...onAws,
        spec: { ...onAws.spec, replsets: [replicaSet], backup: { ...backup, storages } },
      });
    });

    it("is one member where one is asked for, which the operator calls unsafe; its pod is the same as of three", async () => {
      const { inputs } = named(await build({ ...known, members: 1 }, preview), "chat-database-cluster");
      const [set] = onAws.spec.replsets;
      expect(inputs).to.deep.equal({
        ...onAws,
        spec: { ...onAws.spec, unsafeFlags: { backupIfUnhealthy: true, replsetSize: true }, replsets: [{ ...set, size: 1 }] },
      });
    });

    it("takes size, release and retention from the stack", async () => {
      const change = { ...known, storageGiB: 50, version: "8.0.21-9", backup: { retentionDays: 30 }, storageClass: "fast" };
      const { inputs } = named(await build(change, preview), "chat-database-cluster");
      expect(inputs).to.have.nested.property("spec.image", "docker.io/percona/percona-server-mongodb:8.0.21-9");
      expect(inputs).to.have.nested.property("spec.backup.tasks[0].retention.count", 30);
      expect(inputs)
        .to.have.nested.property("spec.replsets[0].volumeSpec.persistentVolumeClaim")
        .that.deep.equals({
          storageClassName: "fast",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "50Gi" } },
        });
    });

    it("is deletable where nothing is protected", async () => {
      const graph = await build({ protect: false }, preview);
      const refusing = graph.resources.filter(({ protect }) => protect).map(({ name }) => name);
      expect(refusing).to.deep.equal([]);
    });

    it("is followed by a first full backup, which nothing deletes from the store", async () => {
      const first = named(await build({}, preview), "chat-database-first-backup");
      expect(first.type).to.equal("kubernetes:psmdb.percona.com/v1:PerconaServerMongoDBBackup");
      expect(first.inputs).to.deep.equal({
        apiVersion: "psmdb.percona.com/v1",
        kind: "PerconaServerMongoDBBackup",
        metadata: {
          name: "rocketchat-db-first",
          namespace: "rocketchat",
          labels,
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.state}=ready" },
        },
        spec: {
          clusterName: "rocketchat-db",
          storageName: "main",
          type: "logical",
          compressionType: "gzip",
          startingDeadlineSeconds: 1200,
        },
      });
    });
  });
}

describe("the metrics of the database", () => {
  async function annotation(change: Partial<DatabaseArgs>): Promise<unknown> {
    const { inputs } = named(await build({ ...known, ...change }, false), "chat-database-cluster");
    const { replsets } = inputs["spec"] as { readonly replsets: readonly { readonly annotations: Record<string, string> }[] };
    return replsets[0]?.annotations["checksum/monitor-password"];
  }

  it("are taken up anew when their account's password is another, since the operator restarts no exporter", async () => {
    expect(await annotation({ passwordRevision: 2 }))
      .to.be.a("string")
      .that.does.not.equal(await annotation({}));
  });

  it("stay when something else changes", async () => {
    expect(await annotation({ storageGiB: 40, members: 1, backup: { retentionDays: 7 } })).to.equal(await annotation({}));
  });
});
