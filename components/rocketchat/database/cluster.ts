import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { guard } from "../../guard";
import type { BackupStore } from "../../object-store";
import { charts, images } from "../../versions";
import { backupSpec } from "./backup";
import { changeProblem } from "./changes";
import { exporter, exporterVolume } from "./exporter";
import { chatDatabase, clusterName, databasePlacement, labels, replicaSet, secretNames } from "./names";

/** User of the images of server and backup agent. */
const user = 1001;

/** What Pod Security `restricted` asks of a container. The operator's own defaults pass none. */
const containerSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** Clients show no certificate, and sign in with a password. mongod has the authority's file, and so would ask each of them for one. */
const configuration = "net:\n  tls:\n    allowConnectionsWithoutCertificates: true\n";

export interface ClusterArgs {
  readonly namespace: pulumi.Output<string>;
  readonly members: 1 | 3;
  readonly storageGiB: number;
  /** Tag of the server's image. */
  readonly version: string;
  readonly storageClass: pulumi.Input<string>;
  readonly backups: BackupStore;
  readonly retentionDays: number;
  /** Labels by which the pods get their identity. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly priorityClass: pulumi.Output<string>;
  /** Changes with the password of the metrics' account. */
  readonly monitorFingerprint: pulumi.Output<string>;
  readonly dependsOn: readonly pulumi.Resource[];
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
}

/**
 * The replica set, for the operator to make:
 * https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/deploy/cr.yaml
 *
 * It is done when the operator says `ready`: with every member up and the backup store answering, since only then the operator makes the chat's
 * account. What cannot be undone, or would stop the operator for good, is refused.
 */
export function createCluster(parent: pulumi.Resource, name: string, args: ClusterArgs): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    `${name}-cluster`,
    {
      apiVersion: "psmdb.percona.com/v1",
      kind: "PerconaServerMongoDB",
      metadata: {
        name: clusterName,
        namespace: args.namespace,
        labels,
        annotations: {
          "pulumi.com/waitFor": "jsonpath={.status.state}=ready",
          // The operator takes a volume's size back in here that it could not have: Pulumi's word counts all the same.
          "pulumi.com/patchForce": "true",
        },
        // Otherwise the object is gone while mongod still writes, and so is the operator.
        finalizers: ["percona.com/delete-psmdb-pods-in-order"],
      },
      spec: {
        crVersion: charts.psmdbOperator.version,
        image: `${images.mongodb.repository}:${args.version}`,
        imagePullPolicy: "IfNotPresent",
        updateStrategy: "SmartUpdate",
        upgradeOptions: { apply: "disabled" },
        unsafeFlags: {
          // One lost zone must not stop the backups.
          backupIfUnhealthy: true,
          ...(args.members === 1 ? { replsetSize: true } : {}),
        },
        tls: { mode: "requireTLS" },
        secrets: {
          users: secretNames.systemUsers,
          encryptionKey: secretNames.encryptionKey,
          ssl: secretNames.server,
          sslInternal: secretNames.internal,
        },
        initContainerSecurityContext: containerSecurity,
        storageScaling: { enableVolumeScaling: true },
        replsets: [replicaSetSpec(args)],
        sharding: { enabled: false },
        users: [
          {
            name: chatDatabase,
            db: "admin",
            passwordSecretRef: { name: secretNames.chatUser, key: "password" },
            roles: [{ name: "readWrite", db: chatDatabase }],
          },
        ],
        backup: backupSpec(args.backups, args.retentionDays, containerSecurity),
      },
    },
    {
      parent,
      protect: args.protect,
      dependsOn: [...args.dependsOn],
      hooks: { beforeUpdate: [guard(`${name}-cluster-changes`, changeProblem)] },
      // Three volumes are made and attached, one after another; an update restarts three members, one after another.
      customTimeouts: { create: "30m", update: "60m", delete: "30m" },
    },
  );
}

function replicaSetSpec(args: ClusterArgs): Record<string, unknown> {
  return {
    name: replicaSet,
    size: args.members,
    configuration,
    serviceAccountName: databasePlacement.serviceAccount,
    priorityClassName: args.priorityClass,
    // With one member it says nothing, and with three it need not be changed.
    affinity: { antiAffinityTopologyKey: "topology.kubernetes.io/zone" },
    // The only budget of these pods: with two, Kubernetes evicts none of them.
    podDisruptionBudget: { maxUnavailable: 1 },
    ...(Object.keys(args.podLabels).length === 0 ? {} : { labels: args.podLabels }),
    // The operator restarts no exporter when the password is another.
    annotations: { "checksum/monitor-password": args.monitorFingerprint },
    podSecurityContext: { fsGroup: user, runAsNonRoot: true, seccompProfile: containerSecurity.seccompProfile },
    containerSecurityContext: containerSecurity,
    // No CPU limit: a throttled primary loses its election. From the memory limit the operator reckons the cache, 0.25 GB below 1.5 GiB.
    resources: { requests: { cpu: "250m", memory: "768Mi" }, limits: { memory: "1Gi" } },
    // Also what the operator gives a member to come back in an update: a volume is detached and attached meanwhile.
    livenessProbe: { initialDelaySeconds: 180 },
    volumeSpec: {
      persistentVolumeClaim: {
        storageClassName: args.storageClass,
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: `${args.storageGiB}Gi` } },
      },
    },
    sidecars: [exporter(containerSecurity)],
    sidecarVolumes: [exporterVolume],
  };
}
