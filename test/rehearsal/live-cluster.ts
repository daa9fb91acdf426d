import { readFileSync } from "node:fs";

import type { LiveCluster } from "../../simulator/engine/live-cluster";
import { startControlPlane, type Cluster } from "../cluster/control-plane";
import { parseGraphDocument } from "../cluster/graph-document";
import { isManifest, type Manifest } from "../cluster/json";
import { nodesOf } from "../cluster/node-pools";
import { SimulatedNodes } from "../cluster/nodes";
import { until } from "../cluster/processes";

/** How long an object may take to be gone, in seconds: a namespace waits for everything in it. */
const goneWithin = 60;

/** A real control plane for one rehearsal, with nodes of the stack's sizes and zones. */
export interface RehearsalCluster extends LiveCluster {
  readonly cluster: Cluster;
}

/**
 * Starts it. Its own kubeconfig, with a token, is what the simulated cloud hands out.
 *
 * @param document the stack's resource graph, as a preview prints it: the nodes follow from it
 */
export async function startRehearsalCluster(document: string, serviceCidr: string): Promise<RehearsalCluster> {
  const [graph] = parseGraphDocument(document).stacks;
  if (graph === undefined) throw new Error("the document holds no stack");
  const cluster = await startControlPlane({ serviceCidr });
  try {
    await SimulatedNodes.start(cluster, nodesOf(graph));
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  const { client } = cluster;
  return {
    cluster,
    kubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
    apply: async (inputs) => {
      await client.apply(manifest(inputs), { force: true });
    },
    remove: async (inputs) => {
      const object = manifest(inputs);
      await client.delete(object);
      const { name, namespace } = object.metadata as { name: string; namespace?: string };
      await until(`the end of ${object.kind} ${name}`, goneWithin, async () =>
        (await client.get(object.apiVersion, object.kind, name, namespace)) === undefined ? true : undefined,
      );
    },
  };
}

function manifest(inputs: Readonly<Record<string, unknown>>): Manifest {
  if (!isManifest(inputs)) throw new Error(`not an object of the Kubernetes API: ${JSON.stringify(Object.keys(inputs))}`);
  return inputs;
}
