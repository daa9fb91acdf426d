import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { tags } from "../../support/azure";
import { azureLoadBalancer, idOf } from "../../support/load-balancer";
import { named, simulateComponent } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the Traffic Manager profile, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureLoadBalancer({ trafficManager: true }), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const label = (): string => `rocketchat-${String(named(graph, "balancer-suffix").outputs["result"])}`;

    it("leads to this gateway as long as it serves, which it asks of the service's own path under the service's own name", () => {
      expect(named(graph, "balancer-traffic-manager").inputs).to.deep.equal({
        resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
        location: "global",
        profileStatus: "Enabled",
        trafficRoutingMethod: "Priority",
        dnsConfig: { relativeName: later(label()), ttl: 60 },
        monitorConfig: {
          protocol: "HTTPS",
          port: 443,
          path: "/alive",
          customHeaders: [{ name: "Host", value: "shop.acme.io" }],
          intervalInSeconds: 30,
          timeoutInSeconds: 10,
          toleratedNumberOfFailures: 3,
        },
        endpoints: [
          {
            name: "eastus",
            type: "Microsoft.Network/trafficManagerProfiles/azureEndpoints",
            targetResourceId: later(idOf(graph, "Microsoft.Network/publicIPAddresses", "balancer-ip")),
            endpointStatus: "Enabled",
            priority: 1,
          },
        ],
        tags,
      });
    });

    it("is the address that the domain leads to then", () => {
      expect(named(graph, "balancer").outputs["address"]).to.equal(later(`${label()}.trafficmanager.net`));
    });
  });
}
