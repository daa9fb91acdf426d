/** A rule of a network security group, as Azure takes it. */
export interface SecurityRule {
  readonly name: string;
  readonly access: "Allow" | "Deny";
  readonly direction: "Inbound" | "Outbound";
  readonly priority: number;
  readonly protocol: "Tcp" | "*";
  readonly sourcePortRange: string;
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: string[];
  readonly destinationAddressPrefix?: string;
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: string[];
}

interface Inbound {
  readonly name: string;
  readonly from: string | readonly string[];
  readonly to: string;
  readonly ports: readonly string[];
  readonly protocol?: "Tcp" | "*";
}

/** What comes in, in the order of its priority; anything else is denied by the last rule, also from inside the network. */
function inbound(rules: readonly Inbound[]): SecurityRule[] {
  const allowed = rules.map(({ name, from, to, ports, protocol = "Tcp" }, index) => ({
    ...base(name, "Allow", 100 + 10 * index, protocol),
    ...(typeof from === "string" ? { sourceAddressPrefix: from } : { sourceAddressPrefixes: [...from] }),
    destinationAddressPrefix: to,
    ...(ports.length === 1 && ports[0] !== undefined ? { destinationPortRange: ports[0] } : { destinationPortRanges: [...ports] }),
  }));
  // 4096 is the last priority that can be given: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview
  const rest = {
    ...base("deny-everything-else", "Deny", 4096, "*"),
    sourceAddressPrefix: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "*",
  };
  return [...allowed, rest];
}

function base(name: string, access: "Allow" | "Deny", priority: number, protocol: SecurityRule["protocol"]): SecurityRule {
  return { name, access, direction: "Inbound", priority, protocol, sourcePortRange: "*" };
}

/**
 * Application Gateway takes users on 80 and 443, and its own management on a range that Azure demands:
 * https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#network-security-groups
 */
export function gatewayRules({
  gateway,
  users,
  trafficManager,
}: {
  gateway: string;
  users: readonly string[];
  trafficManager: boolean;
}): SecurityRule[] {
  const everyone = users.includes("0.0.0.0/0");
  return inbound([
    // Azure's own word for everyone who is outside: a rule from 0.0.0.0/0 would let the network's own machines in too.
    { name: "users", from: everyone ? "Internet" : users, to: gateway, ports: ["80", "443"] },
    // Its probes come from the internet, and are everyone's where everyone may come in.
    ...(trafficManager && !everyone ? [{ name: "traffic-manager", from: "AzureTrafficManager", to: gateway, ports: ["443"] }] : []),
    { name: "gateway-manager", from: "GatewayManager", to: "*", ports: ["65200-65535"] },
    { name: "azure-load-balancer", from: "AzureLoadBalancer", to: "*", ports: ["*"], protocol: "*" },
  ]);
}

/**
 * Nodes and pods talk among themselves, the overlay's packets carry the pods' own addresses
 * (https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay); the gateway reaches the chat through the internal load balancer;
 * the API server reaches kubelets and webhooks.
 */
export function nodeRules(ranges: {
  nodes: string;
  pods: string;
  gateway: string;
  apiServer: string;
  publishedPort: number;
}): SecurityRule[] {
  return inbound([
    { name: "nodes-and-pods", from: [ranges.nodes, ranges.pods], to: "*", ports: ["*"], protocol: "*" },
    { name: "gateway", from: ranges.gateway, to: "*", ports: [String(ranges.publishedPort)] },
    { name: "api-server", from: ranges.apiServer, to: "*", ports: ["*"] },
    { name: "azure-load-balancer", from: "AzureLoadBalancer", to: "*", ports: ["*"], protocol: "*" },
  ]);
}

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration#network-security-group-rules, and operators on the public address. */
export function apiServerRules(ranges: { apiServer: string; nodes: string; operators: readonly string[] }): SecurityRule[] {
  return inbound([
    { name: "nodes", from: ranges.nodes, to: ranges.apiServer, ports: ["443", "4443"] },
    { name: "operators", from: ranges.operators, to: "*", ports: ["443"] },
    { name: "azure-load-balancer", from: "AzureLoadBalancer", to: ranges.apiServer, ports: ["9988"] },
  ]);
}
