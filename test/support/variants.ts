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
const aks = sectionOf("azure-prod", "rocketchat:cluster");
const landingZone =
  "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/landing-zone/providers/Microsoft.Network/virtualNetworks/hub";

/** The choices that change which resources there are. */
export const variants: readonly Variant[] = [
  {
    name: "aws-single-nat",
    stack: "aws-prod",
    description: "One NAT gateway for all zones",
    change: { "rocketchat:network": { create: { natGateways: "single" } } },
  },
  {
    name: "aws-spot",
    stack: "aws-prod",
    description: "A further pool of spot nodes",
    change: { "rocketchat:cluster": { ...cluster, spot: { sizes: ["t3.medium", "t3a.medium"], max: 2 } } },
  },
  {
    name: "aws-existing-vpc",
    stack: "aws-prod",
    description: "A VPC that exists",
    change: {
      "rocketchat:network": {
        use: { vpcId: "vpc-0e000000000000001", privateSubnetIds: subnets(1), publicSubnetIds: subnets(2) },
      },
    },
  },
  {
    name: "aws-replication",
    stack: "aws-prod",
    description: "Copies of uploads and backups in a second region",
    change: { "rocketchat:storage": { replication: { region: "us-west-2" } }, "rocketchat:backup": { copyRegion: "us-west-2" } },
  },
  {
    name: "aws-hosted-zone",
    stack: "aws-prod",
    description: "A certificate issued and an address made in a zone of Route 53",
    change: { "rocketchat:domain": "chat.acme.io", "rocketchat:tls": { hostedZone: "acme.io" } },
  },
  {
    name: "aws-waf",
    stack: "aws-prod",
    description: "AWS WAF in front of the load balancer",
    change: { "rocketchat:loadBalancer": { waf: true } },
  },
  {
    name: "aws-watched-closely",
    stack: "aws-prod",
    description: "Container Insights, a budget, and backups that are locked",
    change: {
      "rocketchat:cluster": { ...cluster, containerInsights: true },
      "rocketchat:alerts": { email: "ops@acme.io", monthlyBudgetUsd: 500 },
      "rocketchat:backup": { vaultLock: "governance", restoreTests: false },
    },
  },
  {
    name: "azure-waf",
    stack: "azure-prod",
    description: "A gateway with a web application firewall",
    change: { "rocketchat:loadBalancer": { waf: true } },
  },
  {
    name: "azure-spot",
    stack: "azure-prod",
    description: "A further pool of spot nodes",
    change: { "rocketchat:cluster": { ...aks, spot: { sizes: ["Standard_B2s"], max: 2 } } },
  },
  {
    name: "azure-existing-vnet",
    stack: "azure-prod",
    description: "A virtual network that exists",
    change: {
      "rocketchat:network": {
        use: { virtualNetworkId: landingZone, nodeSubnet: "workers", gatewaySubnet: "entrance", apiServerSubnet: "control" },
      },
    },
  },
  {
    name: "azure-traffic-manager",
    stack: "azure-prod",
    description: "Traffic Manager in front of the gateway",
    change: { "rocketchat:loadBalancer": { trafficManager: true } },
  },
  {
    name: "azure-standard-disks",
    stack: "azure-prod",
    description: "Standard disks for volumes",
    change: { "rocketchat:storage": { diskSku: "Standard_LRS" } },
  },
  {
    name: "azure-watched-closely",
    stack: "azure-prod",
    description: "Container Insights, a budget, and locks on what holds data",
    change: {
      "rocketchat:cluster": { ...aks, containerInsights: true, dailyLogCapGiB: 5 },
      "rocketchat:alerts": { email: "ops@acme.io", monthlyBudget: { amount: 700, firstMonth: "2026-12" } },
      "rocketchat:backup": { locks: true },
    },
  },
];
