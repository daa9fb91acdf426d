import type { StackName } from "../../support/simulated";
import { shown, untouched, type Change, type Scenario, type Stage } from "../stage";

/** Something that operators change on an ordinary day. */
interface EverydayChange {
  readonly what: string;
  readonly change: (stage: Stage) => Change;
  /** What is updated, by name, on each cloud: exactly that. */
  readonly updates: Readonly<Record<StackName, RegExp>>;
}

const onBoth = (pattern: RegExp): Readonly<Record<StackName, RegExp>> => ({ "aws-prod": pattern, "azure-prod": pattern });

/** A copy of a section with a value deep in it changed. */
function withValue(section: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...section, [first]: value };
  return { ...section, [first]: withValue((section[first] ?? {}) as Record<string, unknown>, rest.join("."), value) };
}

const set =
  (key: string, path: string, value: unknown) =>
  (stage: Stage): Change => ({ [key]: withValue(stage.section(key), path, value) });

const changes: readonly EverydayChange[] = [
  {
    what: "more nodes at most",
    change: set("rocketchat:cluster", "nodes.max", 5),
    // On Azure the maxima of the zones add up to the total, and one zone more is enough.
    updates: { "aws-prod": /^cluster-nodes-[abc]$/, "azure-prod": /^cluster-nodes-b-/ },
  },
  { what: "more replicas at least", change: set("rocketchat:app", "replicas.min", 3), updates: onBoth(/^chat-autoscaler$/) },
  { what: "another release of Rocket.Chat", change: set("rocketchat:app", "version", "9.0.1"), updates: onBoth(/^chat-deployment$/) },
  {
    what: "metrics kept longer",
    change: set("rocketchat:observability", "metrics.retentionDays", 20),
    updates: onBoth(/^observability-prometheus$/),
  },
  {
    what: "a larger volume for metrics",
    change: set("rocketchat:observability", "metrics.storageGiB", 40),
    updates: onBoth(/^observability-prometheus(-claim)?$/),
  },
  {
    what: "flow logs kept longer",
    change: set("rocketchat:network", "flowLogRetentionDays", 180),
    updates: { "aws-prod": /^network-flow-logs$/, "azure-prod": /^network-flow-log$/ },
  },
  {
    what: "a tag",
    change: (stage) => ({ "rocketchat:tags": { ...stage.section("rocketchat:tags"), "cost-centre": "4711" } }),
    updates: onBoth(/^(cluster|encryption|network|store)-/),
  },
];

/** What an operator does every week: in place, and nothing else touched. */
export const everydayChange: Scenario = {
  name: "everyday-change",
  description: "Nodes, replicas, release, retention, volume and tag: each is an update in place, of just what it concerns",
  async play(stage) {
    await stage.up("first deployment");
    for (const { what, change, updates } of changes) {
      await stage.edit(change(stage));
      const preview = await stage.preview(`preview: ${what}`);
      const run = await stage.up(what);
      for (const played of [preview, run]) {
        stage.promiseNothingLost(played);
        const touched = played.steps.filter(({ op }) => !untouched.includes(op));
        stage.promise(`${what}: something changes`, touched.length > 0);
        const others = touched.filter(({ op, urn }) => op !== "update" || !updates[stage.stack].test(urn.split("::").at(-1) ?? ""));
        stage.promise(`${what}: nothing else is touched`, others.length === 0, others.map(shown));
      }
      stage.promiseNothing(await stage.preview(`after: ${what}`));
    }
  },
};
