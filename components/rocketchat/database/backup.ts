import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { BackupStore } from "../../object-store";
import { images } from "../../versions";
import { clusterName, labels, secretNames } from "./names";

/** Name of the one storage in the custom resource. */
const storageName = "main";

/** Folder in the store. */
const prefix = clusterName;

/** Dumps that a restore plays back into running members. The other kind cannot be restored under Pod Security `restricted` by this operator:
 * https://github.com/percona/percona-server-mongodb-operator/issues/2283 */
const type = "logical";
const compressionType = "gzip";

/**
 * How the operator backs up: a full backup every day, and every ten minutes what changed since.
 *
 * @param securityContext of the agent beside each member
 */
export function backupSpec(store: BackupStore, retentionDays: number, securityContext: Record<string, unknown>): Record<string, unknown> {
  return {
    enabled: true,
    image: `${images.mongodbBackup.repository}:${images.mongodbBackup.tag}`,
    containerSecurityContext: securityContext,
    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    storages: { [storageName]: { main: true, ...storage(store) } },
    pitr: { enabled: true, oplogSpanMin: 10, compressionType },
    tasks: [
      {
        name: "daily",
        enabled: true,
        // In UTC. Another type or compression counts from the operator's next start on: it looks at schedule and storage only.
        schedule: "0 2 * * *",
        storageName,
        type,
        compressionType,
        // One a day. What is deleted here the store can bring back for a while.
        retention: { type: "count", count: retentionDays, deleteFromStorage: true },
      },
    ],
  };
}

function storage(store: BackupStore): Record<string, unknown> {
  if (store.kind === "s3") {
    // Without credentials the pods' own identity counts, and the bucket encrypts by itself.
    return { type: "s3", s3: { bucket: store.bucket, region: store.region, prefix } };
  }
  const { container, endpoint } = store;
  return { type: "azure", azure: { container, endpointUrl: endpoint, prefix, credentialsSecret: secretNames.backupStore } };
}

/**
 * The first full backup: only from then on the operator keeps what changes, and by itself it would wait for the night. It stays in the store when
 * the object goes, since nothing asks for more; others that the program does not know are the nightly task's.
 */
export function createFirstBackup(
  parent: pulumi.Resource,
  name: string,
  namespace: pulumi.Output<string>,
  cluster: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  return new k8s.apiextensions.CustomResource(
    `${name}-first-backup`,
    {
      apiVersion: "psmdb.percona.com/v1",
      kind: "PerconaServerMongoDBBackup",
      metadata: {
        name: `${clusterName}-first`,
        namespace,
        labels,
        annotations: { "pulumi.com/waitFor": "jsonpath={.status.state}=ready" },
      },
      // By default a backup fails for good that has not begun in two minutes.
      spec: { clusterName, storageName, type, compressionType, startingDeadlineSeconds: 1200 },
    },
    { parent, dependsOn: [cluster], customTimeouts: { create: "30m" } },
  );
}
