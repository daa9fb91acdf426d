import * as pulumi from "@pulumi/pulumi";

import { authorityItem, chatDatabase, databasePorts, memberService, replicaSet } from "./names";

/** Folder in the chat's container in which the database's authority has to lie, as `ca.crt`. */
export const authorityFolder = "/etc/mongodb-ca";

/** The database as a client sees it. */
export interface DatabaseAddress {
  readonly namespace: pulumi.Input<string>;
  readonly members: number;
}

/**
 * The connection string of the chat: every member by name, so that it finds the primary whichever answers, over TLS, and without a certificate of
 * its own. https://www.mongodb.com/docs/manual/reference/connection-string/
 *
 * @param password of the chat's account; it is escaped here
 * @returns a secret
 */
export function connectionString({ namespace, members }: DatabaseAddress, password: pulumi.Input<string>): pulumi.Output<string> {
  const options = new URLSearchParams({
    authSource: "admin",
    replicaSet,
    tls: "true",
    tlsCAFile: `${authorityFolder}/${authorityItem}`,
    w: "majority",
    retryWrites: "true",
  });
  return pulumi.secret(
    pulumi.all([namespace, password]).apply(([inside, plain]) => {
      const hosts = Array.from({ length: members }, (_, member) => `${memberHost(inside, member)}:${databasePorts.mongod}`);
      return `mongodb://${chatDatabase}:${encodeURIComponent(plain)}@${hosts.join(",")}/${chatDatabase}?${options.toString()}`;
    }),
  );
}

/** Name of one member, which its headless Service gives it. */
function memberHost(namespace: string, member: number): string {
  return `${memberService}-${member}.${memberService}.${namespace}.svc.cluster.local`;
}
