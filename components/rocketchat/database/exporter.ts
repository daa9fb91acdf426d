import { images } from "../../versions";
import { authorityItem, clusterName, databasePorts, secretNames } from "./names";

const volume = "mongodb-ca";
const folder = "/etc/mongodb-ca";

/** The Secret in which the operator keeps what is valid now; the one that it is made of says what is wanted. */
const current = `internal-${clusterName}-users`;

/**
 * Metrics of a member, from a container beside it: what the server says of itself and of its replica set, and sizes of the databases. What is left out
 * asks each collection.
 */
export function exporter(securityContext: Record<string, unknown>): Record<string, unknown> {
  const credential = (name: string, key: string) => ({ name, valueFrom: { secretKeyRef: { name: current, key } } });
  const options = `directConnection=true&tls=true&tlsCAFile=${folder}/${authorityItem}`;
  return {
    name: "exporter",
    image: `${images.mongodbExporter.repository}:${images.mongodbExporter.tag}`,
    imagePullPolicy: "IfNotPresent",
    args: ["--collector.diagnosticdata", "--collector.replicasetstatus", "--collector.dbstats"],
    env: [
      credential("MONITOR_USER", "MONGODB_CLUSTER_MONITOR_USER_ESCAPED"),
      credential("MONITOR_PASSWORD", "MONGODB_CLUSTER_MONITOR_PASSWORD_ESCAPED"),
      {
        name: "MONGODB_URI",
        value: `mongodb://$(MONITOR_USER):$(MONITOR_PASSWORD)@localhost:${databasePorts.mongod}/admin?${options}`,
      },
    ],
    ports: [{ name: "metrics", containerPort: databasePorts.exporter }],
    resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "96Mi" } },
    securityContext: { ...securityContext, readOnlyRootFilesystem: true },
    volumeMounts: [{ name: volume, mountPath: folder, readOnly: true }],
  };
}

/** The authority alone: the volume that the operator mounts holds the member's private key, too. */
export const exporterVolume = {
  name: volume,
  secret: { secretName: secretNames.server, items: [{ key: authorityItem, path: authorityItem }] },
} as const;
