/** One stack on one cluster, from the first node to the last finding. */
import { type AppliedObject, applyGraph, prepare } from "./apply";
import { judgeAccess } from "./access";
import { autonames } from "./autonames";
import { Binder } from "./binder";
import { judgeBudgets, quotaUse } from "./budgets";
import { cleanUp } from "./clean-up";
import { type Cluster, startControlPlane } from "./control-plane";
import { installDefinitions } from "./crds";
import { openGivenCluster } from "./given-cluster";
import { RELEASE_TYPE, type StackGraph, isKubernetesObject, manifestOf } from "./graph-document";
import { type Manifest, describe, listAt, nameOf, textAt } from "./json";
import { nodesOf } from "./node-pools";
import { nodeUse } from "./node-use";
import { SimulatedNodes } from "./nodes";
import { PERCONA_GROUP, PerconaOperator } from "./percona-operator";
import { PROMETHEUS_GROUP, PrometheusOperator, knowsPrometheus } from "./prometheus-operator";
import { judgeNeeds, judgePods, judgeReferences } from "./references";
import { Releases } from "./releases";
import { Report } from "./report";
import { type Runbook, judgeRunbooks } from "./runbooks";
import { judgeAtRest, rollOut, scaleToMaximum } from "./schedule";
import { judgeUpdates, updateTo } from "./update";

export interface RunOptions {
  /** A cluster to use instead of starting one. */
  readonly kubeconfig?: string;
  /** Folder of charts, unpacked or packed, that need not be pulled. */
  readonly charts?: string;
  /** The same stack after a change, applied over the first at the end. */
  readonly changed?: StackGraph;
  /** Pages whose objects have to be accepted where the stack has a database. */
  readonly runbooks?: readonly Runbook[];
  readonly progress?: (line: string) => void;
}

/**
 * Judges every Kubernetes object of a stack on a real control plane.
 * @param graph the stack's resource graph; secrets and unknown values in it become stand-ins, which the report lists.
 * @throws when the harness itself fails (a tool is missing, a process ends early); what the cluster refuses is in the report.
 */
export async function judgeStack(graph: StackGraph, options: RunOptions = {}): Promise<Report> {
  const progress = options.progress ?? ((): void => undefined);
  const report = new Report();
  const plan = nodesOf(graph);
  const given = options.kubeconfig;
  progress(given === undefined ? "starting the control plane" : "opening the given cluster");
  const cluster =
    given === undefined
      ? await startControlPlane({ serviceCidr: serviceCidrOf(graph) })
      : await openGivenCluster(given, namespacesOf(graph));
  const binder = new Binder(cluster, plan.driver, graph.cloud);
  const run = new Run(cluster, graph, report, options, progress);
  try {
    progress(`creating ${plan.pools.reduce((sum, pool) => sum + pool.count, 0)} nodes`);
    run.nodes = await SimulatedNodes.start(cluster, plan);
    binder.start();
    await run.judge(run.nodes);
  } finally {
    if (cluster.given) {
      progress("cleaning up");
      for (const problem of await cleanUp(run)) report.notes.add(`left in the given cluster: ${problem}`);
    }
    await binder.stop();
    await cluster.stop();
  }
  for (const error of binder.errors) report.failed("the harness itself works", "binder", error);
  return report;
}

/** The steps of a run, and what a clean-up has to know of how far it came. */
class Run {
  applied: readonly AppliedObject[] = [];
  definitions: readonly string[] = [];
  nodes: SimulatedNodes | undefined;
  readonly releases: Releases;
  /** Databases whose operator has not got what it needs. */
  private readonly incomplete = new Set<string>();

  constructor(
    readonly cluster: Cluster,
    private readonly graph: StackGraph,
    private readonly report: Report,
    private readonly options: RunOptions,
    private readonly progress: (line: string) => void,
  ) {
    this.releases = new Releases(cluster, report, options.charts);
  }

  async judge(nodes: SimulatedNodes): Promise<void> {
    const manifests = await this.apply();
    const { cluster, report, progress } = this;
    await judgeReferences(cluster.client, manifests, report);
    await judgeAccess(cluster.client, manifests, report);
    const databases = manifests.some(({ kind }) => kind === "PerconaServerMongoDB");
    if (databases) await judgeRunbooks(cluster.client, this.options.runbooks ?? [], manifests, report);
    const schedule = { cluster, nodes, report, hopeless: new Set<string>() };
    progress("scheduling at rest");
    await judgeAtRest("runs at rest", schedule);
    await judgeBudgets(cluster.client, report);
    progress("rolling out at rest");
    await rollOut(manifests, schedule, "1");
    await judgeAtRest("rolls out at rest", schedule);
    progress("scaling to the maximum");
    const scaled = await scaleToMaximum(schedule);
    await judgeAtRest("runs at maximum scale", schedule);
    for (const line of await nodeUse(cluster.client, nodes.names)) report.notes.add(`at maximum scale: ${line}`);
    for (const line of await quotaUse(cluster.client)) report.notes.add(`at maximum scale: ${line}`);
    progress("rolling out at maximum scale");
    await rollOut(manifests, schedule, "2");
    await judgeAtRest("rolls out at maximum scale", schedule);
    progress("updating every object");
    await scaled.restoreMinimum();
    const stuck = (manifest: Manifest): boolean => this.incomplete.has(describe(manifest)) || isStuck(manifest, schedule.hopeless);
    const finishUpdates = await judgeUpdates(cluster, this.applied, report, stuck);
    await scaled.scaleBack();
    await this.applyChanges();
    progress("upgrading releases");
    await Promise.all([this.releases.upgradeAll(this.options.changed?.resources), finishUpdates()]);
    await judgeAtRest("runs after the updates", schedule);
  }

  /** Definitions, operators, objects, and what the operators make of them. @returns the objects that the cluster took. */
  private async apply(): Promise<readonly Manifest[]> {
    const { cluster, graph, report, progress } = this;
    progress("installing custom resource definitions");
    this.definitions = await installDefinitions(cluster.client, groupsOf(graph), this.options.charts);
    const percona = new PerconaOperator(cluster, report);
    const prometheus = (await knowsPrometheus(cluster.client)) ? new PrometheusOperator(cluster, report) : undefined;
    await prometheus?.start();
    // The operator looks for a pod of its own in the namespace of the database.
    const before = async (manifest: Manifest): Promise<void> => {
      if (manifest.kind === "PerconaServerMongoDB") {
        if (!(await judgeNeeds(cluster.client, manifest, report))) this.incomplete.add(describe(manifest));
        await percona.remember(manifest);
      }
      if (manifest.apiVersion.startsWith(`${PERCONA_GROUP}/`)) await percona.start(textAt(manifest, "metadata", "namespace") ?? "default");
    };
    progress(`applying ${graph.resources.filter(isKubernetesObject).length} objects in dependency order`);
    this.applied = await applyGraph(graph, { cluster, report, releases: this.releases, before });
    const manifests = this.applied.map(({ manifest }) => manifest);
    await judgePods(cluster.client, manifests, report);
    progress("waiting for the operators");
    for (const database of manifests.filter(({ kind }) => kind === "PerconaServerMongoDB")) {
      if (!this.incomplete.has(describe(database))) await percona.judge(database, manifests);
      else report.notJudged("operator makes it", describe(database), "what it needs was not there first");
    }
    await prometheus?.judge();
    return manifests;
  }

  private async applyChanges(): Promise<void> {
    const { changed } = this.options;
    if (changed === undefined) return;
    this.progress("applying the changed graph");
    const urns = new Set(this.applied.map(({ resource }) => resource.urn));
    const names = autonames(changed);
    const kept = changed.resources.filter((resource) => urns.has(resource.urn));
    const objects = kept.map((resource) => prepare(resource, names, this.report));
    await updateTo(this.cluster, objects, this.report);
  }
}

/** Whether the members of a database did not come to rest. */
function isStuck(database: Manifest, hopeless: ReadonlySet<string>): boolean {
  const namespace = textAt(database, "metadata", "namespace") ?? "default";
  const sets = listAt(database, "spec", "replsets").map((set) => `${nameOf(database)}-${textAt(set, "name") ?? "rs0"}`);
  return sets.some((name) => hopeless.has(`StatefulSet ${namespace}/${name}`));
}

/** API groups of the graph's objects; a release of certain charts brings objects of the operators' groups. */
function groupsOf(graph: StackGraph): ReadonlySet<string> {
  const own = graph.resources.filter(isKubernetesObject).map((resource) => manifestOf(resource, "").apiVersion.split("/")[0] ?? "");
  const charts = graph.resources.filter(({ type }) => type === RELEASE_TYPE).map(({ inputs }) => textAt(inputs, "chart") ?? "");
  const brought = charts.flatMap((chart) => [
    ...(/prometheus|alloy|loki|tempo|grafana/.test(chart) ? [PROMETHEUS_GROUP] : []),
    ...(chart.includes("psmdb") ? [PERCONA_GROUP] : []),
  ]);
  return new Set([...own, ...brought]);
}

function namespacesOf(graph: StackGraph): readonly string[] {
  const namespaces = graph.resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
  return namespaces.flatMap(({ inputs }) => textAt(inputs, "metadata", "name") ?? []);
}

/** Service addresses as the cloud has them: AKS by input; EKS takes 172.20.0.0/16 where the VPC is in 10.0.0.0/8. */
function serviceCidrOf(graph: StackGraph): string {
  const candidates = graph.resources.flatMap(({ inputs }) => [
    textAt(inputs, "networkProfile", "serviceCidr"),
    textAt(inputs, "kubernetesNetworkConfig", "serviceIpv4Cidr"),
    textAt(inputs, "kubernetesServiceIpAddressRange"),
    ...listAt(inputs, "networkProfile", "serviceCidrs").map((cidr) => (typeof cidr === "string" ? cidr : undefined)),
  ]);
  return candidates.find((cidr) => cidr !== undefined && /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(cidr)) ?? "172.20.0.0/16";
}
