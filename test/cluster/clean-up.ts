/** Leaves a given cluster as it was before the test. */
import type { AppliedObject } from "./apply";
import type { Cluster } from "./control-plane";
import { type Manifest, listAt, nameOf, textAt } from "./json";
import type { SimulatedNodes } from "./nodes";
import type { Releases } from "./releases";
import { until } from "./processes";

interface CleanUpOptions {
  readonly cluster: Cluster;
  readonly applied: readonly AppliedObject[];
  readonly releases: Releases | undefined;
  readonly definitions: readonly string[];
  readonly nodes: SimulatedNodes | undefined;
}

/**
 * Deletes releases, objects (the latest first; namespaces take along what operators made in them), definitions and nodes. Finalizers are taken off:
 * the operators that would honour them are the test's own and about to end.
 * @returns what could not be deleted, in words.
 */
export async function cleanUp({ cluster, applied, releases, definitions, nodes }: CleanUpOptions): Promise<readonly string[]> {
  const { client } = cluster;
  const problems: string[] = [];
  const attempt = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    await action().catch((error: unknown) => problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`));
  };
  await attempt("releases", async () => releases?.uninstallAll());
  const manifests = applied.map(({ manifest }) => manifest).reverse();
  for (const manifest of manifests) await attempt(nameOf(manifest), () => remove(cluster, manifest));
  const namespaces = manifests.filter(({ kind }) => kind === "Namespace").map(nameOf);
  await attempt("namespaces", () =>
    until("the end of the namespaces", 60, async () => {
      const left = await client.list("v1", "Namespace");
      return left.some((each) => namespaces.includes(nameOf(each))) ? undefined : true;
    }),
  );
  const volumes = await client.list("v1", "PersistentVolume", { labelSelector: "cluster-test/simulated=true" });
  for (const volume of volumes) await attempt(nameOf(volume), () => client.delete(volume));
  await attempt("nodes", async () => nodes?.remove());
  for (const name of definitions) {
    const definition: Manifest = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name } };
    await attempt(name, () => client.delete(definition));
  }
  return problems;
}

async function remove({ client }: Cluster, manifest: Manifest): Promise<void> {
  await client.delete(manifest);
  // What Kubernetes itself has put there (protection of claims and volumes) it also takes off.
  const own = listAt(manifest, "metadata", "finalizers").length > 0;
  const left = own
    ? await client.get(manifest.apiVersion, manifest.kind, nameOf(manifest), textAt(manifest, "metadata", "namespace"))
    : undefined;
  if (left !== undefined) await client.patch(manifest, { metadata: { finalizers: null } });
}
