import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

/** Where a firewall writes what it refused. */
export interface FirewallLogs {
  /** How long its log is kept, in days. */
  readonly retentionDays: number;
  /** Key of the log group. */
  readonly keyArn: pulumi.Input<string>;
}

export interface FirewallArgs {
  readonly clusterName: pulumi.Output<string>;
  readonly logs: FirewallLogs;
  readonly tags: Tags;
}

/**
 * Requests that one address may make in five minutes. A whole office may stand behind one address: a thousand people who open the chat in the same
 * five minutes make about sixty requests each, for scripts, fonts, pictures and first calls; then a WebSocket, of whose messages WAF sees none.
 * Two hundred a second from one address all the time is nobody's office.
 */
const requestsInFiveMinutes = 60_000;

/**
 * AWS's own rules, each group with those that only count here. What people write to each other is no attack on the chat, however it looks: a
 * message about `/etc/passwd`, a script or log4j, or one of more than 8 KB, and every upload.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html,
 * https://repost.aws/knowledge-center/waf-http-request-body-inspection
 */
const managedRules = {
  AWSManagedRulesAmazonIpReputationList: [],
  AWSManagedRulesKnownBadInputsRuleSet: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY"],
  AWSManagedRulesCommonRuleSet: [
    "SizeRestrictions_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
  ],
} as const;

/** Headers that hold what signs a person in. */
const secretHeaders = ["authorization", "cookie", "x-auth-token"];

/** A web ACL of AWS's own rules and a limit for each address, with a log of what it refused. Returns its ARN. */
export function createFirewall(parent: pulumi.Resource, name: string, { clusterName, logs, tags }: FirewallArgs): pulumi.Output<string> {
  const acl = new aws.wafv2.WebAcl(
    `${name}-firewall`,
    {
      description: "In front of the chat",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: [limitRule(0), ...Object.entries(managedRules).map(([group, counted], index) => managedRule(index + 1, group, counted))],
      visibilityConfig: visible("firewall"),
      tags: { ...tags, Name: `${name}-firewall` },
    },
    { parent },
  );
  const group = new aws.cloudwatch.LogGroup(
    `${name}-firewall-logs`,
    {
      // WAF writes to groups of such a name only: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html
      name: pulumi.interpolate`aws-waf-logs-${clusterName}`,
      retentionInDays: logs.retentionDays,
      kmsKeyId: logs.keyArn,
      tags: { ...tags, Name: `${name}-firewall-logs` },
    },
    { parent },
  );
  new aws.wafv2.WebAclLoggingConfiguration(
    `${name}-firewall-logging`,
    {
      resourceArn: acl.arn,
      logDestinationConfigs: [group.arn],
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            // The last stands for rules of a group that only count here.
            conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
      // The address of a file may hold a token as well.
      redactedFields: [...secretHeaders.map((header) => ({ singleHeader: { name: header } })), { queryString: {} }],
    },
    { parent },
  );
  return acl.arn;
}

function limitRule(priority: number): aws.types.input.wafv2.WebAclRule {
  return {
    name: "requests-of-one-address",
    priority,
    action: { block: {} },
    statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: requestsInFiveMinutes, evaluationWindowSec: 300 } },
    visibilityConfig: visible("requests-of-one-address"),
  };
}

function managedRule(priority: number, name: string, counted: readonly string[]): aws.types.input.wafv2.WebAclRule {
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visible(name),
  };
}

function visible(metricName: string): aws.types.input.wafv2.WebAclVisibilityConfig {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
