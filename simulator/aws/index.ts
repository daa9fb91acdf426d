import type { PackageTable } from "../resource-type";
import { backupTable } from "./backup";
import { clusterTable } from "./cluster";
import { identityTable } from "./identity";
import { loadBalancerTable } from "./load-balancer";
import { monitoringTable } from "./monitoring";
import { networkTable } from "./network";
import { storageTable } from "./storage";

export { account } from "./ids";

/**
 * What the simulated AWS answers, service by service. What can be set at creation only follows the provider's documentation:
 * https://www.pulumi.com/registry/packages/aws/api-docs/
 */
export const awsTables: readonly PackageTable[] = [
  backupTable,
  clusterTable,
  identityTable,
  loadBalancerTable,
  monitoringTable,
  networkTable,
  storageTable,
];
