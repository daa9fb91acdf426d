import * as network from "@pulumi/azure-native/network";
import type * as resources from "@pulumi/azure-native/resources";
import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface FirewallArgs {
  readonly resourceGroup: resources.ResourceGroup;
  readonly region: string;
  readonly tags: Tags;
}

/** Requests that one address may make in five minutes: as many as on AWS, and for the same reasons (`aws-firewall.ts`). */
const requestsInFiveMinutes = 60_000;

/**
 * Microsoft's own rules: attacks by how they look, and addresses of known attackers. Both names and versions go together:
 * https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-crs-rulegroups-rules
 */
const managedRuleSets = [
  { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
  { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
];

/** Where the chat's own token stands in a cookie and in the address of a file, and what signs a person in besides. */
const token = "rc_token";
const secretHeaders = ["authorization", "cookie", "x-auth-token"];

/**
 * A WAF policy of Microsoft's own rules and a limit for each address. Returns its id.
 *
 * It looks at addresses, headers and cookies, and not into bodies. What people write to each other is no attack on the chat, however it looks, and a
 * message or a file has no size that a firewall could know: the chat has its own limit for both. Of a WebSocket it sees the handshake alone.
 * https://learn.microsoft.com/azure/web-application-firewall/ag/application-gateway-waf-request-size-limits
 */
export function createFirewall(
  parent: pulumi.Resource,
  name: string,
  { resourceGroup, region, tags }: FirewallArgs,
): pulumi.Output<string> {
  const policy = new network.WebApplicationFirewallPolicy(
    `${name}-firewall`,
    {
      resourceGroupName: resourceGroup.name,
      location: region,
      policySettings: {
        state: "Enabled",
        mode: "Prevention",
        requestBodyCheck: false,
        requestBodyEnforcement: false,
        fileUploadEnforcement: false,
        logScrubbing: { state: "Enabled", scrubbingRules: scrubbingRules() },
      },
      customRules: [limitRule(1)],
      managedRules: { managedRuleSets, exclusions: exclusions() },
      tags,
    },
    { parent },
  );
  return policy.id;
}

/** Microsoft's own way to say "every request": https://learn.microsoft.com/azure/web-application-firewall/ag/rate-limiting-configure */
function limitRule(priority: number): inputs.network.WebApplicationFirewallCustomRuleArgs {
  return {
    name: "RequestsOfOneAddress",
    priority,
    ruleType: "RateLimitRule",
    rateLimitDuration: "FiveMins",
    rateLimitThreshold: requestsInFiveMinutes,
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
  };
}

/**
 * The token is random and may hold two dashes in a row, which to rule 942440 is a comment in SQL: one person in a few hundred would be refused.
 * https://github.com/meteor/meteor/blob/devel/packages/random/AbstractRandomGenerator.js
 */
function exclusions(): inputs.network.OwaspCrsExclusionEntryArgs[] {
  return ["RequestCookieValues", "RequestArgValues"].map((matchVariable) => ({
    matchVariable,
    selectorMatchOperator: "Equals",
    selector: token,
  }));
}

/** Keeps out of the firewall's log what signs a person in: https://learn.microsoft.com/azure/web-application-firewall/ag/waf-sensitive-data-protection */
function scrubbingRules(): inputs.network.WebApplicationFirewallScrubbingRulesArgs[] {
  const variables = [
    ...secretHeaders.map((selector) => ({ matchVariable: "RequestHeaderNames", selector })),
    ...["RequestCookieNames", "RequestArgNames"].map((matchVariable) => ({ matchVariable, selector: token })),
  ];
  return variables.map((variable) => ({ ...variable, selectorMatchOperator: "Equals", state: "Enabled" }));
}
