import * as pulumi from "@pulumi/pulumi";

/** Name of the replica set, of the database and of the chat's account in it. */
const replicaSet = "rs0";
const database = "rocketchat";

/** Where the database answers, by the names that the operator gives its Services. */
export interface DatabaseAddress {
  /** Name of the cluster resource. */
  readonly cluster: string;
  readonly namespace: string;
  readonly members: number;
  /** File in the chat's container that holds the certificate authority of the database. */
  readonly caFile: string;
}

/**
 * The connection string: every member by name, so that a client finds the primary whichever answers, over TLS.
 *
 * @param password of the chat's account; it is escaped here
 * @returns a secret
 */
export function connectionString(
  { cluster, namespace, members, caFile }: DatabaseAddress,
  password: pulumi.Output<string>,
): pulumi.Output<string> {
  const hosts = Array.from(
    { length: members },
    (_, member) => `${cluster}-${replicaSet}-${member}.${cluster}-${replicaSet}.${namespace}.svc.cluster.local:27017`,
  );
  const options = new URLSearchParams({
    authSource: "admin",
    replicaSet,
    tls: "true",
    tlsCAFile: caFile,
    w: "majority",
    retryWrites: "true",
  });
  return pulumi.secret(
    password.apply((plain) => `mongodb://${database}:${encodeURIComponent(plain)}@${hosts.join(",")}/${database}?${options.toString()}`),
  );
}
