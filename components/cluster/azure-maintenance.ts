import * as containerservice from "@pulumi/azure-native/containerservice";
import type * as pulumi from "@pulumi/pulumi";

/** Quiet hours, in UTC. Below four hours the automatic upgrades may not come to an end: https://learn.microsoft.com/azure/aks/planned-maintenance */
const startTime = "02:00";
const durationHours = 4;

/** What AKS does by itself, by the name that it has for the schedule, and on which day: never two things in one night. */
const schedules = [
  { purpose: "cluster", configName: "aksManagedAutoUpgradeSchedule", dayOfWeek: "Sunday" },
  { purpose: "node-os", configName: "aksManagedNodeOSUpgradeSchedule", dayOfWeek: "Saturday" },
] as const;

/**
 * When AKS may upgrade control plane and nodes by itself: once a week. The cluster takes one change at a time, so the second schedule follows
 * the first.
 *
 * @param after the last change of the cluster before these
 * @returns the last of them
 */
export function createMaintenance(
  parent: pulumi.Resource,
  name: string,
  cluster: { readonly resourceGroupName: pulumi.Output<string>; readonly cluster: containerservice.ManagedCluster },
  after: readonly pulumi.Resource[],
): pulumi.Resource {
  let last: pulumi.Resource = cluster.cluster;
  for (const { purpose, configName, dayOfWeek } of schedules) {
    last = new containerservice.MaintenanceConfiguration(
      `${name}-${purpose}-maintenance`,
      {
        resourceGroupName: cluster.resourceGroupName,
        resourceName: cluster.cluster.name,
        configName,
        // Without a date it holds from the day on which it is made.
        maintenanceWindow: { startTime, utcOffset: "+00:00", durationHours, schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } } },
      },
      { parent, dependsOn: [...after, last], deletedWith: cluster.cluster },
    );
  }
  return last;
}
