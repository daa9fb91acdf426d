import { readFileSync } from "node:fs";

import type { LiveCluster } from "../../simulator/engine/live-cluster";
import type { ApiClient } from "../cluster/api-client";
import { Binder } from "../cluster/binder";
import { startControlPlane } from "../cluster/control-plane";
import { installOpenDefinition } from "../cluster/crds";
import { parseGraphDocument } from "../cluster/graph-document";
import { isManifest, listAt, nameOf, objectAt, textAt, type Manifest } from "../cluster/json";
import { nodesOf } from "../cluster/node-pools";
import { SimulatedNodes } from "../cluster/nodes";
import { until } from "../cluster/processes";
import { restrictedContainer } from "../cluster/sample-graph";

/** How long an object may take, in seconds, to be gone (a namespace waits for everything in it) or a claim to be bound. */
const patience = 60;

/** A real control plane for one rehearsal, with nodes of the stack's sizes and zones. */
export interface RehearsalCluster extends LiveCluster {
  readonly stop: () => Promise<void>;
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
  const plan = nodesOf(graph);
  const binder = new Binder(cluster, plan.driver, graph.cloud);
  const stop = async (): Promise<void> => {
    await binder.stop();
    await cluster.stop();
  };
  try {
    await SimulatedNodes.start(cluster, plan);
    binder.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const { client } = cluster;
  return {
    stop,
    kubeconfig: readFileSync(cluster.kubeconfig, "utf8"),
    apply: async (inputs) => {
      const object = manifest(inputs);
      if (!(await client.knows(object.apiVersion, object.kind))) await installOpenDefinition(client, object);
      await client.apply(object, { force: true });
      if (isLooseClaim(object)) await useClaim(client, object);
    },
    remove: async (inputs) => {
      const object = manifest(inputs);
      if (isLooseClaim(object)) await client.delete(userOf(object));
      await client.delete(object);
      if (listAt(object, "metadata", "finalizers").length > 0) await client.apply(withoutFinalizers(object), { force: true });
      await until(`the end of ${object.kind} ${nameOf(object)}`, patience, async () =>
        (await read(client, object)) === undefined ? true : undefined,
      );
    },
  };
}

function read(client: ApiClient, object: Manifest): Promise<Manifest | undefined> {
  return client.get(object.apiVersion, object.kind, nameOf(object), textAt(object, "metadata", "namespace"));
}

/** What an operator does when it has tidied up. None runs here, since releases stay simulated. */
function withoutFinalizers(object: Manifest): Manifest {
  const { finalizers: _, ...metadata } = objectAt(object, "metadata");
  return { ...object, metadata };
}

/** A claim that waits for a pod. The pods are those of a Helm release, and releases stay simulated. */
function isLooseClaim(object: Manifest): boolean {
  return object.kind === "PersistentVolumeClaim" && textAt(object, "spec", "volumeName") === undefined;
}

/** A pod in the place of the release's: it makes the scheduler choose a zone, and only a claim that is bound can grow. */
function userOf(claim: Manifest): Manifest {
  const name = `user-of-${nameOf(claim)}`.slice(0, 63).replace(/-+$/, "");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: textAt(claim, "metadata", "namespace") ?? "default" },
    spec: {
      containers: [
        {
          name: "user",
          image: "registry.k8s.io/pause:3.10",
          securityContext: { ...restrictedContainer, runAsUser: 65535 },
          volumeMounts: [{ name: "data", mountPath: "/data" }],
        },
      ],
      volumes: [{ name: "data", persistentVolumeClaim: { claimName: nameOf(claim) } }],
    },
  };
}

async function useClaim(client: ApiClient, claim: Manifest): Promise<void> {
  await client.apply(userOf(claim), { force: true });
  await until(`the volume of ${nameOf(claim)}`, patience, async () =>
    textAt(await read(client, claim), "status", "phase") === "Bound" ? true : undefined,
  );
}

function manifest(inputs: Readonly<Record<string, unknown>>): Manifest {
  if (!isManifest(inputs)) throw new Error(`not an object of the Kubernetes API: ${JSON.stringify(Object.keys(inputs))}`);
  return inputs;
}
