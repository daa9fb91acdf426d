import { contains, parseCidr, size } from "../components/network/cidr";
import { kubernetes } from "../components/versions";
import { show, type Problem } from "../components/configuration-error";
import { apart, key, viewersToo, zoneRules, type Sound } from "./rules";
import type { AzureConfig } from "./schema";

/** Rules of a stack on Azure. */
export function azureRules(config: Sound<AzureConfig>): Problem[] {
  const { access, cluster, mongodb, network } = config;
  const ids = (principals: readonly { readonly id: string }[] | undefined): string[] | undefined => principals?.map(({ id }) => id);
  const problems: Problem[] = viewersToo(ids(access?.admins), ids(access?.viewers));
  if (network) {
    const subnets = {
      "network.nodeSubnetCidr": network.nodeSubnetCidr,
      "network.gatewaySubnetCidr": network.gatewaySubnetCidr,
      "network.apiServerSubnetCidr": network.apiServerSubnetCidr,
    };
    problems.push(...apart(subnets), ...inside(network.cidr, subnets), ...zoneRules("network.zones", network.zones, mongodb?.members));
  }
  problems.push(
    ...apart({ "network.cidr": network?.cidr, "cluster.serviceCidr": cluster?.serviceCidr, "cluster.podCidr": cluster?.podCidr }),
  );
  if (network && cluster) problems.push(...nodeSubnetSize(network, cluster), ...nodeInEachZone(network.zones, cluster.nodes?.max));
  if (cluster) problems.push(...azureClusterRules(cluster));
  return problems;
}

function inside(vnet: string | undefined, subnets: Readonly<Record<string, string | undefined>>): Problem[] {
  const outer = parseCidr(vnet ?? "");
  return Object.entries(subnets).flatMap(([path, text]) => {
    const inner = parseCidr(text ?? "");
    if (outer === undefined || inner === undefined || contains(outer, inner)) return [];
    return [
      {
        key: key(path),
        value: show(text),
        limit: `It must lie inside rocketchat:network.cidr, which is ${vnet}.`,
        cure: "Choose a range inside it, or widen network.cidr.",
      },
    ];
  });
}

/** Addresses in every Azure subnet that Azure keeps for itself: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const reservedAddresses = 5;

function nodeSubnetSize(network: Sound<AzureConfig["network"]>, cluster: Sound<AzureConfig["cluster"]>): Problem[] {
  const block = parseCidr(network.nodeSubnetCidr ?? "");
  const most = mostNodes(cluster);
  if (block === undefined || most === undefined || network.zones === undefined) return [];
  // Overlay: an address for each node and, while a pool is upgraded, for one more of each pool; one for the internal load balancer.
  const nodes = most + 1 + network.zones.length + (cluster.spot ? 1 : 0);
  if (size(block) - reservedAddresses >= nodes + 1) return [];
  return [
    {
      key: key("network.nodeSubnetCidr"),
      value: show(network.nodeSubnetCidr),
      limit: `It must hold ${nodes + 1} addresses (nodes, one more per pool during upgrades, the internal load balancer) beside the ${reservedAddresses} that Azure keeps; it holds ${size(block)}.`,
      cure: "Choose a wider range (a smaller number behind the slash), or fewer nodes.",
    },
  ];
}

/** Each zone has a pool of its own, and AKS takes no pool whose autoscaler may not have a node: `az aks nodepool add --max-count`, 1 to 1000. */
function nodeInEachZone(zones: readonly string[] | undefined, max: number | undefined): Problem[] {
  const pools = new Set(zones).size;
  if (max === undefined || max >= pools) return [];
  return [
    {
      key: key("cluster.nodes.max"),
      value: show(max),
      limit: `It must be at least ${pools}: each of the ${pools} zones has a pool of its own, and AKS takes no pool that cannot have a node.`,
      cure: `Set it to ${pools} or more, or name fewer zones in rocketchat:network.zones.`,
    },
  ];
}

/** The most nodes that the cluster can have, of all kinds; `undefined` where one of the numbers is not sound. */
function mostNodes({ nodes, spot, systemNodes }: Sound<AzureConfig["cluster"]>): number | undefined {
  const counts = [systemNodes?.count, nodes?.max, spot === undefined ? 0 : spot.max];
  return counts.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}

function azureClusterRules(cluster: Sound<AzureConfig["cluster"]>): Problem[] {
  const problems: Problem[] = [];
  const systemSize = cluster.systemNodes?.size;
  if (systemSize !== undefined && /^Standard_B/i.test(systemSize)) {
    problems.push({
      key: key("cluster.systemNodes.size"),
      value: show(systemSize),
      limit: "It must not be of the B series: AKS does not support burstable sizes for system pools.",
      cure: "Choose a size such as Standard_D2as_v5; the workload's own nodes may stay on the B series.",
    });
  }
  if (cluster.version !== undefined && compareVersions(cluster.version, kubernetes.azureFloor) < 0) {
    problems.push({
      key: key("cluster.version"),
      value: show(cluster.version),
      limit: `It must be ${kubernetes.azureFloor} or newer.`,
      cure: `Use "${kubernetes.default}", for its newest patch.`,
    });
  }
  const pods = parseCidr(cluster.podCidr ?? "");
  const nodes = mostNodes(cluster);
  if (pods !== undefined && nodes !== undefined && size(pods) / 256 < nodes * 2) {
    problems.push({
      key: key("cluster.podCidr"),
      value: show(cluster.podCidr),
      limit: `It must hold ${nodes * 2} blocks of /24, one for each of at most ${nodes} nodes and as many again while pools are upgraded; it holds ${size(pods) / 256}.`,
      cure: "Choose a wider range.",
    });
  }
  return problems;
}

/** Compares Kubernetes versions; a minor without a patch stands for its newest patch. Negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => version.split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  const minors = (left[1] ?? 0) - (right[1] ?? 0);
  return minors !== 0 ? minors : (left[2] ?? Number.MAX_SAFE_INTEGER) - (right[2] ?? Number.MAX_SAFE_INTEGER);
}
