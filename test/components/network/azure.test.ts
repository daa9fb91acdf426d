import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureNetwork, newVnet, operators, podCidr, region, tags } from "../../support/azure";
import { contents, named, ofType, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

/** The last rule of every group: nothing else comes in, not even from inside the network. */
const rest = {
  name: "deny-everything-else",
  access: "Deny",
  direction: "Inbound",
  priority: 4096,
  protocol: "*",
  sourcePortRange: "*",
  sourceAddressPrefix: "*",
  destinationAddressPrefix: "*",
  destinationPortRange: "*",
};
const allowed = { access: "Allow", direction: "Inbound", protocol: "Tcp", sourcePortRange: "*" };

for (const preview of [true, false]) {
  describe(`the network on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureNetwork(), { preview });
    });
    /** Where everything lies: a preview does not know the name of the group yet. */
    const placed = (): Record<string, unknown> => ({
      resourceGroupName: preview ? unknownText : named(graph, "network-rg").outputs["name"],
      location: region,
    });

    it("is one virtual network with three subnets, and nothing else", () => {
      expect(contents(graph, "network")).to.deep.equal({
        "azure-native:network:FlowLog": ["network-flow-log"],
        "azure-native:network:NatGateway": ["network-nat"],
        "azure-native:network:NetworkSecurityGroup": ["network-apiserver-nsg", "network-gateway-nsg", "network-nodes-nsg"],
        "azure-native:network:PublicIPAddress": ["network-nat-ip"],
        "azure-native:network:Subnet": ["network-apiserver", "network-gateway", "network-nodes"],
        "azure-native:network:VirtualNetwork": ["network-vnet"],
        "azure-native:resources:ResourceGroup": ["network-rg"],
        "azure-native:storage:StorageAccount": ["network-flow-logs"],
        "random:index/randomString:RandomString": ["network-suffix"],
      });
    });

    it("has 10.0.0.0/16, and leaves the subnets to resources of their own", () => {
      const vnet = named(graph, "network-vnet");
      expect(vnet.inputs).to.deep.equal({
        ...placed(),
        addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
        tags,
        // The SDK's own defaults.
        enableDdosProtection: false,
        enableVmProtection: false,
      });
      expect(vnet.ignoreChanges).to.deep.equal(["subnets"]);
      expect(named(graph, "network-rg").inputs).to.deep.equal({ location: region, tags });
    });

    it("gives each subnet its range and a security group of its own, and no way out by default", () => {
      const ranges = { nodes: "10.0.1.0/24", gateway: "10.0.2.0/24", apiserver: "10.0.3.0/28" };
      for (const [purpose, range] of Object.entries(ranges)) {
        const subnet = named(graph, `network-${purpose}`);
        expect(subnet.inputs, purpose).to.deep.include({ subnetName: purpose, addressPrefix: range, defaultOutboundAccess: false });
        expect(subnet.inputs, purpose).to.have.nested.property("networkSecurityGroup.id");
        const groups = waitedFor(graph, subnet).filter((name) => name.endsWith("-nsg"));
        expect(groups, purpose).to.deep.equal([`network-${purpose}-nsg`]);
      }
    });

    it("delegates one subnet to the API server, and that one only", () => {
      const delegations = ofType(graph, "azure-native:network:Subnet").map(({ name, inputs }) => [name, inputs["delegations"]]);
      expect(delegations).to.deep.equal([
        ["network-apiserver", [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }]],
        ["network-gateway", undefined],
        ["network-nodes", undefined],
      ]);
    });

    it("opens storage and vaults to the nodes, and vaults to the gateway, without a public address", () => {
      const endpoints = (name: string): unknown => named(graph, name).inputs["serviceEndpoints"];
      expect(endpoints("network-nodes")).to.deep.equal([{ service: "Microsoft.Storage" }, { service: "Microsoft.KeyVault" }]);
      expect(endpoints("network-gateway")).to.deep.equal([{ service: "Microsoft.KeyVault" }]);
      expect(endpoints("network-apiserver")).to.equal(undefined);
    });

    it("lets the nodes out through one NAT gateway with a zone-redundant address, and nothing else through it", () => {
      expect(named(graph, "network-nat-ip").inputs).to.deep.equal({
        ...placed(),
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard", tier: "Regional" },
        zones: ["1", "2", "3"],
        tags,
      });
      expect(named(graph, "network-nat-ip").ignoreChanges).to.deep.equal(["natGateway"]);
      const gateway = named(graph, "network-nat");
      expect(gateway.inputs).to.deep.include({ ...placed(), sku: { name: "Standard" }, idleTimeoutInMinutes: 10, tags });
      expect(waitedFor(graph, gateway)).to.deep.equal(["network-nat-ip", "network-rg"]);
      const behind = ofType(graph, "azure-native:network:Subnet").filter(({ inputs }) => inputs["natGateway"] !== undefined);
      expect(behind.map(({ name }) => name)).to.deep.equal(["network-nodes"]);
      expect(waitsFor(graph, named(graph, "network-nodes"), gateway)).to.equal(true);
    });

    it("makes one subnet after another, since a network takes one change at a time", () => {
      const [nodes, gateway, apiServer] = ["nodes", "gateway", "apiserver"].map((purpose) => named(graph, `network-${purpose}`));
      if (!nodes || !gateway || !apiServer) throw new Error("a subnet is missing");
      expect(waitsFor(graph, gateway, nodes)).to.equal(true);
      expect(waitsFor(graph, apiServer, gateway)).to.equal(true);
      expect(waitsFor(graph, nodes, gateway)).to.equal(false);
      expect(waitsFor(graph, named(graph, "network-flow-log"), apiServer)).to.equal(true);
    });

    it("lets users and Azure's own management reach the gateway, and nobody else", () => {
      expect(named(graph, "network-gateway-nsg").inputs).to.deep.equal({
        ...placed(),
        tags,
        securityRules: [
          {
            ...allowed,
            name: "users",
            priority: 100,
            sourceAddressPrefix: "Internet",
            destinationAddressPrefix: "10.0.2.0/24",
            destinationPortRanges: ["80", "443"],
          },
          {
            ...allowed,
            name: "gateway-manager",
            priority: 110,
            sourceAddressPrefix: "GatewayManager",
            destinationAddressPrefix: "*",
            destinationPortRange: "65200-65535",
          },
          {
            ...allowed,
            name: "azure-load-balancer",
            priority: 120,
            protocol: "*",
            sourceAddressPrefix: "AzureLoadBalancer",
            destinationAddressPrefix: "*",
            destinationPortRange: "*",
          },
          rest,
        ],
      });
    });

    it("lets nodes, pods, gateway and API server reach the nodes, and not the internet", () => {
      const anything = { destinationAddressPrefix: "*", destinationPortRange: "*" };
      expect(named(graph, "network-nodes-nsg").inputs["securityRules"]).to.deep.equal([
        {
          ...allowed,
          ...anything,
          name: "nodes-and-pods",
          priority: 100,
          protocol: "*",
          sourceAddressPrefixes: ["10.0.1.0/24", podCidr],
        },
        { ...allowed, ...anything, name: "gateway", priority: 110, sourceAddressPrefix: "10.0.2.0/24", destinationPortRange: "3000" },
        { ...allowed, ...anything, name: "api-server", priority: 120, sourceAddressPrefix: "10.0.3.0/28" },
        {
          ...allowed,
          ...anything,
          name: "azure-load-balancer",
          priority: 130,
          protocol: "*",
          sourceAddressPrefix: "AzureLoadBalancer",
        },
        rest,
      ]);
    });

    it("lets nodes and the configured operators reach the API server, and nobody else", () => {
      expect(named(graph, "network-apiserver-nsg").inputs["securityRules"]).to.deep.equal([
        {
          ...allowed,
          name: "nodes",
          priority: 100,
          sourceAddressPrefix: "10.0.1.0/24",
          destinationAddressPrefix: "10.0.3.0/28",
          destinationPortRanges: ["443", "4443"],
        },
        {
          ...allowed,
          name: "operators",
          priority: 110,
          sourceAddressPrefixes: operators,
          destinationAddressPrefix: "*",
          destinationPortRange: "443",
        },
        {
          ...allowed,
          name: "azure-load-balancer",
          priority: 120,
          sourceAddressPrefix: "AzureLoadBalancer",
          destinationAddressPrefix: "10.0.3.0/28",
          destinationPortRange: "9988",
        },
        rest,
      ]);
    });

    it("logs all flows through the watcher that the region already has, into an account closed to everybody else", () => {
      const log = named(graph, "network-flow-log");
      expect(log.inputs).to.deep.include({
        location: region,
        networkWatcherName: `NetworkWatcher_${region}`,
        resourceGroupName: "NetworkWatcherRG",
        enabled: true,
        format: { type: "JSON", version: 2 },
        retentionPolicy: { enabled: true, days: 90 },
        tags,
      });
      expect(waitedFor(graph, log)).to.deep.equal(["network-apiserver", "network-flow-logs", "network-vnet"]);
      const account = named(graph, "network-flow-logs").inputs;
      expect(account).to.deep.equal({
        ...placed(),
        accountName: account["accountName"],
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        minimumTlsVersion: "TLS1_2",
        enableHttpsTrafficOnly: true,
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: true,
        networkRuleSet: { bypass: "AzureServices", defaultAction: "Deny" },
        tags,
      });
      if (!preview) expect(account["accountName"]).to.match(/^rcflowlogs[a-z0-9]{8}$/);
    });

    it("hands out its subnets and their ranges", () => {
      const { outputs } = named(graph, "network");
      expect(outputs).to.have.all.keys(
        "resourceGroupName",
        "nodeSubnetIds",
        "gatewaySubnetId",
        "apiServerSubnetId",
        "nodeCidrs",
        "ingressCidrs",
      );
      expect(outputs["nodeCidrs"]).to.deep.equal(["10.0.1.0/24"]);
      expect(outputs["ingressCidrs"]).to.deep.equal(["10.0.2.0/24"]);
    });
  });
}

describe("the network on Azure", () => {
  it("admits every configured range to the API server", async () => {
    const apiServerCidrs = ["198.18.7.0/24", "198.18.9.4/32"];
    const graph = await simulateComponent(() => azureNetwork({ apiServerCidrs }));
    expect(named(graph, "network-apiserver-nsg").inputs)
      .to.have.nested.property("securityRules[1].sourceAddressPrefixes")
      .that.deep.equals(apiServerCidrs);
  });

  it("takes the watcher by the name and group that the configuration gives", async () => {
    const graph = await simulateComponent(() => azureNetwork({ vnet: newVnet({ watcher: { name: "ours", resourceGroup: "watching" } }) }));
    expect(named(graph, "network-flow-log").inputs).to.include({ networkWatcherName: "ours", resourceGroupName: "watching" });
  });

  it("takes a network that exists as it is: only the stack's own group is made, and everything is handed on", async () => {
    const subnet = (name: string, cidr: string): { id: string; name: string; cidr: string } => ({ id: `/subnets/${name}`, name, cidr });
    const use = {
      nodes: subnet("workers", "10.8.1.0/24"),
      gateway: subnet("entrance", "10.8.2.0/24"),
      apiServer: subnet("control", "10.8.3.0/28"),
    };
    let nodeSubnetName = "";
    const build = (): void => void ({ nodeSubnetName } = azureNetwork({ vnet: { use } }));
    const graph = await simulateComponent(build, { preview: true });
    expect(contents(graph, "network")).to.deep.equal({ "azure-native:resources:ResourceGroup": ["network-rg"] });
    expect(named(graph, "network").outputs).to.deep.equal({
      resourceGroupName: unknownText,
      nodeSubnetIds: ["/subnets/workers"],
      gatewaySubnetId: "/subnets/entrance",
      apiServerSubnetId: "/subnets/control",
      nodeCidrs: ["10.8.1.0/24"],
      ingressCidrs: ["10.8.2.0/24"],
    });
    expect(nodeSubnetName).to.equal("workers");
  });
});
