import type { PackageTable } from "../resource-type";
import { clusterTable } from "./cluster";
import { identityTable } from "./identity";
import { networkTable } from "./network";
import { storageTable } from "./storage";

export { existingGroups, subscription } from "./ids";

/**
 * What the simulated Azure answers, service by service. What can be set at creation only follows azure-native:
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go
 */
export const azureTables: readonly PackageTable[] = [clusterTable, identityTable, networkTable, storageTable];
