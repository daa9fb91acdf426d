/** The node pools of a stack, read from its resource graph. */
import { awsNodeSize, azureNodeSize, type NodeSize } from "../../components/cluster/node-capacity";
import type { GraphResource, StackGraph } from "./graph-document";
import { type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from "./json";
import { type PlatformAgent, awsAgents, azureAgents } from "./node-sizes";

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface NodePool {
  readonly name: string;
  readonly sizeName: string;
  readonly size: NodeSize;
  /** Nodes of the pool stand in these zones by turns; a name per zone, as node labels have it. */
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Nodes at rest. */
  readonly count: number;
  /** Nodes that the autoscaler may add up to. */
  readonly maxCount: number;
}

export interface ClusterNodes {
  readonly pools: readonly NodePool[];
  readonly agents: readonly PlatformAgent[];
  /** Nodes over all pools that the autoscaler may not exceed. */
  readonly maxTotal: number;
  /** Storage driver and the node label by which it tells zones apart. */
  readonly driver: { readonly name: string; readonly zoneLabel: string };
}

/**
 * The nodes that the stack's graph asks for.
 * @throws when the graph has no node pool, or one of a size that is not in the tables.
 */
export function nodesOf(graph: StackGraph): ClusterNodes {
  const nodes = graph.cloud === "azure" ? azureNodes(graph) : awsNodes(graph);
  if (nodes.pools.length === 0) throw new Error(`stack ${graph.stack} has no node pool in its graph`);
  return nodes;
}

const AWS_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

function awsNodes(graph: StackGraph): ClusterNodes {
  const addons = graph.resources.filter(({ type }) => type === "aws:eks/addon:Addon");
  const named = new Set(addons.map(({ inputs }) => textAt(inputs, "addonName")));
  const cni = addons.find(({ inputs }) => textAt(inputs, "addonName") === "vpc-cni");
  // EKS itself then gives its nodes 110 pods (docs: choosing an instance type).
  const prefixDelegation = /"ENABLE_PREFIX_DELEGATION"\s*:\s*"true"/.test(textAt(cni?.inputs, "configurationValues") ?? "");
  const pools = graph.resources
    .filter(({ type }) => type === AWS_NODE_GROUP)
    .map((group) => awsPool(group, graph, prefixDelegation ? 110 : undefined));
  return {
    pools,
    agents: awsAgents.filter(({ addon }) => addon === undefined || named.has(addon)),
    maxTotal: maxTotalOf(graph) ?? sum(pools.map(({ maxCount }) => maxCount)),
    driver: { name: "ebs.csi.aws.com", zoneLabel: "topology.ebs.csi.aws.com/zone" },
  };
}

function awsPool(group: GraphResource, graph: StackGraph, maxPods: number | undefined): NodePool {
  const scaling = objectAt(group.inputs, "scalingConfig");
  const minimum = numberAt(scaling, "minSize") ?? 1;
  const count = Math.max(numberAt(scaling, "desiredSize") ?? minimum, minimum);
  const template = graph.resources.find(
    ({ type, urn }) => type === "aws:ec2/launchTemplate:LaunchTemplate" && group.dependencies.includes(urn),
  );
  // EKS's own default is t3.medium.
  const sizeName = textAt(group.inputs, "instanceTypes", 0) ?? textAt(template?.inputs, "instanceType") ?? "t3.medium";
  return {
    name: group.name,
    sizeName,
    size: known(sizeName, awsNodeSize(sizeName, maxPods)),
    zones: awsZones(group, graph),
    labels: { ...textValues(objectAt(group.inputs, "labels")), "eks.amazonaws.com/nodegroup": group.name },
    taints: listAt(group.inputs, "taints").map((taint) => ({
      key: textAt(taint, "key") ?? "",
      value: textAt(taint, "value") ?? "",
      effect: effectOf(textAt(taint, "effect") ?? ""),
    })),
    count,
    maxCount: Math.max(numberAt(scaling, "maxSize") ?? count, count),
  };
}

/** The zones of the group's subnets; where ids are unknown, of the subnets it depends on; else three zones of nobody's region. */
function awsZones(group: GraphResource, graph: StackGraph): readonly string[] {
  const wanted = new Set(group.dependencies);
  const subnets = graph.resources.filter(({ type, urn }) => type === "aws:ec2/subnet:Subnet" && wanted.has(urn));
  const used = subnets
    .map(({ inputs }) => textAt(inputs, "availabilityZone"))
    .filter((zone) => zone !== undefined && !zone.startsWith("["));
  if (used.length > 0) return [...new Set(used as string[])].sort();
  const region = textAt(group.inputs, "region") ?? "us-east-1";
  // One group per zone is told by its name's last letter or number: nodes-a, nodes-1.
  const last = /[-_]([a-c])$/.exec(group.name)?.[1] ?? "abc"[Number(/[-_]([1-3])$/.exec(group.name)?.[1] ?? "0") - 1];
  const letters = last === undefined ? ["a", "b", "c"] : [last];
  return letters.map((letter) => `${region}${letter}`);
}

function azureNodes(graph: StackGraph): ClusterNodes {
  const clusters = graph.resources.filter(({ type }) => /^azure-native:containerservice(\/v\d+\w*)?:ManagedCluster$/.test(type));
  const own = graph.resources.filter(({ type }) => /^azure-native:containerservice(\/v\d+\w*)?:AgentPool$/.test(type));
  const location = textAt(clusters[0]?.inputs, "location") ?? "eastus";
  const overlay = textAt(clusters[0]?.inputs, "networkProfile", "networkPluginMode") === "overlay";
  const inline = clusters.flatMap(({ inputs }) => listAt(inputs, "agentPoolProfiles"));
  const pools = [
    ...inline.map((profile) => azurePool(textAt(profile, "name") ?? "system", profile, location, overlay)),
    ...own.map(({ name, inputs }) => azurePool(textAt(inputs, "agentPoolName") ?? name, inputs, location, overlay)),
  ];
  const monitored = clusters.some(({ inputs }) => objectAt(inputs, "addonProfiles", "omsagent")["enabled"] === true);
  return {
    pools,
    agents: azureAgents.filter(({ addon }) => addon === undefined || monitored),
    maxTotal: sum(pools.map(({ maxCount }) => maxCount)),
    driver: { name: "disk.csi.azure.com", zoneLabel: "topology.disk.csi.azure.com/zone" },
  };
}

function azurePool(name: string, profile: Json, location: string, overlay: boolean): NodePool {
  // Defaults of AKS by network plugin: learn.microsoft.com/azure/aks/quotas-skus-regions.
  const maxPods = numberAt(profile, "maxPods") ?? (overlay ? 250 : 30);
  const minimum = numberAt(profile, "minCount") ?? 1;
  const count = Math.max(numberAt(profile, "count") ?? minimum, minimum);
  const sizeName = textAt(profile, "vmSize") ?? "Standard_B2s";
  const zones = listAt(profile, "availabilityZones").filter((zone) => typeof zone === "string");
  const mode = textAt(profile, "mode") ?? "User";
  return {
    name,
    sizeName,
    size: known(sizeName, azureNodeSize(sizeName, maxPods)),
    // A pool without zones gets the zone "0", which is how the cloud provider labels it.
    zones: zones.length === 0 ? ["0"] : zones.map((zone) => `${location.toLowerCase().replaceAll(" ", "")}-${zone}`),
    labels: {
      ...textValues(objectAt(profile, "nodeLabels")),
      "kubernetes.azure.com/agentpool": name,
      "kubernetes.azure.com/mode": mode.toLowerCase(),
      agentpool: name,
    },
    taints: listAt(profile, "nodeTaints").map(parseTaint),
    count,
    maxCount: Math.max(numberAt(profile, "maxCount") ?? count, count),
  };
}

/** `key=value:Effect`, as AKS writes taints. */
function parseTaint(text: Json): Taint {
  const [, key = "", , value = "", effect = "NoSchedule"] = /^([^=:]+)(=([^:]*))?:(.+)$/.exec(typeof text === "string" ? text : "") ?? [];
  return { key, value, effect: effectOf(effect) };
}

/** EKS writes NO_SCHEDULE, Kubernetes NoSchedule. */
function effectOf(text: string): Taint["effect"] {
  const plain = text.toLowerCase().replaceAll("_", "");
  if (plain === "noexecute") return "NoExecute";
  return plain === "prefernoschedule" ? "PreferNoSchedule" : "NoSchedule";
}

/** The limit that the cluster autoscaler's own release sets. */
function maxTotalOf(graph: StackGraph): number | undefined {
  const autoscaler = graph.resources.find(({ inputs }) => textAt(inputs, "chart")?.endsWith("cluster-autoscaler") === true);
  const limit = Number(objectAt(autoscaler?.inputs, "values", "extraArgs")["max-nodes-total"] ?? Number.NaN);
  return Number.isFinite(limit) ? limit : undefined;
}

function textValues(labels: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function known(sizeName: string, size: NodeSize | undefined): NodeSize {
  if (size === undefined)
    throw new Error(`node size ${sizeName} is not in components/cluster/node-capacity.ts; add its vCPU, GiB and limits`);
  return size;
}
