import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { expect } from "chai";

import { hostNameOf } from "../../../components/load-balancer/azure-address";
import type { AzureLoadBalancer } from "../../../components/load-balancer/azure";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { azureNetwork, newVnet, region, tags } from "../../support/azure";
import { azureLoadBalancer, idInGroup, vault } from "../../support/load-balancer";
import { contents, named, simulateComponent, waitedFor, waitsFor } from "../../support/simulated";

/** What a test looks at of a load balancer that was changed. */
async function made(change: Parameters<typeof azureLoadBalancer>[0] = {}): Promise<AzureLoadBalancer> {
  let balancer: AzureLoadBalancer | undefined;
  await simulateComponent(() => {
    balancer = azureLoadBalancer(change);
  });
  if (balancer === undefined) throw new Error("no load balancer was made");
  return balancer;
}

const bare = {
  "azure-native:authorization:RoleAssignment": ["balancer-identity-certificate"],
  "azure-native:managedidentity:UserAssignedIdentity": ["balancer-identity"],
  "azure-native:network:ApplicationGateway": ["balancer-gateway"],
  "azure-native:network:PublicIPAddress": ["balancer-ip"],
  "pulumi:index:Stash": ["balancer-settled"],
  "random:index/randomString:RandomString": ["balancer-suffix"],
};

for (const preview of [true, false]) {
  describe(`the load balancer on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    before(async () => {
      graph = await simulateComponent(() => azureLoadBalancer(), { preview });
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const placed = (): Record<string, unknown> => ({
      resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
      location: region,
    });

    it("is a gateway, its address, and an identity that may read the certificate", () => {
      expect(contents(graph, "balancer")).to.deep.equal(bare);
    });

    it("has a fixed address that outlives a zone, waits as long as Azure can for a word, and has a name that no stack's name could spoil", () => {
      const { dnsSettings, ...address } = named(graph, "balancer-ip").inputs;
      expect(address).to.deep.equal({
        ...placed(),
        publicIPAllocationMethod: "Static",
        sku: { name: "Standard", tier: "Regional" },
        zones: ["1", "2", "3"],
        idleTimeoutInMinutes: 30,
        tags,
      });
      const suffix = named(graph, "balancer-suffix");
      expect(suffix.inputs).to.deep.equal({ length: 8, special: false, upper: false });
      expect(dnsSettings).to.deep.equal({ domainNameLabel: later(`rocketchat-${String(suffix.outputs["result"])}`) });
    });

    it("has an identity that may read the one secret, and nothing else of the vault", () => {
      const identity = named(graph, "balancer-identity");
      expect(identity.inputs).to.deep.equal({ ...placed(), tags });
      const { roleAssignmentName, ...assignment } = named(graph, "balancer-identity-certificate").inputs;
      expect(assignment).to.deep.equal({
        roleDefinitionId:
          "/subscriptions/99999999-9999-4999-8999-999999999999/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
        scope: `${vault}/secrets/shop-acme-io`,
        principalId: later(identity.outputs["principalId"]),
        principalType: "ServicePrincipal",
      });
      expect(roleAssignmentName).to.match(/^[0-9a-f-]{36}$/);
    });

    it("makes its gateway when the identity's right has had time to act, and its network is complete", () => {
      const gateway = named(graph, "balancer-gateway");
      expect(waitedFor(graph, gateway)).to.deep.equal([
        "balancer-identity",
        "balancer-ip",
        "balancer-settled",
        "network-apiserver",
        "network-gateway",
        "network-rg",
      ]);
      expect(waitedFor(graph, named(graph, "balancer-settled"))).to.deep.equal(["balancer-identity-certificate"]);
      expect(
        waitsFor(graph, named(graph, "balancer-identity-certificate"), named(graph, "network-apiserver")),
        "the right waits for nothing",
      ).to.equal(false);
    });

    it("says its address, which Azure makes of the name, and its gateway", () => {
      const fqdn = `rocketchat-${String(named(graph, "balancer-suffix").outputs["result"])}.eastus.cloudapp.azure.com`;
      expect(named(graph, "balancer").outputs).to.deep.equal({
        address: later(fqdn),
        gatewayId: later(idInGroup(graph, "Microsoft.Network/applicationGateways/balancer-gateway")),
      });
    });
  });
}

describe("what the load balancer on Azure asks of the service", () => {
  it("is a Service of its own load balancer at a fixed address of the nodes' subnet, no Ingress, and the gateway's subnet let in", async () => {
    const { publication } = await made();
    expect(publication).to.deep.equal({
      service: {
        type: "LoadBalancer",
        annotations: {
          "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
          "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "nodes",
          "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.0.1.250",
          "service.beta.kubernetes.io/azure-load-balancer-tcp-idle-timeout": "30",
        },
        externalTrafficPolicy: "Local",
      },
      namespaceLabels: {},
      stickySessions: false,
      sourceCidrs: ["10.0.2.0/24"],
      ready: [],
    });
  });

  it("follows the network, also one that exists", async () => {
    const existing = (name: string, cidr: string) => ({ id: `/subscriptions/x/subnets/${name}`, name, cidr });
    const use = {
      nodes: existing("workers", "10.8.4.0/22"),
      gateway: existing("entrance", "10.8.2.0/24"),
      apiServer: existing("control", "10.8.3.0/28"),
    };
    const change = (): Parameters<typeof azureLoadBalancer>[0] => ({ network: azureNetwork({ vnet: { use } }) });
    let balancer: AzureLoadBalancer | undefined;
    const graph = await simulateComponent(() => {
      balancer = azureLoadBalancer(change());
    });
    expect(balancer?.publication.service.annotations).to.include({
      "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "workers",
      "service.beta.kubernetes.io/azure-load-balancer-ipv4": "10.8.7.250",
    });
    expect(balancer?.publication.sourceCidrs).to.deep.equal(["10.8.2.0/24"]);
    expect(named(graph, "balancer-gateway").inputs).to.deep.include({
      gatewayIPConfigurations: [{ name: "gateway", subnet: { id: use.gateway.id } }],
      backendAddressPools: [{ name: "service", backendAddresses: [{ ipAddress: "10.8.7.250" }] }],
    });
  });

  it("is the same address that the gateway sends to, whatever the subnet", async () => {
    let balancer: AzureLoadBalancer | undefined;
    const graph = await simulateComponent(() => {
      balancer = azureLoadBalancer({ network: azureNetwork({ vnet: newVnet({ nodeSubnetCidr: "10.0.64.0/20" }) }) });
    });
    const address = balancer?.publication.service.annotations["service.beta.kubernetes.io/azure-load-balancer-ipv4"];
    expect(address).to.equal("10.0.79.250");
    expect(named(graph, "balancer-gateway").inputs["backendAddressPools"]).to.deep.equal([
      { name: "service", backendAddresses: [{ ipAddress: address }] },
    ]);
  });
});

describe("the load balancer on Azure", () => {
  it("refuses to lose gateway and names as long as it is protected, or not at all", async () => {
    for (const deletionProtection of [true, false]) {
      const graph = await simulateComponent(() => azureLoadBalancer({ deletionProtection, waf: true, trafficManager: true }));
      const guarded = graph.resources.filter(({ name, protect }) => name.startsWith("balancer") && protect).map(({ name }) => name);
      expect(guarded.sort()).to.deep.equal(deletionProtection ? ["balancer-gateway", "balancer-ip", "balancer-traffic-manager"] : []);
    }
  });

  it("has a firewall and a Traffic Manager profile where they are wanted", async () => {
    const policy = { "azure-native:network:WebApplicationFirewallPolicy": ["balancer-firewall"] };
    const profile = { "azure-native:trafficmanager:Profile": ["balancer-traffic-manager"] };
    for (const [waf, trafficManager] of [
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      const graph = await simulateComponent(() => azureLoadBalancer({ waf, trafficManager }));
      expect(contents(graph, "balancer")).to.deep.equal({ ...bare, ...(waf ? policy : {}), ...(trafficManager ? profile : {}) });
    }
  });

  it("hands its firewall's policy to whoever watches it, where there is one", async () => {
    expect((await made()).firewallPolicyId).to.equal(undefined);
    expect((await made({ waf: true })).firewallPolicyId).to.not.equal(undefined);
  });

  it("makes no record of the domain: DNS is the operator's", async () => {
    const graph = await simulateComponent(() => {
      azureLoadBalancer().pointDomainAt();
    });
    expect(contents(graph, "balancer")).to.deep.equal(bare);
  });

  it("shows the certificate that the configuration names, and gives its identity the right to that one", async () => {
    const graph = await simulateComponent(() => azureLoadBalancer({ tls: { keyVaultId: vault, secretName: "renewed" } }));
    expect(named(graph, "balancer-identity-certificate").inputs["scope"]).to.equal(`${vault}/secrets/renewed`);
    expect(named(graph, "balancer-gateway").inputs["sslCertificates"]).to.deep.equal([
      { name: "domain", keyVaultSecretId: "https://acme-tls.vault.azure.net/secrets/renewed" },
    ]);
  });

  it("gives Azure an hour for its gateway", async () => {
    let given: pulumi.CustomTimeouts | undefined;
    const look: pulumi.ResourceTransformation = ({ type, opts }) => {
      if (type === "azure-native:network:ApplicationGateway") given = (opts as pulumi.CustomResourceOptions).customTimeouts;
      return undefined;
    };
    await simulateComponent(() => {
      const network = azureNetwork();
      pulumi.runtime.registerStackTransformation(look);
      azureLoadBalancer({ network });
    });
    expect(given).to.deep.equal({ create: "60m", update: "60m", delete: "60m" });
  });
});

describe("a host name that Azure gives", () => {
  it("is what Azure said, and missed in a deployment where it said nothing", () => {
    expect(hostNameOf("a.eastus.cloudapp.azure.com")).to.equal("a.eastus.cloudapp.azure.com");
    expect(() => hostNameOf(undefined)).to.throw("Azure gave the load balancer no host name");
  });

  it("is unknown in a preview", async () => {
    let known: boolean | undefined;
    await simulateComponent(
      async () => {
        const name = pulumi.output({}).apply(() => hostNameOf(undefined));
        known = await (name as unknown as { isKnown: Promise<boolean> }).isKnown;
      },
      { preview: true },
    );
    expect(known).to.equal(false);
  });

  it("is known before the service is published: nothing of the cluster comes into it", async () => {
    const graph = await simulateComponent(() => {
      const { address } = azureLoadBalancer();
      new random.RandomString("follower", { length: 8, keepers: { address } });
    });
    expect(waitedFor(graph, named(graph, "follower"))).to.deep.equal(["balancer-ip"]);
  });
});
