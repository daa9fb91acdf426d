/** Everyday changes of the stack's objects, applied as `pulumi up` would apply them: none may be refused. */
import { ApiRejection } from "./api-client";
import type { AppliedObject } from "./apply";
import type { Cluster } from "./control-plane";
import type { GraphResource } from "./graph-document";
import {
  type Json,
  type JsonObject,
  type Manifest,
  at,
  describe,
  isObject,
  listAt,
  nameOf,
  numberAt,
  objectAt,
  textAt,
  withValue,
} from "./json";
import type { Report } from "./report";

/** A change that an operator of the stack makes on an ordinary day. */
interface Change {
  readonly what: string;
  readonly manifest: Manifest;
}

/**
 * Applies each object's everyday changes one after the other and puts the object back. Done while the autoscalers are at their maximum, when a
 * manifest that states a number of replicas is in conflict with them.
 */
export async function judgeUpdates(cluster: Cluster, objects: readonly AppliedObject[], report: Report): Promise<void> {
  for (const { resource, manifest } of objects) {
    for (const { what, manifest: changed } of everydayChanges(manifest)) {
      const subject = `${describe(manifest)}: ${what}`;
      if (what === GROW && !(await isBound(cluster, manifest))) {
        report.notJudged("updates without a rejection", subject, "nothing uses the claim, and only a bound claim grows");
        continue;
      }
      // A disk that has grown does not shrink again; every other change is taken back.
      const words = (await update(cluster, resource, changed)) ?? (what === GROW ? undefined : await update(cluster, resource, manifest));
      report.judged("updates without a rejection", subject, words);
    }
  }
}

async function isBound({ client }: Cluster, claim: Manifest): Promise<boolean> {
  const live = await client.get(claim.apiVersion, claim.kind, nameOf(claim), textAt(claim, "metadata", "namespace"));
  return textAt(live, "status", "phase") === "Bound";
}

/** Applies the objects of a changed graph over those of the first; in the words of the API server where it refuses. */
export async function updateTo(cluster: Cluster, objects: readonly AppliedObject[], report: Report): Promise<void> {
  for (const { resource, manifest } of objects) {
    report.judged("updates without a rejection", describe(manifest), await update(cluster, resource, manifest));
  }
}

const GROW = "a larger disk";

function everydayChanges(manifest: Manifest): readonly Change[] {
  const set = (what: string, path: readonly string[], value: Json): Change => ({ what, manifest: withValue(manifest, path, value) });
  const labelled = set("a label", ["metadata", "labels"], { ...objectAt(manifest, "metadata", "labels"), "cluster-test": "changed" });
  const number = (key: string): number => numberAt(manifest, "spec", key) ?? 1;
  switch (manifest.kind) {
    case "Deployment":
    case "StatefulSet":
    case "DaemonSet":
      return [
        labelled,
        { what: "the image and a setting", manifest: withChangedContainers(manifest) },
        ...(at(manifest, "spec", "replicas") === undefined ? [] : [set("replicas", ["spec", "replicas"], number("replicas") + 1)]),
      ];
    case "ConfigMap":
      // The provider replaces an immutable one.
      return manifest["immutable"] === true
        ? [labelled]
        : [labelled, set("a value", ["data"], { ...objectAt(manifest, "data"), "cluster-test": "changed" })];
    case "Secret":
      return manifest["immutable"] === true
        ? [labelled]
        : [labelled, set("a value", ["stringData"], { ...objectAt(manifest, "stringData"), "cluster-test": "changed" })];
    case "HorizontalPodAutoscaler":
      return [labelled, set("a higher maximum", ["spec", "maxReplicas"], number("maxReplicas") + 1)];
    case "PersistentVolumeClaim":
      // A claim of a volume that the program made itself cannot grow.
      if (textAt(manifest, "spec", "storageClassName") === "") return [labelled];
      return [
        labelled,
        set(GROW, ["spec", "resources", "requests", "storage"], largerThan(manifest, ["spec", "resources", "requests", "storage"])),
      ];
    case "PerconaServerMongoDB":
      return [labelled, set("the image", ["spec", "image"], `${textAt(manifest, "spec", "image") ?? "mongod"}-next`)];
    case "Prometheus":
      return [labelled, set("the retention", ["spec", "retention"], "3d")];
    default:
      return [labelled];
  }
}

function withChangedContainers(manifest: Manifest): Manifest {
  const containers = listAt(manifest, "spec", "template", "spec", "containers").map((container) => ({
    ...(container as JsonObject),
    image: `${textAt(container, "image") ?? "image"}-next`,
    env: [...listAt(container, "env"), { name: "CLUSTER_TEST", value: "changed" }],
  }));
  return withValue(manifest, ["spec", "template", "spec", "containers"], containers);
}

function largerThan(manifest: Manifest, path: readonly string[]): string {
  const [, number = "1", unit = "Gi"] = /^(\d+)(\w*)$/.exec(textAt(manifest, ...path) ?? "") ?? [];
  return `${Number(number) + 1}${unit}`;
}

/** @returns the refusal's words. */
async function update(cluster: Cluster, resource: GraphResource, manifest: Manifest): Promise<string | undefined> {
  const { client } = cluster;
  try {
    const live = await client.get(manifest.apiVersion, manifest.kind, nameOf(manifest), textAt(manifest, "metadata", "namespace"));
    if (live === undefined) return `${describe(manifest)} is gone`;
    // `pulumi.com/patchForce` takes fields over from other managers.
    const force = textAt(manifest, "metadata", "annotations", "pulumi.com/patchForce") === "true";
    await client.apply(withLiveValues(manifest, live, resource.ignoreChanges), { force });
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiRejection)) throw error;
    return error.message;
  }
}

/** What `ignoreChanges` names keeps the value it has in the cluster. */
function withLiveValues(manifest: Manifest, live: Manifest, ignored: readonly string[]): Manifest {
  return ignored.reduce((result, text) => {
    const path = text.split(".");
    const value = at(live, ...path);
    return at(result, ...path) === undefined || value === undefined || isObject(value) ? result : withValue(result, path, value);
  }, manifest);
}
