import { elsewhere, podsOf, stranger, type RoleTable, type TableCall } from "./table";

/** Tag by which the controller knows what it made for which cluster. */
const mark = "elbv2.k8s.aws/cluster";

/** The AWS Load Balancer Controller: one cluster's Application Load Balancers in one VPC, and nobody else's. */
export const loadBalancer: readonly RoleTable[] = [
  {
    role: "cluster-load-balancer-role",
    assumed: podsOf("kube-system", "aws-load-balancer-controller"),
    calls: (scene, arn) => {
      const elb = (path: string): string => scene.of("elasticloadbalancing", path);
      const balancer = elb("loadbalancer/app/k8s-rocketch-chat-0123456789/0123456789abcdef");
      const listener = elb("listener/app/k8s-rocketch-chat-0123456789/0123456789abcdef/0123456789abcdef");
      const rule = elb("listener-rule/app/k8s-rocketch-chat-0123456789/0123456789abcdef/0123456789abcdef/0123456789abcdef");
      const targets = elb("targetgroup/k8s-rocketch-chat-0123456789/0123456789abcdef");
      const group = scene.of("ec2", "security-group/sg-0123456789abcdef0");
      const vpc = (id: string): string => scene.of("ec2", `vpc/${id}`);
      const webAcl = scene.of("wafv2", "regional/webacl/chat/01234567-89ab-cdef-0123-456789abcdef");
      const certificate = scene.of("acm", "certificate/01234567-89ab-cdef-0123-456789abcdef");
      const linkedRole = `arn:aws:iam::${scene.account}:role/aws-service-role`;

      const own = { [`aws:ResourceTag/${mark}`]: scene.clusterName };
      const other = { [`aws:ResourceTag/${mark}`]: `${scene.clusterName}-2` };
      const marking = { [`aws:RequestTag/${mark}`]: scene.clusterName };
      const mismarking = { [`aws:RequestTag/${mark}`]: `${scene.clusterName}-2` };
      const made = (by: string) => ({ ...marking, "elasticloadbalancing:CreateAction": by });
      const inVpc = (id: string) => ({ "ec2:Vpc": vpc(id) });
      const linked = `${linkedRole}/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing`;
      const may: readonly TableCall[] = [
        { action: "elasticloadbalancing:CreateLoadBalancer", on: balancer, with: marking },
        { action: "elasticloadbalancing:AddTags", on: balancer, with: made("CreateLoadBalancer") },
        { action: "elasticloadbalancing:CreateTargetGroup", on: targets, with: marking },
        { action: "elasticloadbalancing:AddTags", on: targets, with: made("CreateTargetGroup") },
        { action: "elasticloadbalancing:CreateListener", on: balancer, with: { ...own, ...marking } },
        { action: "elasticloadbalancing:AddTags", on: listener, with: made("CreateListener") },
        { action: "elasticloadbalancing:CreateRule", on: listener, with: { ...own, ...marking } },
        { action: "elasticloadbalancing:AddTags", on: rule, with: made("CreateRule") },
        { action: "elasticloadbalancing:AddTags", on: balancer, with: { ...own, "aws:RequestTag/team": "chat" } },
        { action: "elasticloadbalancing:RegisterTargets", on: targets, with: own },
        { action: "elasticloadbalancing:DeregisterTargets", on: targets, with: own },
        { action: "elasticloadbalancing:ModifyLoadBalancerAttributes", on: balancer, with: own },
        { action: "elasticloadbalancing:SetSecurityGroups", on: balancer, with: own },
        { action: "elasticloadbalancing:SetSubnets", on: balancer, with: own },
        { action: "elasticloadbalancing:ModifyListener", on: listener, with: own },
        { action: "elasticloadbalancing:SetRulePriorities", on: rule },
        { action: "elasticloadbalancing:DeleteLoadBalancer", on: balancer, with: own },
        { action: "elasticloadbalancing:DeleteTargetGroup", on: targets, with: own },
        { action: "elasticloadbalancing:DescribeLoadBalancers", on: "*" },
        { action: "elasticloadbalancing:DescribeListenerAttributes", on: "*" },
        { action: "elasticloadbalancing:SetWebAcl", on: "*" },
        { action: "wafv2:AssociateWebACL", on: [webAcl, balancer] },
        { action: "acm:ListCertificates", on: "*" },
        { action: "acm:DescribeCertificate", on: certificate },
        { action: "ec2:DescribeSubnets", on: "*" },
        { action: "ec2:GetSecurityGroupsForVpc", on: vpc(scene.vpcId) },
        { action: "ec2:CreateSecurityGroup", on: [vpc(scene.vpcId), group], with: marking },
        { action: "ec2:CreateTags", on: group, with: { ...marking, "ec2:CreateAction": "CreateSecurityGroup" } },
        { action: "ec2:AuthorizeSecurityGroupIngress", on: group, with: inVpc(scene.vpcId) },
        { action: "ec2:RevokeSecurityGroupIngress", on: group, with: inVpc(scene.vpcId) },
        { action: "ec2:DeleteSecurityGroup", on: group, with: own },
        {
          action: "iam:CreateServiceLinkedRole",
          on: linked,
          with: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
        },
        { action: "ec2:CreateTags", on: group, with: { ...own, "aws:RequestTag/team": "chat" } },
        { action: "ec2:DeleteTags", on: group, with: own },
      ];
      return {
        may,
        mayNot: [
          ...elsewhere(scene, may),
          { action: "elasticloadbalancing:CreateLoadBalancer", on: balancer },
          { action: "elasticloadbalancing:CreateLoadBalancer", on: balancer, with: mismarking },
          { action: "elasticloadbalancing:CreateLoadBalancer", on: elb("loadbalancer/net/x/0123456789abcdef"), with: marking },
          { action: "elasticloadbalancing:CreateTargetGroup", on: targets },
          { action: "elasticloadbalancing:CreateListener", on: balancer, with: { ...other, ...marking } },
          { action: "elasticloadbalancing:AddTags", on: balancer, with: { ...own, ...mismarking } },
          { action: "elasticloadbalancing:AddTags", on: balancer, with: marking },
          { action: "elasticloadbalancing:AddTags", on: balancer, with: { ...other, "aws:RequestTag/team": "chat" } },
          ...[other, {}].flatMap((theirs) => [
            { action: "elasticloadbalancing:DeleteLoadBalancer", on: balancer, with: theirs },
            { action: "elasticloadbalancing:ModifyLoadBalancerAttributes", on: balancer, with: theirs },
            { action: "elasticloadbalancing:SetSecurityGroups", on: balancer, with: theirs },
            { action: "elasticloadbalancing:ModifyListener", on: listener, with: theirs },
            { action: "elasticloadbalancing:DeleteRule", on: rule, with: theirs },
            { action: "elasticloadbalancing:RegisterTargets", on: targets, with: theirs },
            { action: "elasticloadbalancing:DeregisterTargets", on: targets, with: theirs },
            { action: "ec2:DeleteSecurityGroup", on: group, with: theirs },
            { action: "ec2:CreateTags", on: group, with: theirs },
          ]),
          { action: "ec2:CreateSecurityGroup", on: [vpc("vpc-0fffffffffffffff0"), group], with: marking },
          { action: "ec2:CreateSecurityGroup", on: [vpc(scene.vpcId), group] },
          { action: "ec2:CreateSecurityGroup", on: group.replace(scene.region, "ap-south-1"), with: marking },
          { action: "ec2:AuthorizeSecurityGroupIngress", on: group, with: inVpc("vpc-0fffffffffffffff0") },
          { action: "ec2:AuthorizeSecurityGroupIngress", on: group },
          { action: "ec2:AuthorizeSecurityGroupEgress", on: group, with: inVpc(scene.vpcId) },
          { action: "ec2:CreateTags", on: scene.of("ec2", "instance/i-0123456789abcdef0"), with: marking },
          { action: "ec2:RunInstances", on: scene.of("ec2", "instance/i-0123456789abcdef0") },
          { action: "ec2:TerminateInstances", on: scene.of("ec2", "instance/i-0123456789abcdef0") },
          { action: "acm:DeleteCertificate", on: certificate },
          { action: "acm:ExportCertificate", on: certificate },
          { action: "acm:DescribeCertificate", on: certificate.replace(scene.account, stranger) },
          { action: "wafv2:DeleteWebACL", on: webAcl },
          { action: "wafv2:UpdateWebACL", on: webAcl },
          {
            action: "iam:CreateServiceLinkedRole",
            on: `${linkedRole}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
            with: { "iam:AWSServiceName": "autoscaling.amazonaws.com" },
          },
          { action: "iam:CreateServiceLinkedRole", on: linked, with: { "iam:AWSServiceName": "autoscaling.amazonaws.com" } },
          {
            action: "iam:CreateServiceLinkedRole",
            on: `${linkedRole}/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
            with: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
          },
          { action: "iam:PassRole", on: arn, with: { "iam:PassedToService": "ec2.amazonaws.com" } },
          { action: "s3:GetObject", on: `${scene.arn("store-access-logs-bucket")}/alb/log` },
          { action: "kms:Decrypt", on: scene.arn("encryption-secrets-key") },
        ],
      };
    },
  },
];
