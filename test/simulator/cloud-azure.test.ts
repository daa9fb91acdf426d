import { expect } from "chai";

import { SimulatedCloud } from "../../simulator/cloud";

const azure = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  securityGroup: "azure-native:network:NetworkSecurityGroup",
  flowLog: "azure-native:network:FlowLog",
  account: "azure-native:storage:StorageAccount",
  services: "azure-native:storage:BlobServiceProperties",
  container: "azure-native:storage:BlobContainer",
  assignment: "azure-native:authorization:RoleAssignment",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
  credential: "azure-native:managedidentity:FederatedIdentityCredential",
} as const;

const subscription = "/subscriptions/99999999-9999-4999-8999-999999999999";
const inGroup = { resourceGroupName: "acme" };

describe("a simulated Azure", () => {
  let cloud: SimulatedCloud;
  const make = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): string =>
    cloud.create({ urn: `urn:pulumi:test::test::${type}::${name}`, type, name, inputs }).id;
  const network = (): string =>
    make(azure.network, "network", { ...inGroup, virtualNetworkName: "network", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
  const subnet = (name: string, addressPrefix: string): string =>
    make(azure.subnet, name, { ...inGroup, virtualNetworkName: "network", subnetName: name, addressPrefix });
  const account = (): string => make(azure.account, "files", { ...inGroup, accountName: "acmefiles" });
  const container = (): string => make(azure.container, "uploads", { ...inGroup, accountName: "acmefiles", containerName: "uploads" });

  beforeEach(() => {
    cloud = new SimulatedCloud("eastus");
    make(azure.group, "group", inGroup);
  });

  it("gives ids that say what a resource lies in", () => {
    network();
    expect(subnet("nodes", "10.0.1.0/24")).to.equal(
      `${subscription}/resourceGroups/acme/providers/Microsoft.Network/virtualNetworks/network/subnets/nodes`,
    );
  });

  it("refuses a resource in a group that is missing, and keeps the group while something is in it", () => {
    const stray = { resourceGroupName: "other", virtualNetworkName: "network" };
    expect(() => make(azure.network, "network", stray)).to.throw(`network: id: ${subscription}/resourceGroups/other does not exist`);
    const id = network();
    expect(() => cloud.delete(azure.group, `${subscription}/resourceGroups/acme`)).to.throw("::network still needs it");
    cloud.delete(azure.network, id);
    cloud.delete(azure.group, `${subscription}/resourceGroups/acme`);
    expect(cloud.list()).to.deep.equal([]);
  });

  it("refuses a child of something that is missing, and keeps the parent while it has children", () => {
    expect(() => subnet("nodes", "10.0.1.0/24")).to.throw("virtualNetworks/network does not exist");
    const parent = network();
    subnet("nodes", "10.0.1.0/24");
    expect(() => cloud.delete(azure.network, parent)).to.throw("::nodes still needs it");
  });

  it("looks through the services of a storage account, which are there as long as the account", () => {
    expect(container).to.throw("storageAccounts/acmefiles does not exist");
    const services = { ...inGroup, accountName: "acmefiles", blobServicesName: "default" };
    expect(() => make(azure.services, "services", services)).to.throw("storageAccounts/acmefiles does not exist");
    const id = account();
    const properties = make(azure.services, "services", services);
    container();
    cloud.delete(azure.services, properties);
    make(azure.assignment, "role", { scope: `${id}/blobServices/default/containers/uploads` });
    cloud.delete(azure.account, id);
    expect(
      cloud.list().map(({ type }) => type),
      "what lay in the account went with it",
    ).to.deep.equal([azure.group]);
  });

  it("refuses a range that is taken in the same network", () => {
    network();
    subnet("nodes", "10.0.1.0/24");
    expect(() => subnet("gateway", "10.0.1.128/25")).to.throw("addressPrefix: 10.0.1.128/25 overlaps 10.0.1.0/24, which is taken");
    expect(subnet("gateway", "10.0.2.0/24")).to.match(/gateway$/);
  });

  it("refuses a subnet that lies outside its network", () => {
    network();
    expect(() => subnet("stray", "10.9.0.0/24")).to.throw(/addressPrefix: 10\.9\.0\.0\/24 does not lie inside 10\./);
  });

  it("refuses an id of the subscription that nobody has, and takes those of Azure itself", () => {
    network();
    const networkSecurityGroup = { id: `${subscription}/resourceGroups/acme/providers/Microsoft.Network/networkSecurityGroups/rules` };
    const inputs = { ...inGroup, virtualNetworkName: "network", subnetName: "nodes", networkSecurityGroup };
    expect(() => make(azure.subnet, "nodes", inputs)).to.throw(`nodes: networkSecurityGroup.id: ${networkSecurityGroup.id} does not exist`);
    make(azure.securityGroup, "rules", { ...inGroup, networkSecurityGroupName: "rules" });
    expect(make(azure.subnet, "nodes", inputs)).to.match(/nodes$/);
    const roleDefinitionId = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/b7e6dc6d-f1e8-4753-8033-0f276bb0955b`;
    expect(make(azure.assignment, "role", { scope: subscription, roleDefinitionId })).to.contain("/roleAssignments/");
  });

  it("knows the network watchers' group, which Azure makes itself, and none that is only called like it", () => {
    const flowLog = (resourceGroupName: string): string =>
      make(azure.flowLog, "log", { resourceGroupName, networkWatcherName: "NetworkWatcher_eastus", flowLogName: "log" });
    expect(flowLog("NetworkWatcherRG")).to.match(/flowLogs\/log$/);
    expect(() => flowLog("NetworkWatcherRG2")).to.throw("does not exist");
  });

  it("resolves the parts of a resource by their names", () => {
    // As an application gateway refers to its own parts; every type may have such lists.
    const gateway = make(azure.network, "gateway", {
      ...inGroup,
      virtualNetworkName: "gateway",
      frontendIPConfigurations: [{ name: "public" }],
    });
    const assign = (part: string): string => make(azure.assignment, part, { scope: `${gateway}/${part}` });
    expect(assign("frontendIPConfigurations/public")).to.contain("/roleAssignments/");
    for (const part of ["frontendIPConfigurations/private", "frontendPorts/public", "frontendIPConfigurations/public/rules/a"])
      expect(() => assign(part), part).to.throw(`scope: ${gateway}/${part} does not exist`);
    expect(() => cloud.delete(azure.network, gateway), "a part is in use").to.throw("still needs it");
  });

  it("keeps what a role is assigned on, and an identity that somebody may take on", () => {
    const identity = make(azure.identity, "chat", { ...inGroup, resourceName: "chat" });
    const credential = { ...inGroup, resourceName: "chat", federatedIdentityCredentialResourceName: "pods" };
    make(azure.credential, "credential", credential);
    expect(() => cloud.delete(azure.identity, identity)).to.throw("::credential still needs it");
    account();
    const scope = container();
    make(azure.assignment, "role", { scope, principalId: cloud.find(azure.identity, identity)?.["principalId"] });
    expect(() => cloud.delete(azure.container, scope)).to.throw("::role still needs it");
  });

  it("refuses what no cloud would take, whatever else there is", () => {
    expect(() => make(azure.account, "files", { ...inGroup, accountName: "Acme" })).to.throw("accountName: Acme must be 3 to 24");
  });
});

describe("a simulated Kubernetes", () => {
  const types = {
    namespace: "kubernetes:core/v1:Namespace",
    config: "kubernetes:core/v1:ConfigMap",
    storageClass: "kubernetes:storage.k8s.io/v1:StorageClass",
    release: "kubernetes:helm.sh/v3:Release",
  } as const;
  let cloud: SimulatedCloud;
  const make = (type: string, name: string, inputs: Readonly<Record<string, unknown>>): string =>
    cloud.create({ urn: `urn:pulumi:test::test::${type}::${name}`, type, name, inputs }).id;
  const config = (namespace: string, name = "settings"): string => make(types.config, name, { metadata: { name, namespace } });
  beforeEach(() => {
    cloud = new SimulatedCloud("eu-central-1");
  });

  it("refuses an object and a release in a namespace that is missing", () => {
    expect(() => config("chat")).to.throw("settings: metadata.namespace: there is no namespace chat");
    expect(() => make(types.release, "kps", { name: "kps", namespace: "chat" })).to.throw("kps: namespace: there is no namespace chat");
    make(types.namespace, "chat", { metadata: { name: "chat" } });
    expect(config("chat")).to.equal("chat/settings");
    expect(make(types.release, "kps", { name: "kps", namespace: "chat" })).to.equal("chat/kps");
  });

  it("lets a release make its namespace, and knows those that every cluster has", () => {
    expect(make(types.release, "kps", { name: "kps", namespace: "chat", createNamespace: true })).to.equal("chat/kps");
    expect(config("kube-system")).to.equal("kube-system/settings");
    expect(make(types.config, "plain", { metadata: { name: "plain" } })).to.equal("default/plain");
  });

  it("does not adopt: an object that is there is not made again", () => {
    config("default");
    expect(() => config("default")).to.throw("kubernetes:core/v1:ConfigMap default/settings exists already");
  });

  it("takes a namespace's objects with it, and nothing else", () => {
    for (const name of ["chat", "chat-tools"]) make(types.namespace, name, { metadata: { name } });
    config("chat");
    config("chat-tools");
    make(types.release, "kps", { name: "kps", namespace: "chat" });
    make(types.storageClass, "fast", { metadata: { name: "fast" } });
    cloud.delete(types.namespace, "chat");
    expect(cloud.list().map(({ id }) => id)).to.deep.equal(["chat-tools", "chat-tools/settings", "fast"]);
  });
});
