import { backup } from "./backup";
import { chat } from "./chat";
import { cluster } from "./cluster";
import { database } from "./database";
import { loadBalancer } from "./load-balancer";
import { network } from "./network";
import { store } from "./store";
import type { RoleTable } from "./table";

export { guards } from "./guards";

export const roleTables: readonly RoleTable[] = [...network, ...cluster, ...loadBalancer, ...chat, ...database, ...store, ...backup];
