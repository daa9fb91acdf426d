import type { StackName } from "../../support/simulated";
import { shown, untouched, type Change, type Scenario, type Stage } from "../stage";
import { set } from "./changes";

/** Something that operators change on an ordinary day. */
interface EverydayChange {
  readonly what: string;
  readonly change: (stage: Stage) => Change;
  /** What is updated, by name, on each cloud: exactly that. A cloud that is left out has no such change. */
  readonly updates: Readonly<Partial<Record<StackName, RegExp>>>;
  /** What goes for good, because the change is about having less of it. @default nothing */
  readonly deletes?: RegExp;
}

const onBoth = (pattern: RegExp): Readonly<Record<StackName, RegExp>> => ({ "aws-prod": pattern, "azure-prod": pattern });

const changes: readonly EverydayChange[] = [
  {
    what: "more nodes at most",
    change: set("rocketchat:cluster", "nodes.max", 5),
    // On Azure the maxima of the zones add up to the total, and one zone more is enough.
    updates: { "aws-prod": /^cluster-(nodes-[abc]|autoscaler)$/, "azure-prod": /^cluster-nodes-b-/ },
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
    change: (stage) =>
      set("rocketchat:network", stage.stack === "aws-prod" ? "create.flowLogRetentionDays" : "flowLogRetentionDays", 180)(stage),
    updates: { "aws-prod": /^network-flow-logs$/, "azure-prod": /^network-flow-log$/ },
  },
  {
    what: "another network of operators",
    change: set("rocketchat:cluster", "apiServerCidrs", ["198.18.7.0/24", "198.18.9.0/24"]),
    updates: { "aws-prod": /^cluster-eks(-eksCluster)?$/, "azure-prod": /^cluster-aks$|^network-/ },
  },
  {
    what: "larger nodes",
    change: set("rocketchat:cluster", "nodes.size", "t3.large"),
    // A new version of the launch template, which the groups take over one after another.
    updates: { "aws-prod": /^cluster-nodes-(template|[abc])$/ },
  },
  {
    what: "logs of control plane and containers kept longer",
    change: set("rocketchat:cluster", "logRetentionDays", 365),
    updates: { "aws-prod": /^cluster-(logs|.*-logs)$/ },
  },
  {
    what: "a new certificate",
    change: set("rocketchat:tls", "certificateArn", "arn:aws:acm:us-east-1:999999999999:certificate/01234567-89ab-cdef-0123-fedcba987654"),
    updates: { "aws-prod": /^load-balancer-/ },
  },
  {
    what: "the next minor of Kubernetes",
    change: set("rocketchat:cluster", "version", "1.36"),
    updates: { "aws-prod": /^cluster-/, "azure-prod": /^cluster-/ },
  },
  {
    what: "one NAT gateway instead of three",
    change: set("rocketchat:network", "create.natGateways", "single"),
    updates: { "aws-prod": /^network-private-[bc]-route$|^monitoring-dashboard$/ },
    deletes: /^network-nat-[bc](-eip)?$|^monitoring-nat-[bc]-/,
  },
  {
    what: "a tag",
    change: (stage) => ({ "rocketchat:tags": { ...stage.section("rocketchat:tags"), "cost-centre": "4711" } }),
    updates: onBoth(/^(backup|cluster|encryption|load-balancer|monitoring|network|store)-/),
  },
];

/** What an operator does every week: in place, and nothing else touched. */
export const everydayChange: Scenario = {
  name: "everyday-change",
  description:
    "Nodes, replicas, releases, retention, access, certificate, volume and tag: each is an update in place, of just what it concerns",
  async play(stage) {
    // So that there is a next minor.
    await stage.edit(set("rocketchat:cluster", "version", "1.35")(stage));
    await stage.up("first deployment");
    for (const { what, change, updates, deletes } of changes) {
      const allowed = updates[stage.stack];
      if (allowed === undefined) continue;
      await stage.edit(change(stage));
      const preview = await stage.preview(`preview: ${what}`);
      const run = await stage.up(what);
      for (const played of [preview, run]) {
        stage.promiseNothingLost(played, deletes);
        const touched = played.steps.filter(({ op }) => !untouched.includes(op));
        stage.promise(`${what}: something changes`, touched.length > 0);
        const others = touched.filter(({ op, urn }) => {
          const name = urn.split("::").at(-1) ?? "";
          return !(op === "update" && allowed.test(name)) && !(op === "delete" && deletes?.test(name) === true);
        });
        stage.promise(`${what}: nothing else is touched`, others.length === 0, others.map(shown));
      }
      stage.promiseNothing(await stage.preview(`after: ${what}`));
    }
  },
};
