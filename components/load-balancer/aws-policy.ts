import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { IamStatement } from "../cluster/identity";

export interface ControllerPolicyArgs {
  readonly clusterName: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  readonly region: string;
}

/** The tag by which the controller knows what it made for which cluster. It is on everything that it makes, from the first moment on. */
const clusterTag = "elbv2.k8s.aws/cluster";

/**
 * What the AWS Load Balancer Controller v3.5.0 may do: its own policy
 * (https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json), held to this account, region, VPC
 * and cluster.
 *
 * Upstream asks of what it changes only that some cluster made it, and of listeners and rules nothing, since old ones bear no tag; here there are
 * no old ones, and everything has to be this cluster's. Left out is what the release's own settings switch off (classic WAF, Shield, capacity
 * reservations, Network Load Balancers), and what only annotations that nobody sets would ask for (Cognito, server certificates of IAM, trust
 * stores, pools of addresses). The other reads of EC2 are all here: AWS asks for some of them on behalf of the controller when it makes a load
 * balancer, and nowhere says which.
 */
export function controllerStatements(parent: pulumi.Resource, args: ControllerPolicyArgs): IamStatement[] {
  const { partition } = aws.getPartitionOutput({}, { parent });
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const arn = (service: string, path: pulumi.Input<string>): pulumi.Output<string> =>
    pulumi.interpolate`arn:${partition}:${service}:${args.region}:${accountId}:${path}`;
  const own = { [`aws:ResourceTag/${clusterTag}`]: args.clusterName };
  const marked = { [`aws:RequestTag/${clusterTag}`]: args.clusterName };
  /** The mark itself stays as it is. */
  const unmarked = { Null: { [`aws:RequestTag/${clusterTag}`]: "true" } };
  const vpc = arn("ec2", pulumi.interpolate`vpc/${args.vpcId}`);
  const securityGroups = [arn("ec2", "security-group/*")];
  const loadBalancers = arn("elasticloadbalancing", "loadbalancer/app/*/*");
  const targetGroups = arn("elasticloadbalancing", "targetgroup/*/*");
  const listeners = arn("elasticloadbalancing", "listener/app/*/*/*");
  const rules = arn("elasticloadbalancing", "listener-rule/app/*/*/*/*");
  const all = [loadBalancers, targetGroups, listeners, rules];
  return [
    allow("ServiceLinkedRole", ["iam:CreateServiceLinkedRole"], [serviceLinkedRole(partition, accountId)], {
      StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
    }),
    // None of the next three knows resources: https://docs.aws.amazon.com/service-authorization/latest/reference/
    allow("ReadNetwork", networkReads, ["*"]),
    allow("ReadLoadBalancers", loadBalancerReads, ["*"]),
    allow("ListCertificates", ["acm:ListCertificates"], ["*"]),
    allow("ReadSecurityGroups", ["ec2:GetSecurityGroupsForVpc"], [vpc]),
    allow("ReadCertificates", ["acm:DescribeCertificate"], [arn("acm", "certificate/*")]),
    allow(
      "Firewall",
      ["wafv2:AssociateWebACL", "wafv2:DisassociateWebACL", "wafv2:GetWebACL", "wafv2:GetWebACLForResource"],
      [arn("wafv2", "regional/webacl/*/*"), loadBalancers],
    ),
    // What WAF asks of ELB for an association; it knows no resources either.
    allow("FirewallOfLoadBalancers", ["elasticloadbalancing:SetWebAcl"], ["*"]),
    allow("SecurityGroupsInVpc", ["ec2:CreateSecurityGroup"], [vpc]),
    allow("CreateSecurityGroups", ["ec2:CreateSecurityGroup"], securityGroups, { StringEquals: marked }),
    allow("MarkSecurityGroups", ["ec2:CreateTags"], securityGroups, {
      StringEquals: { "ec2:CreateAction": "CreateSecurityGroup", ...marked },
    }),
    allow("TagSecurityGroups", ["ec2:CreateTags", "ec2:DeleteTags"], securityGroups, { ...unmarked, StringEquals: own }),
    allow("DeleteSecurityGroups", ["ec2:DeleteSecurityGroup"], securityGroups, { StringEquals: own }),
    // Not its own alone: the cluster's group has to let the load balancer through to the pods.
    allow("SecurityGroupRules", ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"], securityGroups, {
      ArnEquals: { "ec2:Vpc": vpc },
    }),
    allow("Create", ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], [loadBalancers, targetGroups], {
      StringEquals: marked,
    }),
    allow("Mark", ["elasticloadbalancing:AddTags"], all, {
      StringEquals: marked,
      StringLike: { "elasticloadbalancing:CreateAction": "Create*" },
    }),
    allow("Tag", ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], all, { ...unmarked, StringEquals: own }),
    allow("Change", changes, all, { StringEquals: own }),
    // AWS tells no tag of the rules that change places.
    allow("OrderRules", ["elasticloadbalancing:SetRulePriorities"], [rules]),
  ];
}

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: readonly pulumi.Input<string>[],
  Condition?: IamStatement["Condition"],
): IamStatement {
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html: an account without a load balancer lacks it. */
function serviceLinkedRole(partition: pulumi.Output<string>, account: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`arn:${partition}:iam::${account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`;
}

const networkReads = [
  "DescribeAccountAttributes",
  "DescribeAddresses",
  "DescribeAvailabilityZones",
  "DescribeInstances",
  "DescribeInternetGateways",
  "DescribeNetworkInterfaces",
  "DescribeRouteTables",
  "DescribeSecurityGroups",
  "DescribeSubnets",
  "DescribeTags",
  "DescribeVpcPeeringConnections",
  "DescribeVpcs",
].map((action) => `ec2:${action}`);

const loadBalancerReads = [
  "DescribeListenerAttributes",
  "DescribeListenerCertificates",
  "DescribeListeners",
  "DescribeLoadBalancerAttributes",
  "DescribeLoadBalancers",
  "DescribeRules",
  "DescribeSSLPolicies",
  "DescribeTags",
  "DescribeTargetGroupAttributes",
  "DescribeTargetGroups",
  "DescribeTargetHealth",
].map((action) => `elasticloadbalancing:${action}`);

const changes = [
  "AddListenerCertificates",
  "CreateListener",
  "CreateRule",
  "DeleteListener",
  "DeleteLoadBalancer",
  "DeleteRule",
  "DeleteTargetGroup",
  "DeregisterTargets",
  "ModifyListener",
  "ModifyListenerAttributes",
  "ModifyLoadBalancerAttributes",
  "ModifyRule",
  "ModifyTargetGroup",
  "ModifyTargetGroupAttributes",
  "RegisterTargets",
  "RemoveListenerCertificates",
  "SetIpAddressType",
  "SetSecurityGroups",
  "SetSubnets",
].map((action) => `elasticloadbalancing:${action}`);
