import type { PackageTable } from "../resource-type";
import { backupTable } from "./backup";
import { clusterTable } from "./cluster";
import { identityTable } from "./identity";
import { loadBalancerTable } from "./load-balancer";
import { monitoringTable } from "./monitoring";
import { networkTable } from "./network";
import { storageTable } from "./storage";

export { existingGroups, subscription } from "./ids";

/**
 * What the simulated Azure answers, service by service. What can be set at creation only follows azure-native:
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
export const azureTables: readonly PackageTable[] = [
  backupTable,
  clusterTable,
  identityTable,
  loadBalancerTable,
  monitoringTable,
  networkTable,
  storageTable,
];
