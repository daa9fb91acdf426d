/** A cluster that the caller brings: kind, k3d, minikube, envtest, anything with a kubeconfig. */
import { accessSync } from "node:fs";
import { resolve } from "node:path";
import { requireTools } from "../tools/locate";
import { ApiClient } from "./api-client";
import type { Cluster } from "./control-plane";
import { type Manifest, at } from "./json";
import { ProcessGroup, freePorts, until } from "./processes";

/**
 * Opens the cluster through `kubectl proxy`, which knows every way of logging in that a kubeconfig can name. Its own nodes are cordoned until `stop`,
 * so that pods go to the simulated ones.
 * @throws when one of the stack's namespaces is there already: that cluster is somebody's, and this test creates, changes and deletes.
 */
export async function openGivenCluster(kubeconfig: string, namespaces: readonly string[]): Promise<Cluster> {
  const { kubectl } = requireTools(["kubectl"]);
  const processes = new ProcessGroup("cluster-test-");
  const [port = 0] = await freePorts(1);
  const client = new ApiClient({ url: `http://127.0.0.1:${port}` });
  try {
    // The programs run in a directory of their own.
    const file = resolve(kubeconfig);
    accessSync(file);
    processes.start("kubectl-proxy", kubectl, [`--kubeconfig=${file}`, "proxy", "--address=127.0.0.1", `--port=${port}`]);
    await until("the given cluster", 30, async () => {
      processes.assertRunning("kubectl-proxy");
      return client.request("GET", "/readyz").catch(() => undefined);
    });
    for (const namespace of namespaces) {
      if ((await client.get("v1", "Namespace", namespace)) !== undefined) {
        throw new Error(`namespace ${namespace} is in the given cluster already; use a cluster that nothing else uses`);
      }
    }
    const cordoned = await cordon(client);
    const stop = async (): Promise<void> => {
      for (const node of cordoned) await client.patch(node, { spec: { unschedulable: null } }).catch(() => undefined);
      client.close();
      await processes.stop();
    };
    return { client, kubeconfig: file, processes, given: true, stop };
  } catch (error) {
    client.close();
    await processes.stop();
    throw error;
  }
}

async function cordon(client: ApiClient): Promise<readonly Manifest[]> {
  const nodes = (await client.list("v1", "Node")).filter((node) => at(node, "spec", "unschedulable") !== true);
  for (const node of nodes) await client.patch(node, { spec: { unschedulable: true } });
  return nodes;
}
