import { keepsObjects } from "./bucket";
import { podsOf, type RoleTable } from "./table";

/** The backup agents in the database's pods write backups; the operator looks into the store, and deletes those whose time has come. */
export const database: readonly RoleTable[] = [
  { role: "cluster-database-role", serviceAccount: "rocketchat-db" },
  { role: "cluster-database-operator-role", serviceAccount: "psmdb-operator" },
].map(({ role, serviceAccount }) => ({
  role,
  assumed: podsOf("rocketchat", serviceAccount),
  calls: (scene, arn) => {
    const backups = scene.arn("store-backups-bucket");
    return keepsObjects(scene, arn, backups, `${backups}/rocketchat-db/2026-11-24T02:00:00Z/rs0/oplog`);
  },
}));
