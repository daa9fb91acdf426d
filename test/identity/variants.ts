import { simulateStack } from "../support/simulated";
import { Scene } from "./scene";

const region = "us-east-1";
const further = "us-west-2";

const cluster = { version: "1.36", apiServerCidrs: ["198.18.7.0/24"], nodes: { size: "t3.medium", min: 3, max: 4 } };

/** Deployments of the stack on AWS that between them make everything that it can make. */
const variants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "as delivered": {},
  "with everything on": {
    "rocketchat:tls": { hostedZone: "acme.io" },
    "rocketchat:cluster": { ...cluster, spot: { sizes: ["t3.medium", "t3a.medium"], max: 2 }, containerInsights: true },
    "rocketchat:loadBalancer": { waf: true },
    "rocketchat:storage": { replication: { region: further } },
    "rocketchat:backup": { copyRegion: further, vaultLock: "governance", restoreTests: true },
    "rocketchat:alerts": { email: "ops@acme.io", monthlyBudgetUsd: 500 },
  },
  "with everything off": {
    "rocketchat:network": {
      // What the simulated account held before: simulator/aws/existing.ts
      use: {
        vpcId: "vpc-0e000000000000001",
        privateSubnetIds: ["a", "b", "c"].map((letter) => `subnet-0e00000000000001${letter}`),
        publicSubnetIds: ["a", "b", "c"].map((letter) => `subnet-0e00000000000002${letter}`),
      },
    },
    "rocketchat:backup": { restoreTests: false },
  },
};

export const variantNames = Object.keys(variants);

const made = new Map<string, Promise<Scene>>();

/** A variant as deployed; each is made once in a process. */
export function variant(name: string): Promise<Scene> {
  const scene = made.get(name) ?? make(name);
  made.set(name, scene);
  return scene;
}

async function make(name: string): Promise<Scene> {
  const { graph } = await simulateStack("aws-prod", { preview: false, change: variants[name] ?? {} });
  return new Scene(graph, region, [further]);
}
