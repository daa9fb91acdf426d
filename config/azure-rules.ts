import { contains, parseCidr, size } from "../components/network/cidr";
import { nodeAddresses, reservedAddresses } from "../components/network/node-addresses";
import { kubernetes } from "../components/versions";
import { show, type Problem } from "../components/configuration-error";
import { accessOnce, apart, exactlyOne, key, zoneRules, type Sound } from "./rules";
import type { AzureConfig } from "./schema";

/** Rules of a stack on Azure. */
export function azureRules(config: Sound<AzureConfig>): Problem[] {
  const { access, cluster, mongodb, network } = config;
  const create = network?.create;
  const ids = (principals: readonly { readonly id: string }[] = []): string[] => principals.map(({ id }) => id);
  const subnets = {
    "network.create.nodeSubnetCidr": create?.nodeSubnetCidr,
    "network.create.gatewaySubnetCidr": create?.gatewaySubnetCidr,
    "network.create.apiServerSubnetCidr": create?.apiServerSubnetCidr,
  };
  return [
    ...accessOnce({
      admins: ids(access?.admins),
      viewers: ids(access?.viewers),
      chatOperators: ids(access?.chatOperators),
      chatViewers: ids(access?.chatViewers),
    }),
    ...chatUsers(access),
    ...(network ? exactlyOne("network", network, ["create", "use"], "Let the program make a network, or name one that exists.") : []),
    ...apart(subnets),
    ...inside(create?.cidr, subnets),
    ...apart({ "network.create.cidr": create?.cidr, "cluster.serviceCidr": cluster?.serviceCidr, "cluster.podCidr": cluster?.podCidr }),
    ...sameSubnetTwice(network?.use),
    ...foreignDoor(network?.use, config.loadBalancer?.allowedCidrs),
    ...capacityBounds(config.loadBalancer?.capacity),
    ...(cluster ? clusterRules(cluster, create?.nodeSubnetCidr, mongodb?.members) : []),
  ];
}

function clusterRules(cluster: Sound<AzureConfig["cluster"]>, nodeSubnet: string | undefined, members: number | undefined): Problem[] {
  return [
    ...zoneRules("cluster.zones", cluster.zones, members),
    ...nodeSubnetSize(nodeSubnet, cluster),
    ...nodeInEachZone(cluster.zones, cluster.nodes?.max),
    ...azureClusterRules(cluster),
  ];
}

function sameSubnetTwice(use: Sound<AzureConfig["network"]["use"]>): Problem[] {
  const names = Object.entries({ nodeSubnet: use?.nodeSubnet, gatewaySubnet: use?.gatewaySubnet, apiServerSubnet: use?.apiServerSubnet });
  return names.flatMap(([path, name], index) =>
    name === undefined || names.findIndex(([, other]) => other === name) === index
      ? []
      : [
          {
            key: key(`network.use.${path}`),
            value: show(name),
            limit: "It must be a subnet of its own: nodes, gateway and API server cannot share one.",
            cure: "Name another subnet.",
          },
        ],
  );
}

/** Who may reach the gateway is for the security group of its subnet to say. */
function foreignDoor(use: Sound<AzureConfig["network"]["use"]>, allowed: readonly string[] | undefined): Problem[] {
  if (use === undefined || allowed === undefined || allowed.includes("0.0.0.0/0")) return [];
  return [
    {
      key: key("loadBalancer.allowedCidrs"),
      value: show(allowed),
      limit:
        "It must be left out where rocketchat:network.use names a network that exists: the security group of the gateway's subnet is its owner's.",
      cure: "Have the owner allow these ranges to ports 80 and 443, and remove the key.",
    },
  ];
}

function capacityBounds(capacity: Sound<AzureConfig["loadBalancer"]["capacity"]> | undefined): Problem[] {
  if (capacity?.min === undefined || capacity.max === undefined || capacity.min <= capacity.max) return [];
  return [
    {
      key: key("loadBalancer.capacity.min"),
      value: show(capacity.min),
      limit: `It must not be above rocketchat:loadBalancer.capacity.max, which is ${capacity.max}.`,
      cure: `Raise max to ${capacity.min} or more, or lower min.`,
    },
  ];
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
        limit: `It must lie inside rocketchat:network.create.cidr, which is ${vnet}.`,
        cure: "Choose a range inside it, or widen network.create.cidr.",
      },
    ];
  });
}

function nodeSubnetSize(nodeSubnet: string | undefined, cluster: Sound<AzureConfig["cluster"]>): Problem[] {
  const block = parseCidr(nodeSubnet ?? "");
  const [system, workload, spot] = [cluster.systemNodes?.count, cluster.nodes?.max, cluster.spot === undefined ? 0 : cluster.spot.max];
  if (block === undefined || cluster.zones === undefined || system === undefined || workload === undefined || spot === undefined) return [];
  const needed = nodeAddresses({ system, workload, spot, zones: cluster.zones.length });
  if (size(block) - reservedAddresses >= needed) return [];
  return [
    {
      key: key("network.create.nodeSubnetCidr"),
      value: show(nodeSubnet),
      limit: `It must hold ${needed} addresses (nodes, one more per pool during upgrades, the internal load balancer) beside the ${reservedAddresses} that Azure keeps; it holds ${size(block)}.`,
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
      cure: `Set it to ${pools} or more, or name fewer zones in rocketchat:cluster.zones.`,
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

/**
 * In the chat's namespace access is given by Kubernetes' own roles, which know a user of Entra ID by the name alone that they sign in with:
 * https://learn.microsoft.com/azure/aks/kubernetes-rbac-entra-id
 */
function chatUsers(access: Sound<AzureConfig>["access"]): Problem[] {
  return (["chatOperators", "chatViewers"] as const).flatMap((who) =>
    (access?.[who] ?? []).flatMap(({ id, type }, index) =>
      type !== "User"
        ? []
        : [
            {
              key: key(`access.${who}[${index}]`),
              value: show({ id, type }),
              limit: "It must be a group or a service principal: the chat's namespace knows users by their group.",
              cure: "Put the user into a group of Entra ID, and name the group.",
            },
          ],
    ),
  );
}

/** Compares Kubernetes versions; a minor without a patch stands for its newest patch. Negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] => version.split(".").map(Number);
  const [left, right] = [parts(a), parts(b)];
  const minors = (left[1] ?? 0) - (right[1] ?? 0);
  return minors !== 0 ? minors : (left[2] ?? Number.MAX_SAFE_INTEGER) - (right[2] ?? Number.MAX_SAFE_INTEGER);
}
