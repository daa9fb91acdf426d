import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { logsKeyArn, tagged } from "../../support/aws";
import { awsLoadBalancer } from "../../support/load-balancer";
import { contents, named, simulateComponent } from "../../support/simulated";

interface Rule {
  readonly name: string;
  readonly priority: number;
  readonly statement: {
    readonly managedRuleGroupStatement?: { readonly name: string; readonly ruleActionOverrides: readonly { readonly name: string }[] };
  };
}

for (const preview of [true, false]) {
  describe(`the firewall on AWS, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => awsLoadBalancer({ firewall: { retentionDays: 30, keyArn: logsKeyArn } }), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const rules = (): readonly Rule[] => named(graph, "balancer-firewall").inputs["rules"] as Rule[];

    it("is a web ACL with a log, which the class puts before the load balancer: no association of the program's own", () => {
      expect(contents(graph, "balancer")).to.deep.equal({
        "aws:cloudwatch/logGroup:LogGroup": ["balancer-firewall-logs"],
        "aws:wafv2/webAcl:WebAcl": ["balancer-firewall"],
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ["balancer-firewall-logging"],
        "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams": ["balancer-class-params"],
        "kubernetes:helm.sh/v3:Release": ["balancer-controller"],
        "kubernetes:networking.k8s.io/v1:IngressClass": ["balancer-class"],
      });
      expect(named(graph, "balancer-class-params").inputs["spec"]).to.include({
        wafv2AclArn: later(named(graph, "balancer-firewall").outputs["arn"]),
      });
    });

    it("lets through what no rule refuses", () => {
      const { rules: _, ...acl } = named(graph, "balancer-firewall").inputs;
      expect(acl).to.deep.equal({
        description: "In front of the chat",
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        visibilityConfig: { metricName: "firewall", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
        tags: tagged("balancer-firewall"),
      });
    });

    it("refuses an address that asks more often than an office does", () => {
      expect(rules()[0]).to.deep.equal({
        name: "requests-of-one-address",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 60_000, evaluationWindowSec: 300 } },
        visibilityConfig: { metricName: "requests-of-one-address", cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
      });
    });

    it("refuses what AWS's own rules refuse, but only counts what they find in the text of a message or in a file", () => {
      const managed = rules().slice(1);
      expect(managed.map(({ name, priority }) => [name, priority])).to.deep.equal([
        ["AWSManagedRulesAmazonIpReputationList", 1],
        ["AWSManagedRulesKnownBadInputsRuleSet", 2],
        ["AWSManagedRulesCommonRuleSet", 3],
      ]);
      const count = (...names: readonly string[]): unknown => names.map((name) => ({ name, actionToUse: { count: {} } }));
      const counted: Readonly<Record<string, unknown>> = {
        AWSManagedRulesAmazonIpReputationList: [],
        AWSManagedRulesKnownBadInputsRuleSet: count("JavaDeserializationRCE_BODY", "Log4JRCE_BODY"),
        AWSManagedRulesCommonRuleSet: count(
          "SizeRestrictions_BODY",
          "EC2MetaDataSSRF_BODY",
          "GenericLFI_BODY",
          "GenericRFI_BODY",
          "CrossSiteScripting_BODY",
        ),
      };
      for (const rule of managed) {
        expect(rule, rule.name).to.deep.include({
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: "AWS", name: rule.name, ruleActionOverrides: counted[rule.name] },
          },
          visibilityConfig: { metricName: rule.name, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true },
        });
      }
    });

    it("writes down what it refused or counted, encrypted, for a time, and without what signs anybody in", () => {
      const group = named(graph, "balancer-firewall-logs");
      expect(group.inputs).to.deep.equal({
        name: later(`aws-waf-logs-${String(named(graph, "cluster-eks").inputs["name"])}`),
        retentionInDays: 30,
        kmsKeyId: logsKeyArn,
        tags: tagged("balancer-firewall-logs"),
      });
      expect(named(graph, "balancer-firewall-logging").inputs).to.deep.equal({
        resourceArn: later(named(graph, "balancer-firewall").outputs["arn"]),
        logDestinationConfigs: [later(group.outputs["arn"])],
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
        redactedFields: [...["authorization", "cookie", "x-auth-token"].map((name) => ({ singleHeader: { name } })), { queryString: {} }],
      });
    });
  });
}
