import { expect } from "chai";

import { SimulatedCloud } from "../../simulator/cloud";

const azure = {
  group: "azure-native:resources:ResourceGroup",
  network: "azure-native:network:VirtualNetwork",
  subnet: "azure-native:network:Subnet",
  ip: "azure-native:network:PublicIPAddress",
  gateway: "azure-native:network:ApplicationGateway",
  policy: "azure-native:network:WebApplicationFirewallPolicy",
  profile: "azure-native:trafficmanager:Profile",
  assignment: "azure-native:authorization:RoleAssignment",
  identity: "azure-native:managedidentity:UserAssignedIdentity",
} as const;

const inGroup = { resourceGroupName: "acme" };
const groupId = "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/acme";
const gatewayId = `${groupId}/providers/Microsoft.Network/applicationGateways/front`;
const vault = "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls";
const part = (path: string): { id: string } => ({ id: `${gatewayId}/${path}` });

type Inputs = Readonly<Record<string, unknown>>;

describe("a simulated Application Gateway", () => {
  let cloud: SimulatedCloud;
  const make = (type: string, name: string, inputs: Inputs): string =>
    cloud.create({ urn: `urn:pulumi:test::test::${type}::${name}`, type, name, inputs }).id;
  let subnet: string;
  let ip: string;
  let identity: string;

  beforeEach(() => {
    cloud = new SimulatedCloud("eastus");
    make(azure.group, "group", inGroup);
    make(azure.network, "network", { ...inGroup, virtualNetworkName: "network", addressSpace: { addressPrefixes: ["10.0.0.0/16"] } });
    subnet = make(azure.subnet, "gateway", {
      ...inGroup,
      virtualNetworkName: "network",
      subnetName: "gateway",
      addressPrefix: "10.0.2.0/24",
    });
    ip = make(azure.ip, "ip", { ...inGroup, publicIpAddressName: "ip", location: "eastus", dnsSettings: { domainNameLabel: "acme-1" } });
    identity = make(azure.identity, "identity", { ...inGroup, resourceName: "identity" });
  });

  const grant = (scope = `${vault}/secrets/chat`): string =>
    make(azure.assignment, scope, { scope, principalId: cloud.find(azure.identity, identity)?.["principalId"] });

  /** A sound gateway, changed as a test asks. */
  const inputs = (change: Inputs = {}): Inputs => ({
    ...inGroup,
    applicationGatewayName: "front",
    location: "eastus",
    sku: { name: "Standard_v2", tier: "Standard_v2" },
    autoscaleConfiguration: { minCapacity: 0, maxCapacity: 10 },
    zones: ["1", "2", "3"],
    identity: { type: "UserAssigned", userAssignedIdentities: [identity] },
    gatewayIPConfigurations: [{ name: "gateway", subnet: { id: subnet } }],
    frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: ip } }],
    frontendPorts: [{ name: "https", port: 443 }],
    sslCertificates: [{ name: "chat", keyVaultSecretId: "https://acme-tls.vault.azure.net/secrets/chat" }],
    httpListeners: [
      {
        name: "https",
        protocol: "Https",
        frontendIPConfiguration: part("frontendIPConfigurations/public"),
        frontendPort: part("frontendPorts/https"),
        sslCertificate: part("sslCertificates/chat"),
      },
    ],
    backendAddressPools: [{ name: "chat" }],
    backendHttpSettingsCollection: [{ name: "chat", requestTimeout: 86_400, probe: part("probes/chat") }],
    probes: [{ name: "chat", interval: 10, timeout: 10 }],
    requestRoutingRules: [rule("https", 100)],
    ...change,
  });
  const rule = (name: string, priority: number, change: Inputs = {}): Inputs => ({
    name,
    priority,
    httpListener: part("httpListeners/https"),
    backendAddressPool: part("backendAddressPools/chat"),
    ...change,
  });
  const gateway = (change: Inputs = {}): string => make(azure.gateway, "front", inputs(change));

  it("takes ids of its own parts, before it is there, and of none that it lacks", () => {
    grant();
    expect(() =>
      gateway({ requestRoutingRules: [rule("https", 100, { backendAddressPool: part("backendAddressPools/other") })] }),
    ).to.throw(`front: requestRoutingRules[0].backendAddressPool.id: ${gatewayId}/backendAddressPools/other does not exist`);
    expect(() => gateway({ httpListeners: [] })).to.throw(`${gatewayId}/httpListeners/https does not exist`);
    expect(gateway()).to.equal(gatewayId);
    cloud.update(azure.gateway, gatewayId, inputs({ enableHttp2: true }));
    const broken = inputs({ backendAddressPools: [] });
    expect(() => cloud.update(azure.gateway, gatewayId, broken)).to.throw("backendAddressPools/chat does not exist");
  });

  it("holds its subnet, its address and its identity until it is gone", () => {
    grant();
    gateway();
    for (const [type, id] of [
      [azure.subnet, subnet],
      [azure.ip, ip],
      [azure.identity, identity],
    ] as const)
      expect(() => cloud.delete(type, id), type).to.throw("::front still needs it");
    cloud.delete(azure.gateway, gatewayId);
    cloud.delete(azure.ip, ip);
  });

  it("reads its certificate while it is made: with a right on the vault or on the secret, and no other", () => {
    const denied =
      "sslCertificates[0]: the gateway's identity does not have the permission get on https://acme-tls.vault.azure.net/secrets/chat";
    expect(() => gateway()).to.throw(denied);
    grant(`${vault}/secrets/other`);
    grant(`${vault}-2`);
    expect(() => gateway()).to.throw(denied);
    const right = grant();
    gateway();
    cloud.delete(azure.gateway, gatewayId);
    cloud.delete(azure.assignment, right);
    grant(vault);
    expect(gateway()).to.equal(gatewayId);
  });

  it("needs a subnet of its own, and stays in the zones that it was made in", () => {
    grant();
    const delegated = make(azure.subnet, "aks", {
      ...inGroup,
      virtualNetworkName: "network",
      subnetName: "aks",
      addressPrefix: "10.0.3.0/28",
      delegations: [{ name: "aks", serviceName: "Microsoft.ContainerService/managedClusters" }],
    });
    expect(() => gateway({ gatewayIPConfigurations: [{ name: "gateway", subnet: { id: delegated } }] })).to.throw(
      "gatewayIPConfigurations: the subnet is delegated to Microsoft.ContainerService/managedClusters",
    );
    gateway();
    expect(() => cloud.update(azure.gateway, gatewayId, inputs({ zones: ["1"] }))).to.throw("zones: PropertyChangeNotAllowed");
  });

  it("refuses what contradicts itself, whatever else there is", () => {
    grant();
    const cases: readonly (readonly [Inputs, string])[] = [
      [{ requestRoutingRules: [rule("a", 1), rule("b", 1)] }, "requestRoutingRules: two rules have the same priority"],
      [{ requestRoutingRules: [rule("a", 0)] }, "every rule has a priority from 1 to 20000"],
      [{ requestRoutingRules: [rule("a", 20_001)] }, "every rule has a priority from 1 to 20000"],
      [
        { requestRoutingRules: [{ name: "a", httpListener: part("httpListeners/https"), backendAddressPool: {} }] },
        "every rule has a priority",
      ],
      [{ requestRoutingRules: [{ name: "a", priority: 1 }] }, "requestRoutingRules.a: it has either a backend or a redirection"],
      [{ requestRoutingRules: [rule("a", 1, { redirectConfiguration: {} })] }, "it has either a backend or a redirection"],
      [{ probes: [{ name: "chat", interval: 10, timeout: 11 }] }, "probes.chat: the timeout must not be more than the interval"],
      [{ backendHttpSettingsCollection: [{ name: "chat", requestTimeout: 86_401 }] }, "backendHttpSettingsCollection.chat: requestTimeout"],
      [{ firewallPolicy: {} }, "firewallPolicy: a policy needs the tier WAF_v2"],
      [{ autoscaleConfiguration: { minCapacity: 11, maxCapacity: 10 } }, "autoscaleConfiguration: the bounds"],
      [{ autoscaleConfiguration: { minCapacity: 0, maxCapacity: 1 } }, "autoscaleConfiguration: the bounds"],
      [{ autoscaleConfiguration: { minCapacity: 0, maxCapacity: 126 } }, "autoscaleConfiguration: the bounds"],
      [{ identity: undefined }, "identity: a certificate in a Key Vault needs an identity that may read it"],
    ];
    for (const [change, words] of cases) expect(() => gateway(change), words).to.throw(words);
    const listener = { name: "https", frontendPort: part("frontendPorts/https") };
    for (const httpListeners of [
      [{ ...listener, protocol: "Https" }],
      [{ ...listener, protocol: "Http", sslCertificate: part("sslCertificates/chat") }],
    ])
      expect(() => gateway({ httpListeners })).to.throw("httpListeners.https: a certificate goes with HTTPS, and only with it");
    expect(gateway({ sku: { name: "WAF_v2", tier: "WAF_v2" }, firewallPolicy: {} })).to.equal(gatewayId);
  });

  it("obeys a policy that exists, and holds it", () => {
    grant();
    const managedRules = { managedRuleSets: [{ ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" }] };
    const limit = { name: "Limit", priority: 1, ruleType: "RateLimitRule", rateLimitThreshold: 1, groupByUserSession: [] };
    const policy = (change: Inputs = {}): string =>
      make(azure.policy, "waf", { ...inGroup, policyName: "waf", managedRules, customRules: [limit], ...change });
    expect(() => policy({ managedRules: { managedRuleSets: [] } })).to.throw("managedRules: a policy has a managed rule set");
    expect(() => policy({ customRules: [limit, { ...limit, name: "Other" }] })).to.throw("customRules: two rules have the same priority");
    for (const change of [{ rateLimitThreshold: 0 }, { groupByUserSession: undefined }])
      expect(() => policy({ customRules: [{ ...limit, ...change }] })).to.throw("customRules.Limit: a limit has a threshold");
    const id = policy();
    gateway({ sku: { name: "WAF_v2", tier: "WAF_v2" }, firewallPolicy: { id } });
    expect(() => cloud.delete(azure.policy, id)).to.throw("::front still needs it");
  });

  it("has an address whose name is given once in a region, in the form that Azure takes", () => {
    const named = (domainNameLabel: string, location = "eastus") =>
      make(azure.ip, `${domainNameLabel}-${location}`, { ...inGroup, location, dnsSettings: { domainNameLabel } });
    expect(cloud.find(azure.ip, ip)?.["dnsSettings"]).to.deep.equal({
      domainNameLabel: "acme-1",
      fqdn: "acme-1.eastus.cloudapp.azure.com",
    });
    expect(() => named("acme-1")).to.throw("dnsSettings.domainNameLabel: DNS record acme-1 is already used by another public IP");
    named("acme-1", "westeurope");
    for (const label of ["Acme", "1acme", "ac", "acme-", "a".repeat(64)]) expect(() => named(label), label).to.throw("must be 3 to 63");
    for (const label of ["my-microsoft-chat", "windows1", "login-acme"])
      expect(() => named(label), label).to.throw("is a trademarked or reserved word");
    named("acme-login");
  });

  it("is an endpoint of Traffic Manager by an address that has a name, which asks at Azure's own pace", () => {
    const profile = (change: Inputs = {}, target = ip): string =>
      make(azure.profile, "profile", {
        ...inGroup,
        profileName: "profile",
        dnsConfig: { relativeName: "acme", ttl: 60 },
        monitorConfig: { intervalInSeconds: 30, timeoutInSeconds: 10 },
        endpoints: [{ name: "eastus", targetResourceId: target }],
        ...change,
      });
    const nameless = make(azure.ip, "nameless", { ...inGroup, publicIpAddressName: "nameless" });
    expect(() => profile({}, nameless)).to.throw("endpoints[0].targetResourceId: the address has no DNS name");
    for (const [intervalInSeconds, timeoutInSeconds] of [
      [30, 11],
      [30, 4],
      [10, 10],
    ])
      expect(() => profile({ monitorConfig: { intervalInSeconds, timeoutInSeconds } })).to.throw("monitorConfig.timeoutInSeconds");
    expect(() => profile({ monitorConfig: { intervalInSeconds: 20, timeoutInSeconds: 5 } })).to.throw("the interval is 10 or 30");
    const id = profile();
    expect(cloud.find(azure.profile, id)?.["dnsConfig"]).to.deep.equal({ relativeName: "acme", ttl: 60, fqdn: "acme.trafficmanager.net" });
    expect(() => cloud.delete(azure.ip, ip)).to.throw("::profile still needs it");
  });
});
