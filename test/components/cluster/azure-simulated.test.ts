import { expect } from "chai";

import { roles } from "../../../components/cluster/azure-roles";
import { SimulatedCloud } from "../../../simulator/cloud";
import { Lifecycle } from "../../../simulator/engine/lifecycle";

const region = "eastus";
const types = {
  group: "azure-native:resources:ResourceGroup",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  assignment: "azure-native:authorization:RoleAssignment",
  vnet: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  cluster: "azure-native:containerservice:ManagedCluster",
  pool: "azure-native:containerservice:AgentPool",
  maintenance: "azure-native:containerservice:MaintenanceConfiguration",
} as const;
type Inputs = Readonly<Record<string, unknown>>;

const guid = (digit: string): string => `${digit.repeat(8)}-1111-4111-8111-111111111111`;

describe("the simulated AKS", () => {
  let cloud: SimulatedCloud;
  const make = (type: keyof typeof types, name: string, inputs: Inputs) =>
    cloud.create({ urn: `urn:pulumi:test::test::${types[type]}::${name}`, type: types[type], name, inputs });
  const at = { resourceGroupName: "rg", location: region };
  let subnets: Readonly<Record<"nodes" | "apiserver", string>>;
  let identity: { readonly id: string; readonly principalId: unknown };

  beforeEach(() => {
    cloud = new SimulatedCloud(region);
    make("group", "rg", { resourceGroupName: "rg", location: region });
    make("vnet", "vnet", { ...at, virtualNetworkName: "vnet", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
    const subnet = (subnetName: string, addressPrefix: string): string =>
      make("subnet", subnetName, { resourceGroupName: "rg", virtualNetworkName: "vnet", subnetName, addressPrefix }).id;
    subnets = { nodes: subnet("nodes", "10.0.1.0/24"), apiserver: subnet("apiserver", "10.0.3.0/28") };
    const { id, computed } = make("identity", "identity", { ...at, resourceName: "identity" });
    identity = { id, principalId: computed["principalId"] };
  });
  const roleId = (role: string): string =>
    `/subscriptions/99999999-9999-4999-8999-999999999999/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  const grant = (name: string, scope: string, role: string = roles.networkContributor) =>
    make("assignment", name, { roleAssignmentName: name, scope, roleDefinitionId: roleId(role), principalId: identity.principalId });
  const networkProfile = {
    networkPlugin: "azure",
    networkPluginMode: "overlay",
    networkDataplane: "cilium",
    networkPolicy: "cilium",
    serviceCidr: "10.1.0.0/16",
    dnsServiceIP: "10.1.0.10",
    podCidr: "10.244.0.0/16",
    outboundType: "userAssignedNATGateway",
    loadBalancerSku: "standard",
  };
  const clusterInputs = (change: Inputs = {}): Inputs => ({
    ...at,
    resourceName: "aks",
    dnsPrefix: "rocketchat-test",
    kubernetesVersion: "1.36",
    identity: { userAssignedIdentities: [identity.id] },
    agentPoolProfiles: [{ name: "system", vnetSubnetID: subnets.nodes }],
    apiServerAccessProfile: { subnetId: subnets.apiserver, enableVnetIntegration: true },
    networkProfile,
    ...change,
  });
  const cluster = (change: Inputs = {}) => {
    grant(guid("a"), subnets.nodes);
    grant(guid("b"), subnets.apiserver);
    return make("cluster", "aks", clusterInputs(change));
  };
  const poolInputs = (change: Inputs = {}): Inputs => ({
    resourceGroupName: "rg",
    resourceName: "aks",
    agentPoolName: "na123456",
    vmSize: "Standard_B2s",
    orchestratorVersion: "1.36",
    minCount: 1,
    maxCount: 2,
    maxPods: 30,
    availabilityZones: ["1"],
    osDiskSizeGB: 64,
    vnetSubnetID: subnets.nodes,
    ...change,
  });

  describe("makes a cluster", () => {
    it("that may join its subnets", () => {
      expect(cluster().computed).to.include({ name: "aks" });
    });

    it("never before its identity may join both", () => {
      expect(() => make("cluster", "aks", clusterInputs())).to.throw(/identity: LinkedAuthorizationFailed: .*\/subnets\/apiserver$/);
      grant(guid("a"), subnets.apiserver);
      expect(() => make("cluster", "aks", clusterInputs())).to.throw(/identity: LinkedAuthorizationFailed: .*\/subnets\/nodes$/);
      grant(guid("b"), subnets.nodes);
      expect(() => make("cluster", "aks", clusterInputs())).to.not.throw();
    });

    it("with a legal prefix only, and with long-term support only in its tier", () => {
      const check = (inputs: Inputs) => new Lifecycle(cloud, region).check(types.cluster, "aks", {}, inputs, new Uint8Array()).failures;
      for (const dnsPrefix of ["-a", "a-", "a.b", "", "a".repeat(55)])
        expect(
          check({ dnsPrefix }).map(({ property }) => property),
          dnsPrefix,
        ).to.deep.equal(["dnsPrefix"]);
      expect(check({ dnsPrefix: "a".repeat(54) })).to.deep.equal([]);
      const lts = { supportPlan: "AKSLongTermSupport", sku: { name: "Base", tier: "Standard" } };
      expect(check(lts)).to.deep.equal([{ property: "supportPlan", reason: "AKSLongTermSupport needs the tier Premium" }]);
      expect(check({ ...lts, sku: { name: "Base", tier: "Premium" } })).to.deep.equal([]);
    });
  });

  it("changes a cluster in place, but for what AKS does not change: that is another cluster, or refused", () => {
    const { id } = cluster();
    const lifecycle = new Lifecycle(cloud, region);
    const replaces = (change: Inputs): boolean =>
      lifecycle.diff(types.cluster, "aks", clusterInputs(), clusterInputs(change)).changes.some((one) => one.replaces);
    expect(replaces({ dnsPrefix: "other" })).to.equal(true);
    for (const key of Object.keys(networkProfile))
      expect(replaces({ networkProfile: { ...networkProfile, [key]: "other" } }), key).to.equal(key !== "loadBalancerSku");
    for (const change of [
      { kubernetesVersion: "1.37" },
      { tags: { a: "b" } },
      { apiServerAccessProfile: { authorizedIPRanges: ["198.18.0.0/15"] } },
    ])
      expect(replaces(change), JSON.stringify(change)).to.equal(false);
    expect(() => cloud.update(types.cluster, id, clusterInputs({ kubernetesVersion: "1.37" }))).to.not.throw();
    expect(() =>
      cloud.update(types.cluster, id, clusterInputs({ apiServerAccessProfile: { subnetId: subnets.nodes, enableVnetIntegration: true } })),
    ).to.throw("apiServerAccessProfile.subnetId: PropertyChangeNotAllowed");
  });

  describe("takes a pool", () => {
    beforeEach(() => cluster());

    it("with a legal name, and room for a node", () => {
      for (const agentPoolName of ["a".repeat(13), "1a", "A", "a-b"])
        expect(() => make("pool", "pool", poolInputs({ agentPoolName })), agentPoolName).to.throw("agentPoolName");
      expect(() => make("pool", "pool", poolInputs({ minCount: 0, maxCount: 0 }))).to.throw("maxCount");
      expect(() => make("pool", "pool", poolInputs({ minCount: 3, maxCount: 2 }))).to.throw("maxCount");
      expect(() => make("pool", "pool", poolInputs({ minCount: 0, maxCount: 1 }))).to.not.throw();
    });

    it("that is no newer than its cluster", () => {
      expect(() => make("pool", "pool", poolInputs({ orchestratorVersion: "1.37" }))).to.throw("NodePoolVersionNewerThanControlPlane");
      expect(() => make("pool", "pool", poolInputs({ orchestratorVersion: "1.36.4" }))).to.not.throw();
    });

    it("and changes its bounds, but not its form", () => {
      const { id } = make("pool", "pool", poolInputs());
      const replaced = (change: Inputs): string[] =>
        new Lifecycle(cloud, region)
          .diff(types.pool, "pool", poolInputs(), poolInputs(change))
          .changes.flatMap(({ path, replaces }) => (replaces ? [path] : []));
      expect(replaced({ vmSize: "Standard_B2ms", maxCount: 5, maxPods: 50, tags: { a: "b" } })).to.deep.equal(["vmSize"]);
      expect(() => cloud.update(types.pool, id, poolInputs({ maxCount: 5, tags: { a: "b" } }))).to.not.throw();
      for (const change of [{ maxPods: 50 }, { availabilityZones: ["2"] }, { osDiskSizeGB: 128 }, { scaleSetPriority: "Spot" }]) {
        const [property] = Object.keys(change);
        expect(() => cloud.update(types.pool, id, poolInputs(change)), property).to.throw(`${property}: PropertyChangeNotAllowed`);
      }
    });
  });

  it("deletes a cluster with its pools, and lets a pool go alone", () => {
    const { id } = cluster();
    make("pool", "a", poolInputs());
    cloud.delete(types.pool, make("pool", "b", poolInputs({ agentPoolName: "nb123456" })).id);
    expect(cloud.list().filter(({ type }) => type === types.pool)).to.have.lengthOf(1);
    cloud.delete(types.cluster, id);
    expect(cloud.list().filter(({ type }) => type === types.pool || type === types.cluster)).to.deep.equal([]);
  });

  it("knows a maintenance window by AKS's own names only, and none shorter than four hours", () => {
    cluster();
    const window = (configName: string, durationHours: number) => () =>
      make("maintenance", configName, { resourceGroupName: "rg", resourceName: "aks", configName, maintenanceWindow: { durationHours } });
    expect(window("mine", 4)).to.throw("configName");
    expect(window("aksManagedAutoUpgradeSchedule", 3)).to.throw("durationHours");
    expect(window("aksManagedAutoUpgradeSchedule", 25)).to.throw("durationHours");
    expect(window("aksManagedAutoUpgradeSchedule", 4)).to.not.throw();
  });

  describe("gives a role", () => {
    it("by a GUID", () => {
      expect(() => grant("nodes", subnets.nodes)).to.throw("It must be a GUID");
    });

    it("to a principal on a scope once, whatever the assignment is called", () => {
      grant(guid("a"), subnets.nodes);
      expect(() => grant(guid("b"), subnets.nodes)).to.throw("RoleAssignmentExists");
      expect(() => grant(guid("c"), subnets.nodes, roles.reader)).to.not.throw();
      expect(() => grant(guid("d"), subnets.apiserver)).to.not.throw();
    });

    it("again in place, with other words only", () => {
      const { id } = grant(guid("a"), subnets.nodes);
      const inputs = {
        roleAssignmentName: guid("a"),
        scope: subnets.nodes,
        roleDefinitionId: roleId(roles.networkContributor),
        principalId: identity.principalId,
        description: "as before",
      };
      expect(() => cloud.update(types.assignment, id, inputs)).to.not.throw();
    });
  });
});
