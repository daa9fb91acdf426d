import type { StackName } from "../../support/simulated";
import { shown, untouched, type Change, type Scenario, type Stage } from "../stage";
import type { Step } from "../workspace";
import { set } from "./changes";

/** Something that operators change on an ordinary day. */
interface EverydayChange {
  readonly what: string;
  readonly change: (stage: Stage) => Change;
  /** What is updated, by name, on each cloud: exactly that. A cloud that is left out has no such change. */
  readonly updates: Readonly<Partial<Record<StackName, RegExp>>>;
  /** What comes, goes, or is made anew because that is what the change is about; none of it holds data. @default nothing */
  readonly exchanges?: RegExp;
  /** Of what is updated, what comes before what. */
  readonly order?: readonly [RegExp, RegExp];
}

/** A preview does not know the issuer of a cluster that changes, and shows its credentials as changed; the deployment leaves them alone. */
const shownInPreviews = /^cluster-.*-credential$/;

/** One change in the words of each cloud. */
const perCloud =
  (changes: Readonly<Record<StackName, (stage: Stage) => Change>>) =>
  (stage: Stage): Change =>
    changes[stage.stack](stage);

const onBoth = (pattern: RegExp): Readonly<Record<StackName, RegExp>> => ({ "aws-prod": pattern, "azure-prod": pattern });

const changes: readonly EverydayChange[] = [
  {
    what: "more nodes at most",
    change: set("rocketchat:cluster", "nodes.max", 5),
    // On Azure the maxima of the zones add up to the total, and one zone more is enough.
    updates: { "aws-prod": /^cluster-(nodes-[abc]|autoscaler)$/, "azure-prod": /^cluster-nodes-b-/ },
  },
  { what: "more replicas at least", change: set("rocketchat:app", "replicas.min", 3), updates: onBoth(/^chat-autoscaler$/) },
  { what: "a patch of Rocket.Chat", change: set("rocketchat:app", "version", "8.8.1"), updates: onBoth(/^chat-deployment$/) },
  { what: "the next minor of Rocket.Chat", change: set("rocketchat:app", "version", "8.9.0"), updates: onBoth(/^chat-deployment$/) },
  {
    what: "larger uploads",
    change: set("rocketchat:app", "uploads", { maxFileSizeMiB: 200 }),
    updates: onBoth(/^chat-(settings|deployment)$/),
    order: [/^chat-settings$/, /^chat-deployment$/],
  },
  {
    what: "no licence any more, and so one replica",
    change: (stage) => ({
      "rocketchat:app": { ...stage.section("rocketchat:app"), licence: { source: "none" }, replicas: { min: 1, max: 1 } },
    }),
    updates: onBoth(/^chat-(credentials|deployment|quota)$/),
    exchanges: /^chat-autoscaler$/,
  },
  {
    what: "a licence by its key",
    change: (stage) => ({
      "rocketchat:app": { ...stage.section("rocketchat:app"), licence: { source: "secret" }, replicas: { min: 2, max: 5 } },
    }),
    updates: onBoth(/^chat-(credentials|deployment|quota)$/),
    exchanges: /^chat-autoscaler$/,
    order: [/^chat-credentials$/, /^chat-deployment$/],
  },
  {
    what: "larger volumes of the database",
    change: set("rocketchat:mongodb", "storageGiB", 40),
    updates: onBoth(/^chat-database-cluster$/),
  },
  {
    what: "a patch of the database",
    change: set("rocketchat:mongodb", "version", "8.0.26-11"),
    updates: onBoth(/^chat-database-cluster$/),
  },
  {
    what: "backups of the database kept longer",
    change: set("rocketchat:mongodb", "backup", { retentionDays: 30 }),
    updates: onBoth(/^chat-database-cluster$/),
  },
  {
    what: "new passwords of the database",
    change: set("rocketchat:mongodb", "passwordRevision", 2),
    updates: onBoth(/^chat-(database-(system-users|chat-user|cluster)|credentials|deployment)$/),
    // The accounts have the new passwords before the chat signs in with one.
    order: [/^chat-database-cluster$/, /^chat-deployment$/],
  },
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
    change: set("rocketchat:network", "create.flowLogRetentionDays", 180),
    updates: { "aws-prod": /^network-flow-logs$/, "azure-prod": /^network-flow-log$/ },
  },
  {
    what: "another network of operators",
    change: set("rocketchat:cluster", "apiServerCidrs", ["198.18.7.0/24", "198.18.9.0/24"]),
    updates: { "aws-prod": /^cluster-eks(-eksCluster)?$/, "azure-prod": /^(cluster-aks|network-apiserver-nsg)$/ },
  },
  {
    what: "larger nodes",
    change: perCloud({
      "aws-prod": set("rocketchat:cluster", "nodes.size", "t3.large"),
      "azure-prod": set("rocketchat:cluster", "nodes.size", "Standard_B4ms"),
    }),
    // On AWS a new version of the launch template, which the groups take over one after another; on Azure new pools, and then the old ones go.
    updates: { "aws-prod": /^cluster-nodes-(template|[abc])$/, "azure-prod": /^cluster-nodes-/ },
    exchanges: /^cluster-nodes-[abc]-/,
  },
  {
    what: "logs of control plane and containers kept longer",
    change: set("rocketchat:cluster", "logRetentionDays", 365),
    updates: { "aws-prod": /^cluster-(logs|.*-logs)$/, "azure-prod": /^workspace-/ },
  },
  {
    what: "a new certificate",
    change: perCloud({
      "aws-prod": set(
        "rocketchat:tls",
        "certificateArn",
        "arn:aws:acm:us-east-1:999999999999:certificate/01234567-89ab-cdef-0123-fedcba987654",
      ),
      // A new version under the same name is fetched by the gateway itself, and is no change here.
      "azure-prod": set("rocketchat:tls", "secretName", "chat-acme-io-2027"),
    }),
    updates: { "aws-prod": /^load-balancer-/, "azure-prod": /^load-balancer-/ },
    exchanges: /^load-balancer-identity-/,
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
    exchanges: /^network-nat-[bc](-eip)?$|^monitoring-nat-[bc]-/,
  },
  {
    what: "another kind of disk for new volumes",
    change: set("rocketchat:storage", "diskSku", "StandardSSD_LRS"),
    // The class alone: claims keep its name, and volumes their disks.
    updates: { "azure-prod": /^$/ },
    exchanges: /^cluster-(general|database)-storage$/,
  },
  {
    what: "backups kept longer",
    change: perCloud({
      "aws-prod": set("rocketchat:backup", "dailyRetentionDays", 60),
      "azure-prod": set("rocketchat:backup", "retentionDays", 60),
    }),
    updates: { "aws-prod": /^(backup-plan|store-backups-lifecycle)$/, "azure-prod": /^(backup-instance|store-backups-.*)$/ },
    // A policy of Azure's cannot change; what is backed up moves to another.
    exchanges: /^backup-policy-\d+d$/,
  },
  {
    what: "a tag",
    change: (stage) => ({ "rocketchat:tags": { ...stage.section("rocketchat:tags"), "cost-centre": "4711" } }),
    updates: onBoth(/^(backup|cluster|encryption|load-balancer|monitoring|network|store|workspace)-/),
  },
];

/** What an operator does every week: in place, and nothing else touched. */
export const everydayChange: Scenario = {
  name: "everyday-change",
  description:
    "Nodes, replicas, releases, retention, access, certificate, volume and tag: each is an update in place, of just what it concerns",
  async play(stage) {
    // So that there are next minors.
    await stage.edit(set("rocketchat:cluster", "version", "1.35")(stage));
    await stage.edit(set("rocketchat:app", "version", "8.8.0")(stage));
    await stage.up("first deployment");
    for (const { what, change, updates, exchanges, order } of changes) {
      const allowed = updates[stage.stack];
      if (allowed === undefined) continue;
      await stage.edit(change(stage));
      const preview = await stage.preview(`preview: ${what}`);
      const run = await stage.up(what);
      for (const played of [preview, run]) {
        stage.promiseNothingLost(played, exchanges);
        const touched = played.steps.filter(({ op }) => !untouched.includes(op));
        stage.promise(`${what}: something changes`, touched.length > 0);
        const others = touched.filter(({ op, urn }) => {
          const name = urn.split("::").at(-1) ?? "";
          if (exchanges?.test(name) === true) return false;
          return op !== "update" || !(allowed.test(name) || (played === preview && shownInPreviews.test(name)));
        });
        stage.promise(`${what}: nothing else is touched`, others.length === 0, others.map(shown));
        if (order !== undefined) stage.promise(`${what}: in its order`, inOrder(touched, order), touched.map(shown));
      }
      stage.promiseNothing(await stage.preview(`after: ${what}`));
    }
  },
};

/** Whether everything that fits `earlier` began before anything that fits `later`, and both are there. */
function inOrder(steps: readonly Step[], [earlier, later]: readonly [RegExp, RegExp]): boolean {
  const positions = (pattern: RegExp): number[] =>
    steps.flatMap(({ urn }, index) => (pattern.test(urn.split("::").at(-1) ?? "") ? [index] : []));
  const [first, second] = [positions(earlier), positions(later)];
  return first.length > 0 && second.length > 0 && Math.max(...first) < Math.min(...second);
}
