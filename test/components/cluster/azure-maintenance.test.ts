import { expect } from "chai";

import { unknownText } from "../../../simulator/graph";
import { azureCluster } from "../../support/azure";
import { named, simulateComponent } from "../../support/simulated";

for (const preview of [true, false]) {
  it(`the cluster on Azure upgrades itself in two quiet nights a week, in a ${preview ? "preview" : "deployment"}`, async () => {
    const graph = await simulateComponent(() => azureCluster(), { preview });
    const days = {
      cluster: ["aksManagedAutoUpgradeSchedule", "Sunday"],
      "node-os": ["aksManagedNodeOSUpgradeSchedule", "Saturday"],
    } as const;
    for (const [purpose, [configName, dayOfWeek]] of Object.entries(days)) {
      expect(named(graph, `cluster-${purpose}-maintenance`).inputs).to.deep.equal({
        resourceGroupName: preview ? unknownText : named(graph, "network-rg").outputs["name"],
        resourceName: preview ? unknownText : named(graph, "cluster-aks").outputs["name"],
        configName,
        maintenanceWindow: {
          startTime: "02:00",
          utcOffset: "+00:00",
          durationHours: 4,
          schedule: { weekly: { dayOfWeek, intervalWeeks: 1 } },
        },
      });
    }
  });
}
