import * as network from "@pulumi/azure-native/network";
import type * as outputs from "@pulumi/azure-native/types/output";
import * as pulumi from "@pulumi/pulumi";

import { ConfigurationError, show, type Problem } from "../configuration-error";
import type { AzureNetworkArgs, ExistingSubnet } from "./azure";
import type { NewVnet } from "./azure-vnet";
import { nodeAddresses, reservedAddresses, type NodeCounts } from "./node-addresses";
import { overlap, parseCidr, size } from "./cidr";
import { lookUp } from "./lookup";

/** What the configuration asks for: a virtual network of the program's own, or one that exists. */
export interface VnetWishes {
  readonly create?: NewVnet | undefined;
  readonly use?: ExistingVnetWishes | undefined;
  readonly region: string;
  /** Addresses of Services and pods, which must not meet those of the network. */
  readonly serviceCidr: string;
  readonly podCidr: string;
  /** Nodes that there can be. */
  readonly nodes: NodeCounts;
}

interface ExistingVnetWishes {
  readonly virtualNetworkId: string;
  readonly nodeSubnet: string;
  readonly gatewaySubnet: string;
  readonly apiServerSubnet: string;
}

const path = (name: string): string => `rocketchat:network.use.${name}`;

/**
 * Asks the subscription what it has, before anything is registered.
 *
 * @throws ConfigurationError with all that would keep nodes from joining or the gateway from being made
 */
export async function planVnet(wishes: VnetWishes): Promise<AzureNetworkArgs["vnet"]> {
  const { create, use } = wishes;
  if (use !== undefined) return { use: await lookUpVnet(use, wishes) };
  if (create === undefined) throw new TypeError("the network says neither create nor use");
  return { create };
}

async function lookUpVnet(
  use: ExistingVnetWishes,
  wishes: VnetWishes,
): Promise<Extract<AzureNetworkArgs["vnet"], { use: unknown }>["use"]> {
  const vnet = await findVnet(use.virtualNetworkId);
  if ("problem" in vnet) throw new ConfigurationError(pulumi.getStack(), [vnet.problem]);
  const found = vnet.answer.subnets ?? [];
  const nodes = findSubnet(found, "nodeSubnet", use.nodeSubnet);
  const gateway = findSubnet(found, "gatewaySubnet", use.gatewaySubnet);
  const apiServer = findSubnet(found, "apiServerSubnet", use.apiServerSubnet);
  const problems = [
    ...networkProblems(use.virtualNetworkId, vnet.answer, wishes),
    ...nodeProblems(nodes, nodeAddresses(wishes.nodes)),
    ...gatewayProblems(gateway),
    ...apiServerProblems(apiServer),
  ];
  if (problems.length > 0) throw new ConfigurationError(pulumi.getStack(), problems);
  return { nodes: asExisting(nodes), gateway: asExisting(gateway), apiServer: asExisting(apiServer) };
}

function findVnet(id: string): Promise<{ answer: network.GetVirtualNetworkResult } | { problem: Problem }> {
  const [, resourceGroupName = "", virtualNetworkName = ""] = /\/resourceGroups\/([^/]+)\/.*\/([^/]+)$/.exec(id) ?? [];
  const cure = "Correct the id, or use the subscription that holds it.";
  return lookUp({ key: path("virtualNetworkId"), id, cloud: "Azure", place: "subscription", cure }, () =>
    network.getVirtualNetwork({ resourceGroupName, virtualNetworkName }),
  );
}

/** A subnet that is wanted, and what Azure says of it. */
interface Wanted {
  readonly key: string;
  readonly name: string;
  readonly subnet: outputs.network.SubnetResponse | undefined;
}

function findSubnet(subnets: readonly outputs.network.SubnetResponse[], key: string, name: string): Wanted {
  return { key: path(key), name, subnet: subnets.find((subnet) => subnet.name === name) };
}

function rangeOf({ subnet }: Wanted): string {
  return subnet?.addressPrefix ?? subnet?.addressPrefixes?.[0] ?? "";
}

function asExisting(wanted: Wanted): ExistingSubnet {
  return { id: wanted.subnet?.id ?? "", name: wanted.name, cidr: rangeOf(wanted) };
}

function networkProblems(id: string, vnet: network.GetVirtualNetworkResult, { region, serviceCidr, podCidr }: VnetWishes): Problem[] {
  const problems: Problem[] = [];
  if (vnet.location !== undefined && vnet.location.replaceAll(" ", "").toLowerCase() !== region) {
    const limit = `It must lie in ${region}, the stack's region; it lies in ${vnet.location}.`;
    problems.push({ key: path("virtualNetworkId"), value: show(id), limit, cure: "Name a network of that region, or move the stack." });
  }
  const ranges = vnet.addressSpace?.addressPrefixes ?? [];
  for (const [key, text] of Object.entries({ "cluster.serviceCidr": serviceCidr, "cluster.podCidr": podCidr })) {
    const own = parseCidr(text);
    const met = ranges.find((range) => {
      const other = parseCidr(range);
      return own !== undefined && other !== undefined && overlap(own, other);
    });
    if (met === undefined) continue;
    const limit = `It must not overlap the virtual network, which has ${met}.`;
    problems.push({ key: `rocketchat:${key}`, value: show(text), limit, cure: "Choose a range that is free in both." });
  }
  return problems;
}

function nodeProblems(wanted: Wanted, addresses: number): Problem[] {
  const { subnet } = wanted;
  if (subnet === undefined) return [missing(wanted)];
  const services = (subnet.serviceEndpoints ?? []).map(({ service }) => service);
  const range = parseCidr(rangeOf(wanted));
  return [
    ...(subnet.natGateway === undefined
      ? [problem(wanted, "It must have a NAT gateway: nodes have no public address, and would reach neither Azure nor a registry.")]
      : []),
    ...(services.includes("Microsoft.Storage")
      ? []
      : [problem(wanted, "It must have the service endpoint Microsoft.Storage: storage accounts let in this subnet and nobody else.")]),
    ...(range !== undefined && size(range) - reservedAddresses < addresses
      ? [problem(wanted, `It must hold ${addresses} addresses beside the ${reservedAddresses} that Azure keeps; it holds ${size(range)}.`)]
      : []),
  ];
}

/** Prefix of the smallest subnet in which Azure lets a gateway grow: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure */
const smallestGatewaySubnet = 26;

function gatewayProblems(wanted: Wanted): Problem[] {
  const { subnet } = wanted;
  if (subnet === undefined) return [missing(wanted)];
  const services = (subnet.serviceEndpoints ?? []).map(({ service }) => service);
  const range = parseCidr(rangeOf(wanted));
  const foreign = (subnet.delegations ?? []).filter(({ serviceName }) => serviceName !== "Microsoft.Network/applicationGateways");
  return [
    ...(foreign.length > 0
      ? [problem(wanted, `It is delegated to ${String(foreign[0]?.serviceName)}, and Application Gateway needs a subnet of its own.`)]
      : []),
    ...(services.includes("Microsoft.KeyVault")
      ? []
      : [problem(wanted, "It must have the service endpoint Microsoft.KeyVault: the gateway fetches its certificate through it.")]),
    ...(range !== undefined && range.prefix > smallestGatewaySubnet
      ? [problem(wanted, `It is ${rangeOf(wanted)}, and must be /${smallestGatewaySubnet} or larger for the gateway to grow.`)]
      : []),
  ];
}

/** https://learn.microsoft.com/azure/aks/api-server-vnet-integration */
function apiServerProblems(wanted: Wanted): Problem[] {
  const { subnet } = wanted;
  if (subnet === undefined) return [missing(wanted)];
  const range = parseCidr(rangeOf(wanted));
  const delegated = (subnet.delegations ?? []).some(({ serviceName }) => serviceName === "Microsoft.ContainerService/managedClusters");
  return [
    ...(delegated ? [] : [problem(wanted, "It must be delegated to Microsoft.ContainerService/managedClusters.")]),
    ...(range !== undefined && range.prefix > 28 ? [problem(wanted, `It is ${rangeOf(wanted)}, and must be /28 or larger.`)] : []),
  ];
}

function missing(wanted: Wanted): Problem {
  return problem(wanted, "It must exist in the virtual network that rocketchat:network.use.virtualNetworkId names.");
}

function problem({ key, name }: Wanted, limit: string): Problem {
  return { key, value: show(name), limit, cure: "Name another subnet, or have this one changed." };
}
