/** The state of what runs pods: which workloads have not come to rest, and in whose words. */
import type { ApiClient } from "./api-client";
import { type Json, type Manifest, describe, listAt, numberAt, textAt } from "./json";

export interface Trouble {
  readonly workload: Manifest;
  /** Why it is not at rest: the scheduler's words, admission's, or the counts. */
  readonly words: string;
}

export interface WorkloadState {
  readonly workloads: readonly Manifest[];
  readonly troubles: readonly Trouble[];
}

const WORKLOADS = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
] as const;

/** All workloads of the cluster and what keeps those that are not at rest: pods bound by the scheduler, Ready or completed, of the latest template. */
export async function workloadState(client: ApiClient): Promise<WorkloadState> {
  const lists = await Promise.all(WORKLOADS.map(([apiVersion, kind]) => client.list(apiVersion, kind)));
  const workloads = lists.flat();
  const unsettled = workloads.flatMap((workload) => {
    const counts = unsettledCounts(workload);
    return counts === undefined ? [] : [{ workload, counts }];
  });
  if (unsettled.length === 0) return { workloads, troubles: [] };
  const [pods, replicaSets, events] = await Promise.all([
    client.list("v1", "Pod"),
    client.list("apps/v1", "ReplicaSet"),
    client.list("v1", "Event"),
  ]);
  const troubles = unsettled.map(({ workload, counts }) => ({
    workload,
    words: [counts, ...reasons(workload, { pods, replicaSets, events })].join("\n"),
  }));
  return { workloads, troubles };
}

/**
 * Waits until everything is at rest but for the `hopeless`, or nothing has changed for `idleSeconds`.
 * @returns the last state.
 */
export async function settle(
  client: ApiClient,
  seconds: number,
  idleSeconds: number,
  hopeless: ReadonlySet<string>,
): Promise<WorkloadState> {
  const end = Date.now() + seconds * 1000;
  let last = "";
  let changed = Date.now();
  for (;;) {
    const state = await workloadState(client);
    const hopeful = state.troubles.filter(({ workload }) => !hopeless.has(describe(workload)));
    const text = JSON.stringify(hopeful.map(({ workload, words }) => [describe(workload), words]));
    if (text !== last) changed = Date.now();
    last = text;
    if (hopeful.length === 0 || Date.now() > end || Date.now() - changed > idleSeconds * 1000) return state;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function unsettledCounts(workload: Manifest): string | undefined {
  const observed = numberAt(workload, "status", "observedGeneration") === numberAt(workload, "metadata", "generation");
  const status = (key: string): number => numberAt(workload, "status", key) ?? 0;
  if (workload.kind === "Job") {
    const over = listAt(workload, "status", "conditions").some((condition) => textAt(condition, "type") === "Complete");
    return over ? undefined : `${status("succeeded")} of ${numberAt(workload, "spec", "completions") ?? 1} completed`;
  }
  if (workload.kind === "DaemonSet") {
    const desired = status("desiredNumberScheduled");
    const settled = observed && status("numberReady") === desired && status("updatedNumberScheduled") === desired;
    return settled ? undefined : `${status("numberReady")} of ${desired} ready`;
  }
  const desired = numberAt(workload, "spec", "replicas") ?? 1;
  const settled =
    observed &&
    status("replicas") === desired &&
    status("readyReplicas") === desired &&
    (desired === 0 || status("updatedReplicas") === desired);
  return settled ? undefined : `${status("readyReplicas")} of ${desired} ready, ${status("updatedReplicas")} of the latest template`;
}

interface Evidence {
  readonly pods: readonly Manifest[];
  readonly replicaSets: readonly Manifest[];
  readonly events: readonly Manifest[];
}

/** What admission and the scheduler say about a workload's pods, each sentence once. */
function reasons(workload: Manifest, { pods, replicaSets, events }: Evidence): readonly string[] {
  const owners = [workload, ...replicaSets.filter((set) => isOwnedBy(set, [workload]))];
  const refused = events.filter((event) => {
    const about = owners.some((owner) => textAt(event, "involvedObject", "uid") === textAt(owner, "metadata", "uid"));
    return about && textAt(event, "reason") === "FailedCreate";
  });
  const own = pods.filter((pod) => isOwnedBy(pod, owners));
  const unbound = own.flatMap((pod) =>
    listAt(pod, "status", "conditions")
      .filter((condition) => textAt(condition, "type") === "PodScheduled" && textAt(condition, "status") === "False")
      .map((condition) => textAt(condition, "message") ?? ""),
  );
  // The pod's own name differs from one try to the next.
  const plain = refused.map((event) =>
    (textAt(event, "message") ?? "")
      .replace(/^\(combined from similar events\): /, "")
      .replace(/^Error creating: pods "[^"]*" is/, "pods are")
      .replace(/Pod \S+ in StatefulSet (\S+)/, "a Pod of StatefulSet $1"),
  );
  const claims = unbound.some((text) => text.includes("PersistentVolumeClaim")) ? claimReasons(own, events) : [];
  return [...new Set([...plain, ...unbound, ...claims])].slice(0, 5);
}

/** What the volume controller says about claims of these pods. */
function claimReasons(pods: readonly Manifest[], events: readonly Manifest[]): readonly string[] {
  const claims = pods.flatMap((pod) =>
    listAt(pod, "spec", "volumes").map(
      (volume) => `${textAt(pod, "metadata", "namespace") ?? ""}/${textAt(volume, "persistentVolumeClaim", "claimName") ?? ""}`,
    ),
  );
  return events
    .filter((event) => textAt(event, "involvedObject", "kind") === "PersistentVolumeClaim")
    .filter((event) =>
      claims.includes(`${textAt(event, "involvedObject", "namespace") ?? ""}/${textAt(event, "involvedObject", "name") ?? ""}`),
    )
    .map((event) => `PersistentVolumeClaim ${textAt(event, "involvedObject", "name") ?? ""}: ${textAt(event, "message") ?? ""}`);
}

function isOwnedBy(object: Manifest, owners: readonly Manifest[]): boolean {
  const uids = new Set(owners.map((owner) => textAt(owner, "metadata", "uid")));
  return listAt(object, "metadata", "ownerReferences").some((reference: Json) => uids.has(textAt(reference, "uid")));
}
