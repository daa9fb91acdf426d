import { sectionOf, type StackName } from "./simulated";

/** Another choice than the delivered stack's, that an operator may make on the first day. */
export interface Variant {
  readonly name: string;
  readonly stack: StackName;
  /** What it is about, as one sentence. */
  readonly description: string;
  /** Full keys to values. */
  readonly change: Readonly<Record<string, unknown>>;
}

const subnets = (list: number): string[] => ["a", "b", "c"].map((letter) => `subnet-0e0000000000000${list}${letter}`);
const cluster = sectionOf("aws-prod", "rocketchat:cluster");

/** The choices that change which resources there are. */
export const variants: readonly Variant[] = [
  {
    name: "single-nat",
    stack: "aws-prod",
    description: "One NAT gateway for all zones",
    change: { "rocketchat:network": { create: { natGateways: "single" } } },
  },
  {
    name: "spot",
    stack: "aws-prod",
    description: "A further pool of spot nodes",
    change: { "rocketchat:cluster": { ...cluster, spot: { sizes: ["t3.medium", "t3a.medium"], max: 2 } } },
  },
  {
    name: "existing-vpc",
    stack: "aws-prod",
    description: "A VPC that exists",
    change: {
      "rocketchat:network": {
        use: { vpcId: "vpc-0e000000000000001", privateSubnetIds: subnets(1), publicSubnetIds: subnets(2) },
      },
    },
  },
  {
    name: "replication",
    stack: "aws-prod",
    description: "Copies of uploads and backups in a second region",
    change: { "rocketchat:storage": { replication: { region: "us-west-2" } }, "rocketchat:backup": { copyRegion: "us-west-2" } },
  },
  {
    name: "hosted-zone",
    stack: "aws-prod",
    description: "A certificate issued and an address made in a zone of Route 53",
    change: { "rocketchat:domain": "chat.acme.io", "rocketchat:tls": { hostedZone: "acme.io" } },
  },
  {
    name: "waf",
    stack: "aws-prod",
    description: "AWS WAF in front of the load balancer",
    change: { "rocketchat:loadBalancer": { waf: true } },
  },
  {
    name: "watched-closely",
    stack: "aws-prod",
    description: "Container Insights, a budget, and backups that are locked",
    change: {
      "rocketchat:cluster": { ...cluster, containerInsights: true },
      "rocketchat:alerts": { email: "ops@acme.io", monthlyBudgetUsd: 500 },
      "rocketchat:backup": { vaultLock: "governance", restoreTests: false },
    },
  },
];
