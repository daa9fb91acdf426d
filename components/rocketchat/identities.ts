import type { Cluster, WorkloadIdentity } from "../cluster";
import type { ObjectStore } from "../object-store";
import { databasePlacement } from "./database";

/** Namespace and service account of the chat: whoever gives it an identity needs them before it exists. */
export const placement = { namespace: "rocketchat", serviceAccount: "rocketchat" } as const;

/** As whom the chat and its database reach the cloud. */
export interface ChatIdentities {
  /** Of the chat's pods, for uploads. */
  readonly chat: WorkloadIdentity;
  /** Of the database's pods and of their operator, for backups; empty where a key opens the store. */
  readonly database: readonly WorkloadIdentity[];
}

/**
 * Gives the chat's service accounts what they may do with the store. The backup agents run in the database's pods; the operator itself looks into
 * the store before a restore, and deletes backups whose time has come.
 */
export function grantIdentities(cluster: Cluster, { uploads, backups }: ObjectStore): ChatIdentities {
  const chat = cluster.grantIdentity("chat", { ...placement, permissions: [uploads.permissions] });
  if (backups.kind !== "s3") return { chat, database: [] };
  const { serviceAccount, operatorServiceAccount } = databasePlacement;
  const grant = (name: string, account: string): WorkloadIdentity =>
    cluster.grantIdentity(name, { namespace: placement.namespace, serviceAccount: account, permissions: [backups.permissions] });
  return { chat, database: [grant("database", serviceAccount), grant("database-operator", operatorServiceAccount)] };
}
