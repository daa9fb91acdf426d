import { expect } from "chai";

import { nodeAddresses } from "../../../components/network/node-addresses";
import type { AzureNetworkArgs } from "../../../components/network/azure";
import { planVnet, type VnetWishes } from "../../../components/network/azure-plan";
import { newVnet } from "../../support/azure";
import { errorOf, simulateComponent } from "../../support/simulated";

const vnet = (name: string): string =>
  `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/landing-zone/providers/Microsoft.Network/virtualNetworks/${name}`;
const wishes = {
  region: "eastus",
  serviceCidr: "10.1.0.0/16",
  podCidr: "10.244.0.0/16",
  nodes: { system: 2, workload: 4, spot: 0, zones: 3 },
};
const subnets = { nodeSubnet: "workers", gatewaySubnet: "entrance", apiServerSubnet: "control" };

async function planned(change: Partial<VnetWishes>): Promise<AzureNetworkArgs["vnet"]> {
  const plans: AzureNetworkArgs["vnet"][] = [];
  await simulateComponent(async () => void plans.push(await planVnet({ ...wishes, ...change })));
  const [plan] = plans;
  if (plan === undefined) throw new Error("nothing was planned");
  return plan;
}

/** What the subscription cannot give: key and limit of each problem. */
async function refused(change: Partial<VnetWishes>): Promise<string[]> {
  const error = await errorOf(simulateComponent(() => planVnet({ ...wishes, ...change })));
  expect(error.name).to.equal("ConfigurationError");
  return error.message
    .trimEnd()
    .split("\n\n")
    .slice(1)
    .map((problem) =>
      problem
        .split("\n")
        .slice(0, 2)
        .map((line) => line.trim())
        .join(": "),
    );
}

describe("a virtual network of the program's own", () => {
  it("needs nothing of the subscription", async () => {
    expect(await planned(newVnet())).to.deep.equal(newVnet());
  });
});

describe("a virtual network that exists", () => {
  it("is looked up with its subnets and their ranges", async () => {
    const subnet = (name: string, cidr: string): { id: string; name: string; cidr: string } => ({
      id: `${vnet("hub")}/subnets/${name}`,
      name,
      cidr,
    });
    expect(await planned({ use: { virtualNetworkId: vnet("hub"), ...subnets } })).to.deep.equal({
      use: {
        nodes: subnet("workers", "10.8.1.0/24"),
        gateway: subnet("entrance", "10.8.2.0/24"),
        apiServer: subnet("control", "10.8.3.0/28"),
      },
    });
  });

  it("must exist: Azure's own words are shown", async () => {
    const [only, ...more] = await refused({ use: { virtualNetworkId: vnet("nowhere"), ...subnets } });
    expect(only).to.match(
      /^rocketchat:network\.use\.virtualNetworkId is .*: It must exist in the subscription of the stack; Azure says: .*ResourceNotFound/,
    );
    expect(more).to.deep.equal([]);
  });

  it("must have the named subnets", async () => {
    const names = { nodeSubnet: "a", gatewaySubnet: "b", apiServerSubnet: "c" };
    const limit = "It must exist in the virtual network that rocketchat:network.use.virtualNetworkId names.";
    expect(await refused({ use: { virtualNetworkId: vnet("hub"), ...names } })).to.deep.equal(
      Object.entries(names).map(([key, name]) => `rocketchat:network.use.${key} is "${name}": ${limit}`),
    );
  });

  it("must lie in the stack's region, apart from Services and pods, with subnets that serve: all that fails is said at once", async () => {
    const use = (name: string): string => `rocketchat:network.use.${name}`;
    expect(await refused({ use: { virtualNetworkId: vnet("careless"), ...subnets } })).to.deep.equal([
      `${use("virtualNetworkId")} is ${JSON.stringify(vnet("careless")).slice(0, 77)}...: It must lie in eastus, the stack's region; it lies in westeurope.`,
      'rocketchat:cluster.serviceCidr is "10.1.0.0/16": It must not overlap the virtual network, which has 10.0.0.0/8.',
      'rocketchat:cluster.podCidr is "10.244.0.0/16": It must not overlap the virtual network, which has 10.0.0.0/8.',
      `${use("nodeSubnet")} is "workers": It must have a NAT gateway: nodes have no public address, and would reach neither Azure nor a registry.`,
      `${use("nodeSubnet")} is "workers": It must have the service endpoint Microsoft.Storage: storage accounts let in this subnet and nobody else.`,
      `${use("nodeSubnet")} is "workers": It must hold 11 addresses beside the 5 that Azure keeps; it holds 8.`,
      `${use("gatewaySubnet")} is "entrance": It is delegated to Microsoft.Web/serverFarms, and Application Gateway needs a subnet of its own.`,
      `${use("gatewaySubnet")} is "entrance": It must have the service endpoint Microsoft.KeyVault: the gateway fetches its certificate through it.`,
      `${use("gatewaySubnet")} is "entrance": It is 10.9.2.0/27, and must be /26 or larger for the gateway to grow.`,
      `${use("apiServerSubnet")} is "control": It must be delegated to Microsoft.ContainerService/managedClusters.`,
      `${use("apiServerSubnet")} is "control": It is 10.9.3.0/29, and must be /28 or larger.`,
    ]);
  });
});

describe("the addresses of nodes", () => {
  it("are one for each node, one more for each pool during upgrades, and one for the internal load balancer", () => {
    expect(nodeAddresses({ system: 2, workload: 4, spot: 0, zones: 3 })).to.equal(2 + 4 + 4 + 1);
    expect(nodeAddresses({ system: 2, workload: 4, spot: 3, zones: 3 }), "a pool more").to.equal(2 + 4 + 3 + 5 + 1);
  });
});
