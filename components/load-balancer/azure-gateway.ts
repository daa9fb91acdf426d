import * as network from "@pulumi/azure-native/network";
import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";

import type { AzureNetwork } from "../network/azure";
import type { Tags } from "../tags";
import type { CertificateAccess } from "./azure-certificate";
import type { PublishedService } from "./index";

export interface GatewayArgs {
  readonly network: AzureNetwork;
  readonly region: string;
  readonly service: PublishedService;
  /** The only name that it answers to. */
  readonly domain: string;
  readonly publicIpId: pulumi.Input<string>;
  /** Where the service answers inside the network. */
  readonly backendAddress: string;
  readonly certificate: CertificateAccess;
  /** @default the gateway is a Standard_v2, and hands on whatever it is asked */
  readonly firewallPolicyId: pulumi.Input<string> | undefined;
  /** Bounds of its own autoscaling, in capacity units. */
  readonly capacity: { readonly min: number; readonly max: number };
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  readonly tags: Tags;
}

/** Seconds that a WebSocket may be open without a word, and a request without an answer. Azure takes up to 86,400. */
const requestTimeoutSeconds = 3600;

/** How often the chat is asked whether it serves: one that does not answer is given up within 45 s. */
const healthCheck = { interval: 15, timeout: 10, unhealthyThreshold: 3 };

type Part = inputs.network.SubResourceArgs;

/**
 * An Application Gateway with everything in it, none of which anybody else owns. It ends TLS, redirects plain HTTP, and hands requests for the one
 * domain to one address inside the network.
 */
export function createGateway(parent: pulumi.Resource, name: string, args: GatewayArgs): network.ApplicationGateway {
  const { firewallPolicyId, capacity } = args;
  // Its parts name each other by ids that hold its own name, so the name has to be known before.
  const applicationGatewayName = `${name}-gateway`;
  const id = pulumi.interpolate`${args.network.resourceGroup.id}/providers/Microsoft.Network/applicationGateways/${applicationGatewayName}`;
  const part = (kind: string, of: string): Part => ({ id: pulumi.interpolate`${id}/${kind}/${of}` });
  const sku = firewallPolicyId === undefined ? "Standard_v2" : "WAF_v2";
  return new network.ApplicationGateway(
    applicationGatewayName,
    {
      applicationGatewayName,
      resourceGroupName: args.network.resourceGroup.name,
      location: args.region,
      sku: { name: sku, tier: sku },
      ...(firewallPolicyId === undefined ? {} : { firewallPolicy: { id: firewallPolicyId } }),
      autoscaleConfiguration: { minCapacity: capacity.min, maxCapacity: capacity.max },
      zones: ["1", "2", "3"],
      identity: { type: "UserAssigned", userAssignedIdentities: [args.certificate.identityId] },
      gatewayIPConfigurations: [{ name: "gateway", subnet: { id: args.network.gatewaySubnetId } }],
      ...frontend(args, part),
      ...backend(args, part),
      ...routing(part),
      enableHttp2: true,
      // TLS 1.2 and 1.3: https://learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
      sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" },
      tags: args.tags,
    },
    {
      parent,
      protect: args.protect,
      dependsOn: [args.certificate.ready, ...args.network.egress],
      // Azure takes about ten minutes, and up to half an hour to say that it could not.
      customTimeouts: { create: "60m", update: "60m", delete: "60m" },
    },
  );
}

/** Where people come in: by the domain alone, with TLS or to be told of it. */
function frontend({ domain, publicIpId, certificate }: GatewayArgs, part: (kind: string, of: string) => Part) {
  const listener = (name: string, protocol: "Http" | "Https", more: inputs.network.ApplicationGatewayHttpListenerArgs) => ({
    name,
    protocol,
    hostName: domain,
    frontendIPConfiguration: part("frontendIPConfigurations", "public"),
    frontendPort: part("frontendPorts", name),
    ...more,
  });
  return {
    frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: publicIpId } }],
    frontendPorts: [
      { name: "http", port: 80 },
      { name: "https", port: 443 },
    ],
    sslCertificates: [{ name: "domain", keyVaultSecretId: certificate.secretId }],
    httpListeners: [
      listener("http", "Http", {}),
      // A client that names no domain is shown the certificate all the same: https://learn.microsoft.com/azure/application-gateway/ssl-overview
      listener("https", "Https", { sslCertificate: part("sslCertificates", "domain"), requireServerNameIndication: true }),
    ],
  };
}

/** Where requests go. */
function backend({ service, domain, backendAddress }: GatewayArgs, part: (kind: string, of: string) => Part) {
  return {
    backendAddressPools: [{ name: "service", backendAddresses: [{ ipAddress: backendAddress }] }],
    backendHttpSettingsCollection: [
      {
        name: "service",
        protocol: "Http",
        port: service.port,
        requestTimeout: requestTimeoutSeconds,
        // A cookie would tell addresses apart, and there is one: the pods stand behind it.
        cookieBasedAffinity: "Disabled",
        // Of the address, should another take its place. Pods are drained by Kubernetes, which keeps one serving until the internal load balancer
        // has seen that it stops.
        connectionDraining: { enabled: true, drainTimeoutInSec: service.drainSeconds },
        // The chat is to see the name that people asked for.
        pickHostNameFromBackendAddress: false,
        probe: part("probes", "service"),
      },
    ],
    probes: [
      {
        name: "service",
        protocol: "Http",
        host: domain,
        path: service.healthCheckPath,
        pickHostNameFromBackendHttpSettings: false,
        ...healthCheck,
        // A chat that was set to insist on TLS answers the probe, which has none, with a redirect.
        match: { statusCodes: ["200-399"] },
      },
    ],
  };
}

/** What leads where. Rules of a lower priority come first, and none may share one. */
function routing(part: (kind: string, of: string) => Part) {
  return {
    redirectConfigurations: [
      {
        name: "to-https",
        redirectType: "Permanent",
        targetListener: part("httpListeners", "https"),
        includePath: true,
        includeQueryString: true,
      },
    ],
    // The gateway adds `address:port`, and every connection would be another client to the chat's limits and logs:
    // https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url#remove-port-information-from-the-x-forwarded-for-header
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
    requestRoutingRules: [
      {
        name: "https",
        ruleType: "Basic",
        priority: 100,
        httpListener: part("httpListeners", "https"),
        backendAddressPool: part("backendAddressPools", "service"),
        backendHttpSettings: part("backendHttpSettingsCollection", "service"),
        rewriteRuleSet: part("rewriteRuleSets", "client-address"),
      },
      {
        name: "http",
        ruleType: "Basic",
        priority: 200,
        httpListener: part("httpListeners", "http"),
        redirectConfiguration: part("redirectConfigurations", "to-https"),
      },
    ],
  };
}
