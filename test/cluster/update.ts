/** Everyday changes of the stack's objects, applied as `pulumi up` would apply them: none may be refused. */
import { type ApiClient, ApiRejection } from "./api-client";
import type { AppliedObject } from "./apply";
import type { Cluster } from "./control-plane";
import { largerDisks, patchVersion } from "./database-updates";
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
import { until } from "./processes";
import type { Report } from "./report";

/** A change that an operator of the stack makes on an ordinary day. */
interface Change {
  readonly what: string;
  readonly manifest: Manifest;
  /** What somebody else has to do about it, and has not yet done. */
  readonly left?: (client: ApiClient) => Promise<string | undefined>;
}

/** An operator looks every 5 s, and a larger disk takes it several rounds. */
const CARRY_OUT_SECONDS = 45;

/**
 * Applies each object's everyday changes one after the other and puts the object back. Done while the autoscalers are at their maximum, when a
 * manifest that states a number of replicas is in conflict with them.
 * @returns waits for what operators still have to do, and reports it.
 * @param stuck whether an object's operator cannot carry anything out.
 */
export async function judgeUpdates(
  cluster: Cluster,
  objects: readonly AppliedObject[],
  report: Report,
  stuck: (manifest: Manifest) => boolean,
): Promise<() => Promise<void>> {
  const open: (() => Promise<void>)[] = [];
  for (const { resource, manifest } of objects) {
    for (const { what, manifest: changed, left } of everydayChanges(manifest)) {
      const subject = `${describe(manifest)}: ${what}`;
      if (what === GROW && manifest.kind === "PersistentVolumeClaim" && !(await isBound(cluster, manifest))) {
        report.notJudged("updates without a rejection", subject, "nothing uses the claim, and only a bound claim grows");
        continue;
      }
      // A disk that has grown does not shrink again; every other change is taken back.
      const refused = await update(cluster, resource, changed);
      if (left !== undefined && stuck(manifest)) report.notJudged(CARRIED_OUT, subject, "its members did not come to rest before");
      else if (refused === undefined && left !== undefined) {
        const judge = async (): Promise<void> => report.judged(CARRIED_OUT, subject, await untilDone(cluster.client, left));
        // What stays as it is now can be waited for later, beside other things.
        if (what === GROW) open.push(judge);
        else await judge();
      }
      const words = refused ?? (what === GROW ? undefined : await update(cluster, resource, manifest));
      report.judged("updates without a rejection", subject, words);
    }
  }
  return async () => {
    for (const judge of open) await judge();
  };
}

async function untilDone(client: ApiClient, left: (client: ApiClient) => Promise<string | undefined>): Promise<string | undefined> {
  let words: string | undefined;
  const ask = async (): Promise<true | undefined> => ((words = await left(client)) === undefined ? true : undefined);
  await until("the operator", CARRY_OUT_SECONDS, ask, 500).catch(() => undefined);
  return words;
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

const CARRIED_OUT = "its operator carries the change out";

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
      // The disk last: it is not taken back.
      return [labelled, patchVersion(manifest), largerDisks(manifest, GROW)];
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
