import { expect } from "chai";

import type { ResourceGraph } from "../../../simulator/graph";
import { awsLoadBalancer } from "../../support/load-balancer";
import { json, named, simulateComponent } from "../../support/simulated";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const requestTag = "aws:RequestTag/elbv2.k8s.aws/cluster";
const resourceTag = "aws:ResourceTag/elbv2.k8s.aws/cluster";

describe("what the load balancer's controller may do", () => {
  let graph: ResourceGraph;
  let text: string;
  let statements: readonly Statement[];
  let clusterName: unknown;
  before(async () => {
    graph = await simulateComponent(() => awsLoadBalancer());
    text = String(named(graph, "cluster-load-balancer-policy").inputs["policy"]);
    statements = (json(text) as { Statement: readonly Statement[] }).Statement;
    clusterName = named(graph, "cluster-eks").inputs["name"];
  });
  const statement = (sid: string): Statement => {
    const found = statements.find(({ Sid }) => Sid === sid);
    if (found === undefined) throw new Error(`no statement ${sid}`);
    return found;
  };
  const vpcArn = (): unknown => named(graph, "network-vpc").outputs["arn"];

  it("fits what AWS takes as the inline policies of one role", () => {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(text.length).to.be.below(10_240);
    expect(text).to.equal(JSON.stringify(json(text)), "white space");
  });

  it("is named action by action", () => {
    const actions = statements.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /[*?]/.test(action))).to.deep.equal([]);
    expect(statements.filter(({ Effect }) => Effect !== "Allow")).to.deep.equal([]);
  });

  it("is held to one account and region wherever AWS knows resources", () => {
    const everywhere = statements.filter(({ Resource }) => Resource.includes("*"));
    expect(everywhere.map(({ Sid }) => Sid)).to.deep.equal([
      "ReadNetwork",
      "ReadLoadBalancers",
      "ListCertificates",
      "FirewallOfLoadBalancers",
    ]);
    expect(everywhere.flatMap(({ Action }) => Action).filter((action) => !/:(Describe|List)/.test(action))).to.deep.equal([
      "elasticloadbalancing:SetWebAcl",
    ]);
    const others = statements.flatMap(({ Resource }) => Resource).filter((resource) => resource !== "*");
    const foreign = others.filter((resource) => !/^arn:aws:(iam::|[a-z0-9]+:eu-central-1:)999999999999:[a-z]/.test(resource));
    expect(foreign).to.deep.equal([]);
  });

  it("makes what bears this cluster's mark, and marks it only while it makes it", () => {
    for (const sid of ["Create", "CreateSecurityGroups"]) {
      expect(statement(sid).Condition, sid).to.deep.equal({ StringEquals: { [requestTag]: clusterName } });
    }
    expect(statement("Mark").Condition).to.deep.equal({
      StringEquals: { [requestTag]: clusterName },
      StringLike: { "elasticloadbalancing:CreateAction": "Create*" },
    });
    expect(statement("MarkSecurityGroups").Condition).to.deep.equal({
      StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", [requestTag]: clusterName },
    });
    for (const sid of ["Tag", "TagSecurityGroups"]) {
      expect(statement(sid).Condition, sid).to.deep.equal({ Null: { [requestTag]: "true" }, StringEquals: { [resourceTag]: clusterName } });
    }
  });

  it("changes and deletes nothing that is not this cluster's", () => {
    for (const sid of ["Change", "DeleteSecurityGroups"]) {
      expect(statement(sid).Condition, sid).to.deep.equal({ StringEquals: { [resourceTag]: clusterName } });
    }
    const free = statements.filter(({ Condition }) => Condition === undefined).flatMap(({ Action }) => Action);
    expect(free.filter((action) => !/:(Describe|Get|List)/.test(action))).to.deep.equal([
      "wafv2:AssociateWebACL",
      "wafv2:DisassociateWebACL",
      "elasticloadbalancing:SetWebAcl",
      "ec2:CreateSecurityGroup",
      "elasticloadbalancing:SetRulePriorities",
    ]);
  });

  it("opens security groups of the stack's own VPC only, and makes them there", () => {
    expect(statement("SecurityGroupRules")).to.deep.equal({
      Sid: "SecurityGroupRules",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      Resource: ["arn:aws:ec2:eu-central-1:999999999999:security-group/*"],
      Condition: { ArnEquals: { "ec2:Vpc": vpcArn() } },
    });
    expect(statement("SecurityGroupsInVpc").Resource).to.deep.equal([vpcArn()]);
  });

  it("may make the role that an account without a load balancer lacks, and no other", () => {
    expect(statement("ServiceLinkedRole")).to.deep.include({
      Resource: [
        "arn:aws:iam::999999999999:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing",
      ],
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    });
  });

  it("is all that an Application Load Balancer with rules, targets, certificates and a firewall takes", () => {
    const granted = new Set(statements.flatMap(({ Action }) => Action));
    // Calls of the controller's own code for an Ingress, and what AWS asks for beside them: pkg/{deploy,ingress,networking,targetgroupbinding}
    const needed = `
      ec2: AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup DeleteTags DescribeAvailabilityZones DescribeInstances
      DescribeNetworkInterfaces DescribeRouteTables DescribeSecurityGroups DescribeSubnets DescribeVpcs GetSecurityGroupsForVpc
      RevokeSecurityGroupIngress
      elasticloadbalancing: AddListenerCertificates AddTags CreateListener CreateLoadBalancer CreateRule CreateTargetGroup DeleteListener
      DeleteLoadBalancer DeleteRule DeleteTargetGroup DeregisterTargets DescribeListenerAttributes DescribeListenerCertificates DescribeListeners
      DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeTags DescribeTargetGroupAttributes DescribeTargetGroups
      DescribeTargetHealth ModifyListener ModifyListenerAttributes ModifyLoadBalancerAttributes ModifyRule ModifyTargetGroup
      ModifyTargetGroupAttributes RegisterTargets RemoveListenerCertificates RemoveTags SetIpAddressType SetRulePriorities SetSecurityGroups
      SetSubnets SetWebAcl
      wafv2: AssociateWebACL DisassociateWebACL GetWebACLForResource`;
    let service = "";
    const missing = needed
      .trim()
      .split(/\s+/)
      .flatMap((word) => {
        if (word.endsWith(":")) {
          service = word;
          return [];
        }
        return granted.has(`${service}${word}`) ? [] : [`${service}${word}`];
      });
    expect(missing).to.deep.equal([]);
  });

  it("holds nothing for what the release switches off", () => {
    const left = statements
      .flatMap(({ Action }) => Action)
      .filter((action) => /^(shield|waf-regional|cognito-idp|globalaccelerator):/.test(action));
    expect(left).to.deep.equal([]);
    expect(text).not.to.match(/CapacityReservation|ModifyIpPools|loadbalancer\/net/);
  });
});
