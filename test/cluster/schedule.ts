/** Whether the real scheduler finds a node for every pod: at rest, while a rollout surges, and at the autoscalers' maximum. */
import type { Cluster } from "./control-plane";
import { type Manifest, describe, isManifest, listAt, nameOf, numberAt, textAt } from "./json";
import type { SimulatedNodes } from "./nodes";
import type { Report } from "./report";
import { type Trouble, settle } from "./workloads";

export interface ScheduleOptions {
  readonly cluster: Cluster;
  readonly nodes: SimulatedNodes;
  readonly report: Report;
  /** Workloads that did not come to rest in an earlier check; they are not waited for again. */
  readonly hopeless: Set<string>;
}

/** Time for all workloads to come to rest. With simulated kubelets a rollout of five pods takes seconds. */
const SETTLE_SECONDS = 120;
/** Nothing more happens when nothing has changed for this long: longer than the scheduler puts a pod off (podMaxBackoffSeconds, 10 s by default). */
const GIVEN_IDLE_SECONDS = 12;
const IDLE_SECONDS = 4;

/**
 * Waits until every workload is at rest. While a pod finds no node the pools grow, one node at a time up to their maximum, as an autoscaler would
 * let them. Reports each workload under the given check, and a note says how many nodes it took.
 */
export async function judgeAtRest(check: string, { cluster, nodes, report, hopeless }: ScheduleOptions): Promise<void> {
  const before = nodes.names.length;
  const idle = cluster.given ? GIVEN_IDLE_SECONDS : IDLE_SECONDS;
  let state = await settle(cluster.client, SETTLE_SECONDS, idle, hopeless);
  const waiting = (): readonly Trouble[] => state.troubles.filter(({ workload }) => !hopeless.has(describe(workload)));
  while (waiting().some(isUnschedulable)) {
    if ((await nodes.grow()) === undefined) break;
    state = await settle(cluster.client, SETTLE_SECONDS, idle, hopeless);
  }
  const words = new Map(state.troubles.map((trouble) => [describe(trouble.workload), trouble.words]));
  // Agents of the nodes stand for the cloud's own and are not the stack's.
  const own = state.workloads.filter(({ metadata }) => textAt(metadata, "name")?.startsWith("cluster-test-") !== true);
  for (const workload of own) {
    const subject = describe(workload);
    if (hopeless.has(subject)) report.notJudged(check, subject, "it did not come to rest before");
    else report.judged(check, subject, words.get(subject));
    if (words.has(subject)) hopeless.add(subject);
  }
  const added = nodes.names.length - before;
  report.notes.add(`${check}: ${nodes.names.length} nodes${added === 0 ? "" : `, ${added} of them added for it`}`);
}

/** Whether more nodes could help; they do not where a claim has no volume. */
function isUnschedulable({ words }: Trouble): boolean {
  return words.includes("nodes are available") && !words.includes("PersistentVolumeClaims");
}

/** Replaces every pod of the stack's rolling workloads by one of a new template, surge and all. */
export async function rollOut(manifests: readonly Manifest[], { cluster }: ScheduleOptions, revision: string): Promise<void> {
  for (const manifest of manifests.filter(({ kind }) => ["Deployment", "StatefulSet", "DaemonSet"].includes(kind))) {
    await cluster.client.patch(manifest, { spec: { template: { metadata: { annotations: { "cluster-test/revision": revision } } } } });
  }
}

/**
 * Raises every autoscaler's minimum to its maximum, so that its controller scales the target itself; without metrics it does nothing else.
 * An autoscaler that cannot find or scale its target is reported in the controller's words.
 * @returns the two steps back. In between the autoscalers are as the stack states them, and their targets still at the maximum, since an autoscaler
 * without metrics never scales down: the state in which updates must not be refused.
 */
export async function scaleToMaximum({ cluster, report }: ScheduleOptions): Promise<ScaledUp> {
  const { client } = cluster;
  const autoscalers = await client.list("autoscaling/v2", "HorizontalPodAutoscaler");
  for (const autoscaler of autoscalers) {
    const maximum = numberAt(autoscaler, "spec", "maxReplicas") ?? 1;
    await client.patch(autoscaler, { spec: { minReplicas: maximum } });
    const words = await untilScaled(cluster, autoscaler, maximum);
    report.judged("scales to its maximum", `${describe(autoscaler)}: ${maximum}`, words);
  }
  const minimumOf = (autoscaler: Manifest): number => numberAt(autoscaler, "spec", "minReplicas") ?? 1;
  return {
    restoreMinimum: async () => {
      for (const autoscaler of autoscalers) await client.patch(autoscaler, { spec: { minReplicas: minimumOf(autoscaler) } });
    },
    scaleBack: async () => {
      for (const autoscaler of autoscalers) {
        const target = targetOf(autoscaler);
        const there = await client.get(target.apiVersion, target.kind, nameOf(target), textAt(target, "metadata", "namespace"));
        if (there !== undefined) await client.patch(target, { spec: { replicas: minimumOf(autoscaler) } }, "scale");
      }
    },
  };
}

interface ScaledUp {
  readonly restoreMinimum: () => Promise<void>;
  readonly scaleBack: () => Promise<void>;
}

async function untilScaled({ client }: Cluster, autoscaler: Manifest, maximum: number): Promise<string | undefined> {
  const namespace = textAt(autoscaler, "metadata", "namespace");
  let words = "";
  let stuckSince = Date.now();
  const end = Date.now() + 40_000;
  while (Date.now() < end) {
    const target = targetOf(autoscaler);
    const scaled = await client.get(target.apiVersion, target.kind, nameOf(target), namespace);
    if (isManifest(scaled) && numberAt(scaled, "spec", "replicas") === maximum) return undefined;
    const current = await client.get("autoscaling/v2", "HorizontalPodAutoscaler", nameOf(autoscaler), namespace);
    const stuck = listAt(current, "status", "conditions").find(
      (condition) => textAt(condition, "type") === "AbleToScale" && textAt(condition, "status") === "False",
    );
    words = textAt(stuck, "message") ?? "";
    stuckSince = stuck === undefined ? Date.now() : stuckSince;
    if (Date.now() - stuckSince > 5000) break;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return words === "" ? `the autoscaler did not scale its target to ${maximum}` : words;
}

function targetOf(autoscaler: Manifest): Manifest {
  const namespace = textAt(autoscaler, "metadata", "namespace") ?? "default";
  return {
    apiVersion: textAt(autoscaler, "spec", "scaleTargetRef", "apiVersion") ?? "apps/v1",
    kind: textAt(autoscaler, "spec", "scaleTargetRef", "kind") ?? "Deployment",
    metadata: { name: textAt(autoscaler, "spec", "scaleTargetRef", "name") ?? "", namespace },
  };
}
