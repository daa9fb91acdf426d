import * as containerservice from "@pulumi/azure-native/containerservice";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";

import { answerOf, dnsServiceIp } from "../../../components/cluster/azure-control-plane";
import { contains, formatCidr, parseCidr } from "../../../components/network/cidr";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureCluster, operators, podCidr, region, tags } from "../../support/azure";
import { errorOf, named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

const upgradeSettings = { maxSurge: "1", drainTimeoutInMinutes: 30 };

for (const preview of [true, false]) {
  describe(`the control plane on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureCluster(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);

    it("is exactly this, and ignores nothing that somebody else changed", () => {
      const aks = named(graph, "cluster-aks");
      const subnet = (name: string): unknown => {
        const { virtualNetworkName, resourceGroupName } = named(graph, `network-${name}`).inputs;
        const group = `/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/${String(resourceGroupName)}`;
        return later(`${group}/providers/Microsoft.Network/virtualNetworks/${String(virtualNetworkName)}/subnets/${name}`);
      };
      const identities = (aks.inputs["identity"] as { userAssignedIdentities: string[] }).userAssignedIdentities;
      expect(identities).to.have.lengthOf(1);
      if (!preview) expect(identities[0]).to.match(/\/userAssignedIdentities\/cluster-identity[0-9a-f]{8}$/);
      expect(aks.inputs).to.deep.equal({
        resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
        location: region,
        kubernetesVersion: "1.36",
        dnsPrefix: "rocketchat-test",
        sku: { name: "Base", tier: "Standard" },
        supportPlan: "KubernetesOfficial",
        identity: { type: "UserAssigned", userAssignedIdentities: identities },
        agentPoolProfiles: [
          {
            name: "system",
            mode: "System",
            type: "VirtualMachineScaleSets",
            vmSize: "Standard_D2as_v5",
            count: 2,
            enableAutoScaling: false,
            availabilityZones: ["1", "2", "3"],
            orchestratorVersion: "1.36",
            osType: "Linux",
            osSKU: "Ubuntu",
            osDiskType: "Managed",
            osDiskSizeGB: 64,
            maxPods: 30,
            enableNodePublicIP: false,
            vnetSubnetID: subnet("nodes"),
            upgradeSettings,
            nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
            tags,
          },
        ],
        apiServerAccessProfile: {
          enableVnetIntegration: true,
          subnetId: subnet("apiserver"),
          enablePrivateCluster: false,
          authorizedIPRanges: operators,
          disableRunCommand: true,
        },
        networkProfile: {
          networkPlugin: "azure",
          networkPluginMode: "overlay",
          networkDataplane: "cilium",
          networkPolicy: "cilium",
          serviceCidr: "10.1.0.0/16",
          dnsServiceIP: "10.1.0.10",
          podCidr,
          loadBalancerSku: "standard",
          outboundType: "userAssignedNATGateway",
        },
        enableRBAC: true,
        aadProfile: { managed: true, enableAzureRBAC: true },
        disableLocalAccounts: true,
        oidcIssuerProfile: { enabled: true },
        securityProfile: { workloadIdentity: { enabled: true }, imageCleaner: { enabled: true, intervalHours: 168 } },
        storageProfile: {
          diskCSIDriver: { enabled: true },
          blobCSIDriver: { enabled: true },
          fileCSIDriver: { enabled: false },
          snapshotController: { enabled: true },
        },
        addonProfiles: { azurepolicy: { enabled: true, config: { version: "v2" } }, omsagent: { enabled: false } },
        autoScalerProfile: {
          balanceSimilarNodeGroups: "true",
          skipNodesWithLocalStorage: "false",
          skipNodesWithSystemPods: "false",
          expander: "least-waste",
        },
        autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
        tags,
      });
      expect(aks).to.deep.include({ protect: true, ignoreChanges: [] });
    });

    it("comes when its identity may do what it has to, and the network is done", () => {
      const aks = named(graph, "cluster-aks");
      expect(waitedFor(graph, aks)).to.include("cluster-identity-settled");
      for (const name of ["network-nodes", "network-gateway", "network-apiserver"])
        expect(waitsFor(graph, aks, named(graph, name)), name).to.equal(true);
    });
  });
}

describe("the control plane on Azure", () => {
  it("has version, tier, ranges, zones and system nodes of the configuration; the service address follows its range", async () => {
    const graph = await simulateComponent(() =>
      azureCluster({
        version: "1.35.6",
        tier: "Free",
        apiServerCidrs: ["198.18.7.1/32", "198.18.8.0/24"],
        serviceCidr: "10.2.3.0/24",
        podCidr: "10.128.0.0/14",
        systemNodes: { size: "Standard_D4as_v5", count: 3 },
        zones: ["2"],
        deletionProtection: false,
      }),
    );
    const { inputs, protect } = named(graph, "cluster-aks");
    const [system] = inputs["agentPoolProfiles"] as readonly Record<string, unknown>[];
    expect(protect).to.equal(false);
    expect(inputs).to.deep.include({ kubernetesVersion: "1.35.6", sku: { name: "Base", tier: "Free" }, supportPlan: "KubernetesOfficial" });
    expect(inputs["networkProfile"]).to.deep.include({ serviceCidr: "10.2.3.0/24", dnsServiceIP: "10.2.3.10", podCidr: "10.128.0.0/14" });
    expect(inputs["apiServerAccessProfile"]).to.deep.include({ authorizedIPRanges: ["198.18.7.1/32", "198.18.8.0/24"] });
    expect(system).to.deep.include({ vmSize: "Standard_D4as_v5", count: 3, availabilityZones: ["2"], orchestratorVersion: "1.35.6" });
  });

  it("has an agent that collects inventory and metrics, without a key, where there is a workspace for them", async () => {
    const graph = await simulateComponent(() => azureCluster({ insightsWorkspaceId: "/subscriptions/s/workspaces/w" }));
    expect(named(graph, "cluster-aks").inputs["addonProfiles"]).to.deep.equal({
      azurepolicy: { enabled: true, config: { version: "v2" } },
      omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: "/subscriptions/s/workspaces/w", useAADAuth: "true" } },
    });
  });

  it("asks for long-term support with the tier that has it", async () => {
    const graph = await simulateComponent(() => azureCluster({ tier: "Premium", version: "1.34.9" }));
    expect(named(graph, "cluster-aks").inputs).to.deep.include({
      kubernetesVersion: "1.34.9",
      sku: { name: "Base", tier: "Premium" },
      supportPlan: "AKSLongTermSupport",
    });
  });
});

describe("the address of the DNS service", () => {
  it("is the tenth of the range of Services, and always inside it", () => {
    expect([dnsServiceIp("10.1.0.0/16"), dnsServiceIp("172.20.5.128/25"), dnsServiceIp("10.0.0.240/28")]).to.deep.equal([
      "10.1.0.10",
      "172.20.5.138",
      "10.0.0.250",
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 12, max: 28 }), fc.nat({ max: 2 ** 28 - 1 }), (prefix, seed) => {
        const base = (seed * 16) % 2 ** 32;
        const range = { base: base - (base % 2 ** (32 - prefix)), prefix };
        const address = parseCidr(`${dnsServiceIp(formatCidr(range))}/32`);
        expect(address !== undefined && contains(range, address) && address.base - range.base).to.equal(10);
      }),
    );
  });

  it("is none of something that is no range", () => {
    expect(() => dnsServiceIp("10.1.0.1/16")).to.throw("10.1.0.1/16 is no range of addresses");
  });
});

describe("what only Azure can say of a cluster", () => {
  /** What a program gets that asks for an answer which is not there. */
  const ask = (preview: boolean): Promise<ResourceGraph> =>
    simulateComponent(
      () => {
        const cluster = azureCluster();
        const answer = pulumi.output(undefined as string | undefined).apply((value) => answerOf(cluster["cluster"], "who it is", value));
        new containerservice.MaintenanceConfiguration("asks", {
          resourceGroupName: answer,
          resourceName: "cluster",
          configName: "aksManagedAutoUpgradeSchedule",
        });
      },
      { preview },
    );

  it("is not known in a preview", async () => {
    expect(named(await ask(true), "asks").inputs["resourceGroupName"]).to.equal(unknownText);
  });

  it("is an error in a deployment", async () => {
    expect((await errorOf(ask(false))).message).to.match(/AKS does not say who it is\.$/);
  });
});
