import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { region, tags } from "../../support/azure";
import { azureLoadBalancer, idOf } from "../../support/load-balancer";
import { named, simulateComponent } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the firewall on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureLoadBalancer({ waf: true }), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const policy = (): Readonly<Record<string, unknown>> => named(graph, "balancer-firewall").inputs;

    it("makes the gateway a WAF_v2 that obeys its policy", () => {
      expect(named(graph, "balancer-gateway").inputs).to.deep.include({
        sku: { name: "WAF_v2", tier: "WAF_v2" },
        firewallPolicy: {
          id: later(idOf(graph, "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies", "balancer-firewall")),
        },
      });
    });

    it("refuses what it finds, but looks into no body: neither messages nor files are attacks, or have a size that it could know", () => {
      const { policySettings } = policy();
      const secret = (matchVariable: string, selector: string): unknown => ({
        matchVariable,
        selector,
        selectorMatchOperator: "Equals",
        state: "Enabled",
      });
      expect(policySettings).to.deep.equal({
        state: "Enabled",
        mode: "Prevention",
        requestBodyCheck: false,
        requestBodyEnforcement: false,
        fileUploadEnforcement: false,
        logScrubbing: {
          state: "Enabled",
          scrubbingRules: [
            secret("RequestHeaderNames", "authorization"),
            secret("RequestHeaderNames", "cookie"),
            secret("RequestHeaderNames", "x-auth-token"),
            secret("RequestCookieNames", "rc_token"),
            secret("RequestArgNames", "rc_token"),
          ],
        },
      });
      expect(policy()).to.deep.include({ resourceGroupName: later(named(graph, "network-rg").outputs["name"]), location: region, tags });
      expect(policy()).to.have.all.keys("resourceGroupName", "location", "policySettings", "customRules", "managedRules", "tags");
    });

    it("refuses an address that asks more often than an office does, as on AWS", () => {
      expect(policy()["customRules"]).to.deep.equal([
        {
          name: "RequestsOfOneAddress",
          priority: 1,
          ruleType: "RateLimitRule",
          rateLimitDuration: "FiveMins",
          rateLimitThreshold: 60_000,
          groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
          matchConditions: [
            {
              matchVariables: [{ variableName: "RemoteAddr" }],
              operator: "IPMatch",
              negationConditon: true,
              matchValues: ["255.255.255.255/32"],
            },
          ],
          action: "Block",
        },
      ]);
    });

    it("knows attacks and attackers by Microsoft's own rules, and takes nobody's token for one", () => {
      expect(policy()["managedRules"]).to.deep.equal({
        managedRuleSets: [
          { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
          { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
        ],
        exclusions: [
          { matchVariable: "RequestCookieValues", selectorMatchOperator: "Equals", selector: "rc_token" },
          { matchVariable: "RequestArgValues", selectorMatchOperator: "Equals", selector: "rc_token" },
        ],
      });
    });
  });
}
