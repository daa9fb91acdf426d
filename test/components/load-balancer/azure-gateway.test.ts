import { expect } from "chai";

import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { region, tags } from "../../support/azure";
import { azureLoadBalancer, idInGroup, idOf } from "../../support/load-balancer";
import { named, simulateComponent } from "../../support/simulated";

for (const preview of [true, false]) {
  describe(`the gateway on Azure, in a ${preview ? "preview" : "deployment"}`, () => {
    let graph: ResourceGraph;
    let inputs: Readonly<Record<string, unknown>>;
    before(async () => {
      graph = await simulateComponent(() => azureLoadBalancer(), { preview });
      inputs = named(graph, "balancer-gateway").inputs;
    });
    /** What a preview cannot know yet. */
    const later = (value: unknown): unknown => (preview ? unknownText : value);
    const part = (path: string): unknown => ({
      id: later(idInGroup(graph, `Microsoft.Network/applicationGateways/balancer-gateway/${path}`)),
    });

    it("is all that there is of it: nobody else owns a part", () => {
      expect(inputs).to.have.all.keys(
        "applicationGatewayName",
        "resourceGroupName",
        "location",
        "sku",
        "autoscaleConfiguration",
        "zones",
        "identity",
        "gatewayIPConfigurations",
        "frontendIPConfigurations",
        "frontendPorts",
        "sslCertificates",
        "httpListeners",
        "backendAddressPools",
        "backendHttpSettingsCollection",
        "probes",
        "redirectConfigurations",
        "rewriteRuleSets",
        "requestRoutingRules",
        "enableHttp2",
        "sslPolicy",
        "tags",
      );
    });

    it("is a Standard_v2 over all zones that grows by itself, in its own subnet, with a name that its parts can know before", () => {
      expect(inputs).to.deep.include({
        applicationGatewayName: "balancer-gateway",
        resourceGroupName: later(named(graph, "network-rg").outputs["name"]),
        location: region,
        sku: { name: "Standard_v2", tier: "Standard_v2" },
        autoscaleConfiguration: { minCapacity: 0, maxCapacity: 10 },
        zones: ["1", "2", "3"],
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: [later(idOf(graph, "Microsoft.ManagedIdentity/userAssignedIdentities", "balancer-identity"))],
        },
        gatewayIPConfigurations: [
          { name: "gateway", subnet: { id: later(`${idOf(graph, "Microsoft.Network/virtualNetworks", "network-vnet")}/subnets/gateway`) } },
        ],
        tags,
      });
    });

    it("listens at its address for its own name only: with TLS of today, HTTP/2 and the newest version of the certificate, or without TLS", () => {
      const listener = { hostName: "shop.acme.io", frontendIPConfiguration: part("frontendIPConfigurations/public") };
      expect(inputs).to.deep.include({
        frontendIPConfigurations: [
          { name: "public", publicIPAddress: { id: later(idOf(graph, "Microsoft.Network/publicIPAddresses", "balancer-ip")) } },
        ],
        frontendPorts: [
          { name: "http", port: 80 },
          { name: "https", port: 443 },
        ],
        sslCertificates: [{ name: "domain", keyVaultSecretId: "https://acme-tls.vault.azure.net/secrets/shop-acme-io" }],
        httpListeners: [
          { ...listener, name: "http", protocol: "Http", frontendPort: part("frontendPorts/http") },
          {
            ...listener,
            name: "https",
            protocol: "Https",
            frontendPort: part("frontendPorts/https"),
            sslCertificate: part("sslCertificates/domain"),
            requireServerNameIndication: true,
          },
        ],
        enableHttp2: true,
        sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" },
      });
    });

    it("reaches the service at one address, on its own port and by its own name, and lets a WebSocket be silent for an hour", () => {
      expect(inputs).to.deep.include({
        backendAddressPools: [{ name: "service", backendAddresses: [{ ipAddress: "10.0.1.250" }] }],
        backendHttpSettingsCollection: [
          {
            name: "service",
            protocol: "Http",
            port: 8080,
            requestTimeout: 3600,
            cookieBasedAffinity: "Disabled",
            connectionDraining: { enabled: true, drainTimeoutInSec: 25 },
            pickHostNameFromBackendAddress: false,
            probe: part("probes/service"),
          },
        ],
      });
    });

    it("asks the service's own path whether it serves, and takes a redirect to TLS for a yes", () => {
      expect(inputs["probes"]).to.deep.equal([
        {
          name: "service",
          protocol: "Http",
          host: "shop.acme.io",
          path: "/alive",
          pickHostNameFromBackendHttpSettings: false,
          interval: 15,
          timeout: 10,
          unhealthyThreshold: 3,
          match: { statusCodes: ["200-399"] },
        },
      ]);
    });

    it("leads whoever came with TLS to the service, under an address without a port, and everybody else to TLS", () => {
      expect(inputs).to.deep.include({
        rewriteRuleSets: [
          {
            name: "client-address",
            rewriteRules: [
              {
                name: "without-port",
                ruleSequence: 100,
                actionSet: {
                  requestHeaderConfigurations: [{ headerName: "X-Forwarded-For", headerValue: "{var_add_x_forwarded_for_proxy}" }],
                },
              },
            ],
          },
        ],
        redirectConfigurations: [
          {
            name: "to-https",
            redirectType: "Permanent",
            targetListener: part("httpListeners/https"),
            includePath: true,
            includeQueryString: true,
          },
        ],
        requestRoutingRules: [
          {
            name: "https",
            ruleType: "Basic",
            priority: 100,
            httpListener: part("httpListeners/https"),
            backendAddressPool: part("backendAddressPools/service"),
            backendHttpSettings: part("backendHttpSettingsCollection/service"),
            rewriteRuleSet: part("rewriteRuleSets/client-address"),
          },
          {
            name: "http",
            ruleType: "Basic",
            priority: 200,
            httpListener: part("httpListeners/http"),
            redirectConfiguration: part("redirectConfigurations/to-https"),
          },
        ],
      });
    });
  });
}

describe("the gateway on Azure", () => {
  it("grows within the bounds of the configuration", async () => {
    const graph = await simulateComponent(() => azureLoadBalancer({ capacity: { min: 2, max: 40 } }));
    expect(named(graph, "balancer-gateway").inputs["autoscaleConfiguration"]).to.deep.equal({ minCapacity: 2, maxCapacity: 40 });
  });

  it("speaks of no part that it does not have, so that every id in it means something", async () => {
    const graph = await simulateComponent(() => azureLoadBalancer({ waf: true }));
    const { inputs } = named(graph, "balancer-gateway");
    const id = idInGroup(graph, "Microsoft.Network/applicationGateways/balancer-gateway");
    const own = [...JSON.stringify(inputs).matchAll(new RegExp(`"${id}/([^/"]+)/([^/"]+)"`, "g"))];
    expect(own.length).to.be.above(9);
    for (const [, kind = "", name] of own) {
      const names = (inputs[kind] as { readonly name: string }[] | undefined)?.map((each) => each.name);
      expect(names, `${kind}/${String(name)}`).to.include(name);
    }
  });
});
