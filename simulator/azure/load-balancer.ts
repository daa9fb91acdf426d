import type * as network from "@pulumi/azure-native/network";
import type * as trafficmanager from "@pulumi/azure-native/trafficmanager";

import { textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { fixed, placed } from "./ids";

/** Simulated Application Gateway, its firewall, and Traffic Manager. */

type Inputs = Readonly<Record<string, unknown>>;

const zones = fixed<network.ApplicationGateway>("zones");

export const loadBalancerTable: PackageTable = {
  types: {
    // A gateway is changed in place, whatever changes but its name and place; Azure refuses what it cannot change.
    "azure-native:network:ApplicationGateway": placed<network.ApplicationGateway>(
      "Microsoft.Network/applicationGateways",
      ["applicationGatewayName"],
      {
        tags: "tags",
        computed: zones.asMade,
        check: unsoundGateway,
        refuse: (r, inventory) => [...zones.changed(r), ...sharedSubnet(r, inventory), ...closedVault(r, inventory)],
      },
    ),
    "azure-native:network:WebApplicationFirewallPolicy": placed<network.WebApplicationFirewallPolicy>(
      "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies",
      ["policyName"],
      { tags: "tags", check: unsoundPolicy },
    ),
    "azure-native:trafficmanager:Profile": placed<trafficmanager.Profile>("Microsoft.Network/trafficManagerProfiles", ["profileName"], {
      tags: "tags",
      computed: (r) => {
        const { relativeName, ttl } = (r.inputs["dnsConfig"] ?? {}) as { readonly relativeName?: string; readonly ttl?: number };
        return relativeName === undefined ? {} : { dnsConfig: { relativeName, ttl, fqdn: `${relativeName}.trafficmanager.net` } };
      },
      check: unsoundMonitor,
      refuse: namelessEndpoints,
    }),
  },
  functions: {},
};

/** What Azure adds to the DNS settings of an address. */
export function dnsSettings(resource: Registration): { dnsSettings?: { domainNameLabel: string; fqdn: string } } {
  const label = labelOf(resource.inputs);
  if (label === undefined) return {};
  return { dnsSettings: { domainNameLabel: label, fqdn: `${label}.${textInput(resource, "location")}.cloudapp.azure.com` } };
}

/**
 * A label has the form that Azure's own schema demands, and holds none of its reserved words:
 * https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name
 */
export function unsoundLabel(inputs: Inputs): Failure[] {
  const label = labelOf(inputs);
  const property = "dnsSettings.domainNameLabel";
  if (label === undefined) return [];
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label))
    return [{ property, reason: `${label} must be 3 to 63 lower case letters, digits and dashes, and begin with a letter` }];
  if (/microsoft|windows|^login/.test(label)) return [{ property, reason: `${label} or a part of it is a trademarked or reserved word` }];
  return [];
}

/** A label is given once in a region. */
export function takenLabel(resource: Registration, inventory: Inventory): Failure[] {
  const label = labelOf(resource.inputs);
  if (label === undefined) return [];
  const taken = inventory
    .all("azure-native:network:PublicIPAddress")
    .some((other) => labelOf(other) === label && other["location"] === resource.inputs["location"]);
  return taken ? [{ property: "dnsSettings.domainNameLabel", reason: `DNS record ${label} is already used by another public IP` }] : [];
}

function labelOf(inputs: Inputs): string | undefined {
  return (inputs["dnsSettings"] as { readonly domainNameLabel?: string } | undefined)?.domainNameLabel;
}

/** The parts of a gateway that rules speak of. Unknown values are missing. */
interface Gateway {
  readonly sku?: { readonly tier?: string };
  readonly firewallPolicy?: unknown;
  readonly identity?: unknown;
  readonly autoscaleConfiguration?: { readonly minCapacity: number; readonly maxCapacity?: number };
  readonly probes?: readonly { readonly name: string; readonly interval: number; readonly timeout: number }[];
  readonly backendHttpSettingsCollection?: readonly { readonly name: string; readonly requestTimeout?: number }[];
  readonly httpListeners?: readonly { readonly name: string; readonly protocol: string; readonly sslCertificate?: unknown }[];
  readonly requestRoutingRules?: readonly {
    readonly name: string;
    readonly priority?: number;
    readonly backendAddressPool?: unknown;
    readonly redirectConfiguration?: unknown;
  }[];
  readonly sslCertificates?: readonly { readonly keyVaultSecretId?: string }[];
}

/**
 * https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview (a probe's times),
 * https://learn.microsoft.com/rest/api/application-gateway/application-gateways/create-or-update (bounds, priorities),
 * https://learn.microsoft.com/azure/application-gateway/key-vault-certs (the identity)
 */
function unsoundGateway(inputs: Inputs): Failure[] {
  const gateway = inputs as Gateway;
  const rules = gateway.requestRoutingRules ?? [];
  const { minCapacity = 0, maxCapacity = 10 } = gateway.autoscaleConfiguration ?? {};
  const priorities = rules.map(({ priority }) => priority);
  return [
    ...when(new Set(priorities).size < rules.length, "requestRoutingRules", "two rules have the same priority"),
    ...when(
      priorities.some((priority) => priority === undefined || priority < 1 || priority > 20_000),
      "requestRoutingRules",
      "every rule has a priority from 1 to 20000",
    ),
    ...rules.flatMap(({ name, backendAddressPool, redirectConfiguration }) =>
      when(
        (backendAddressPool === undefined) === (redirectConfiguration === undefined),
        `requestRoutingRules.${name}`,
        "it has either a backend or a redirection",
      ),
    ),
    ...(gateway.probes ?? []).flatMap(({ name, interval, timeout }) =>
      when(timeout > interval, `probes.${name}`, "the timeout must not be more than the interval"),
    ),
    ...(gateway.backendHttpSettingsCollection ?? []).flatMap(({ name, requestTimeout = 30 }) =>
      when(requestTimeout > 86_400, `backendHttpSettingsCollection.${name}`, "requestTimeout lies between 1 and 86400"),
    ),
    ...(gateway.httpListeners ?? []).flatMap(({ name, protocol, sslCertificate }) =>
      when(
        (protocol === "Https") !== (sslCertificate !== undefined),
        `httpListeners.${name}`,
        "a certificate goes with HTTPS, and only with it",
      ),
    ),
    ...when(gateway.firewallPolicy !== undefined && gateway.sku?.tier !== "WAF_v2", "firewallPolicy", "a policy needs the tier WAF_v2"),
    ...when(
      minCapacity > maxCapacity || maxCapacity < 2 || maxCapacity > 125,
      "autoscaleConfiguration",
      "the bounds are 0 to 100 and 2 to 125",
    ),
    ...when(
      gateway.identity === undefined && (gateway.sslCertificates ?? []).some(({ keyVaultSecretId }) => keyVaultSecretId !== undefined),
      "identity",
      "a certificate in a Key Vault needs an identity that may read it",
    ),
  ];
}

function when(wrong: boolean, property: string, reason: string): Failure[] {
  return wrong ? [{ property, reason }] : [];
}

/** https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure: a gateway's subnet holds gateways only. */
function sharedSubnet(resource: Registration, inventory: Inventory): Failure[] {
  const configurations = resource.inputs["gatewayIPConfigurations"] as
    readonly { readonly subnet?: { readonly id?: string } }[] | undefined;
  return (configurations ?? []).flatMap(({ subnet }) => {
    const { delegations } = inventory.find("azure-native:network:Subnet", subnet?.id ?? "") ?? {};
    const delegated = Array.isArray(delegations) ? (delegations as { readonly serviceName: string }[]) : [];
    const foreign = delegated.find(({ serviceName }) => serviceName !== "Microsoft.Network/applicationGateways");
    return foreign === undefined
      ? []
      : [
          {
            property: "gatewayIPConfigurations",
            reason: `the subnet is delegated to ${foreign.serviceName}, and needs to be the gateway's own`,
          },
        ];
  });
}

/** The gateway reads its certificates while it is made, and nobody gives it what it may not read. */
function closedVault(resource: Registration, inventory: Inventory): Failure[] {
  const { userAssignedIdentities = [] } = (resource.inputs["identity"] ?? {}) as { readonly userAssignedIdentities?: readonly string[] };
  const principals = userAssignedIdentities.map(
    (id) => inventory.find("azure-native:managedidentity:UserAssignedIdentity", id)?.["principalId"],
  );
  const granted = inventory.all("azure-native:authorization:RoleAssignment").filter(({ principalId }) => principals.includes(principalId));
  const certificates = (resource.inputs as Gateway).sslCertificates ?? [];
  return certificates.flatMap(({ keyVaultSecretId = "" }, index) => {
    const [, vault, secret] = /^https:\/\/([^.]+)\.vault\.azure\.net\/secrets\/([^/]+)/.exec(keyVaultSecretId) ?? [];
    if (vault === undefined || secret === undefined) return [];
    const opened = granted.some(({ scope }) => new RegExp(`/vaults/${vault}(/secrets/${secret})?$`).test(String(scope)));
    return when(!opened, `sslCertificates[${index}]`, `the gateway's identity does not have the permission get on ${keyVaultSecretId}`);
  });
}

interface CustomRule {
  readonly name: string;
  readonly priority: number;
  readonly ruleType: string;
  readonly rateLimitThreshold?: number;
  readonly groupByUserSession?: unknown;
}

/** https://learn.microsoft.com/azure/web-application-firewall/ag/rate-limiting-overview */
function unsoundPolicy({ customRules, managedRules }: Inputs): Failure[] {
  const rules = Array.isArray(customRules) ? (customRules as CustomRule[]) : [];
  const { managedRuleSets = [] } = (managedRules ?? {}) as { readonly managedRuleSets?: readonly unknown[] };
  return [
    ...when(new Set(rules.map(({ priority }) => priority)).size < rules.length, "customRules", "two rules have the same priority"),
    ...when(managedRuleSets.length === 0, "managedRules", "a policy has a managed rule set"),
    ...rules.flatMap(({ name, ruleType, rateLimitThreshold = 0, groupByUserSession }) =>
      when(
        ruleType === "RateLimitRule" && (rateLimitThreshold < 1 || groupByUserSession === undefined),
        `customRules.${name}`,
        "a limit has a threshold of 1 or more, and says whose requests it counts",
      ),
    ),
  ];
}

/** https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring#configure-endpoint-monitoring */
function unsoundMonitor({ monitorConfig }: Inputs): Failure[] {
  const { intervalInSeconds = 30, timeoutInSeconds = 10 } = (monitorConfig ?? {}) as Readonly<Record<string, number>>;
  const longest = intervalInSeconds === 10 ? 9 : 10;
  return [
    ...when(![10, 30].includes(intervalInSeconds), "monitorConfig.intervalInSeconds", "the interval is 10 or 30"),
    ...when(
      timeoutInSeconds < 5 || timeoutInSeconds > longest,
      "monitorConfig.timeoutInSeconds",
      `the timeout lies between 5 and ${longest}`,
    ),
  ];
}

/** https://learn.microsoft.com/azure/traffic-manager/traffic-manager-endpoint-types: an address has a DNS name before it becomes an endpoint. */
function namelessEndpoints(resource: Registration, inventory: Inventory): Failure[] {
  const endpoints = resource.inputs["endpoints"] as readonly { readonly targetResourceId?: string }[] | undefined;
  return (endpoints ?? []).flatMap(({ targetResourceId = "" }, index) => {
    const target = inventory.find("azure-native:network:PublicIPAddress", targetResourceId);
    return when(
      target !== undefined && labelOf(target) === undefined,
      `endpoints[${index}].targetResourceId`,
      "the address has no DNS name",
    );
  });
}
