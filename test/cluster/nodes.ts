/** Nodes without machines: Node objects of the stack's sizes and zones, with KWOK as their kubelets. */
import type { NodeCapacity } from "../../components/cluster/node-capacity";
import { requireTools } from "../tools/locate";
import { kwokStages } from "../tools/module-files";
import type { Cluster } from "./control-plane";
import { type Manifest, listAt, nameOf, textAt } from "./json";
import type { ClusterNodes, NodePool } from "./node-pools";
import type { PlatformAgent } from "./node-sizes";
import { quantity } from "./node-use";
import { freePorts, until } from "./processes";

/** KWOK plays the kubelet of nodes with this label only, so that a given cluster's own nodes stay what they are. */
const LABEL = "cluster-test/simulated";

/** A set of simulated nodes that can grow as an autoscaler would let it. */
export class SimulatedNodes {
  private readonly counts = new Map<string, number>();
  private readonly created: Manifest[] = [];

  private constructor(
    private readonly cluster: Cluster,
    readonly plan: ClusterNodes,
  ) {}

  /** Starts KWOK, then creates each pool's nodes at rest and the cloud's agents on them, and waits until the nodes are Ready. */
  static async start(cluster: Cluster, plan: ClusterNodes): Promise<SimulatedNodes> {
    const nodes = new SimulatedNodes(cluster, plan);
    await nodes.startKwok();
    for (const pool of plan.pools) for (let index = 0; index < pool.count; index++) await nodes.add(pool);
    for (const agent of plan.agents) await cluster.client.apply(agentWorkload(agent), { force: true });
    await nodes.untilReady();
    return nodes;
  }

  /** Names of the nodes that exist. */
  get names(): readonly string[] {
    return this.created.map(nameOf);
  }

  /**
   * Adds one node as a cluster autoscaler could: to the pool with the fewest nodes above its minimum that still has room.
   * @returns the node's name; undefined when every pool, or the total, is at its maximum.
   */
  async grow(): Promise<string | undefined> {
    if (this.created.length >= this.plan.maxTotal) return undefined;
    const room = this.plan.pools.filter((pool) => this.countOf(pool) < pool.maxCount);
    // Tainted pools are for the cloud's own pods; growing them would help nobody.
    const above = (pool: NodePool): number => this.countOf(pool) - pool.count;
    const [pool] = [...room].sort((a, b) =>
      a.taints.length === b.taints.length ? above(a) - above(b) : a.taints.length - b.taints.length,
    );
    if (pool === undefined) return undefined;
    const name = await this.add(pool);
    await this.untilReady();
    return name;
  }

  /** Removes agents and nodes from a cluster that outlives the test. */
  async remove(): Promise<void> {
    const { client } = this.cluster;
    for (const agent of this.plan.agents) await client.delete(agentWorkload(agent));
    const names = new Set(this.names);
    await until("the end of the nodes' pods", 30, async () => {
      const left = await client.list("v1", "Pod");
      return left.some((pod) => names.has(textAt(pod, "spec", "nodeName") ?? "")) ? undefined : true;
    });
    for (const node of this.created) {
      await client.delete({ ...node, apiVersion: "storage.k8s.io/v1", kind: "CSINode" });
      await client.delete(node);
    }
  }

  private countOf(pool: NodePool): number {
    return this.counts.get(pool.name) ?? 0;
  }

  private async startKwok(): Promise<void> {
    const { kwok } = requireTools(["kwok"]);
    const [port = 0] = await freePorts(1);
    this.cluster.processes.start("kwok", kwok, [
      `--kubeconfig=${this.cluster.kubeconfig}`,
      `--manage-nodes-with-label-selector=${LABEL}=true`,
      // Leases let the controller manager's own node lifecycle run.
      "--node-lease-duration-seconds=40",
      `--server-address=127.0.0.1:${port}`,
      ...kwokStages().map((file) => `--config=${file}`),
    ]);
  }

  private async add(pool: NodePool): Promise<string> {
    const index = this.countOf(pool);
    this.counts.set(pool.name, index + 1);
    const name = `${pool.name}-${index + 1}`.toLowerCase().replaceAll(/[^a-z0-9-.]/g, "-");
    const zone = pool.zones[index % pool.zones.length] ?? "zone-a";
    const region = zone.replace(/(-?\d|[a-z])$/, "");
    const node: Manifest = {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        labels: {
          ...pool.labels,
          [LABEL]: "true",
          "kubernetes.io/hostname": name,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": "amd64",
          "node.kubernetes.io/instance-type": pool.sizeName,
          "topology.kubernetes.io/region": region,
          "topology.kubernetes.io/zone": zone,
          [this.plan.driver.zoneLabel]: zone,
        },
      },
      spec: { taints: pool.taints.map((taint) => ({ ...taint })) },
      // In one request, as a kubelet registers itself: KWOK gives a node without a size a thousand cores at once.
      status: { capacity: quantities(pool.size.capacity), allocatable: quantities(pool.size.allocatable) },
    };
    await this.cluster.client.create(node);
    this.created.push(node);
    await this.limitVolumes(name, pool);
    return name;
  }

  /** The scheduler counts attachable disks by what the storage driver reports for the node: 4 on Standard_B2s. */
  private async limitVolumes(name: string, pool: NodePool): Promise<void> {
    const { driver } = this.plan;
    await this.cluster.client.create({
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      metadata: { name },
      spec: {
        drivers: [
          { name: driver.name, nodeID: name, topologyKeys: [driver.zoneLabel], allocatable: { count: pool.size.allocatable.disks } },
        ],
      },
    });
  }

  private async untilReady(): Promise<void> {
    const names = new Set(this.names);
    await until("the nodes' readiness", 60, async () => {
      this.cluster.processes.assertRunning("kwok");
      const nodes = (await this.cluster.client.list("v1", "Node")).filter((node) => names.has(nameOf(node)));
      return nodes.length === names.size && nodes.every(isReady) ? true : undefined;
    });
    for (const planned of this.created) {
      const node = await this.cluster.client.get("v1", "Node", nameOf(planned));
      const [cpu, wanted] = [node, planned].map((each) => quantity(textAt(each, "status", "allocatable", "cpu")));
      if (cpu !== wanted) throw new Error(`node ${nameOf(planned)} has ${cpu} cores instead of ${wanted}: another kubelet has taken it`);
    }
  }
}

/** Ready by its kubelet, and the taint that admission gave it taken off by the controller manager. */
function isReady(node: Manifest): boolean {
  const ready = listAt(node, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
  );
  return ready && !listAt(node, "spec", "taints").some((taint) => textAt(taint, "key") === "node.kubernetes.io/not-ready");
}

function quantities(capacity: NodeCapacity): Record<string, string> {
  return {
    cpu: `${capacity.cpuMillicores}m`,
    memory: `${capacity.memoryMiB}Mi`,
    pods: String(capacity.pods),
    "ephemeral-storage": "20Gi",
  };
}

/** One of the cloud's own DaemonSets or Deployments, by its requests; what it runs is of no interest here. */
function agentWorkload({ name, replicas, cpuMillicores, memoryMiB }: PlatformAgent): Manifest {
  const labels = { "cluster-test/agent": name };
  const requests = { cpu: `${cpuMillicores}m`, memory: `${memoryMiB}Mi` };
  const everywhere = { tolerations: [{ operator: "Exists" }], priorityClassName: "system-node-critical" };
  return {
    apiVersion: "apps/v1",
    kind: replicas === undefined ? "DaemonSet" : "Deployment",
    metadata: { name: `cluster-test-${name}`, namespace: "kube-system", labels },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { [LABEL]: "true" },
          ...(replicas === undefined ? everywhere : { priorityClassName: "system-cluster-critical" }),
          containers: [{ name: "agent", image: `cluster-test/${name}`, resources: { requests } }],
        },
      },
    },
  };
}
