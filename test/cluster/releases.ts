/** Helm releases, installed and upgraded by helm itself where the chart can be had. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse, stringify } from "yaml";
import { requireTools } from "../tools/locate";
import { moduleChart } from "../tools/module-files";
import { ApiRejection } from "./api-client";
import type { Cluster } from "./control-plane";
import type { GraphResource } from "./graph-document";
import { type JsonObject, type Manifest, describe, isObject, numberAt, objectAt, textAt } from "./json";
import { releaseStandIns } from "./release-stand-ins";
import type { Report } from "./report";
import { fillStandIns } from "./stand-ins";
import { workloadState } from "./workloads";

interface PlannedRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly args: readonly string[];
}

/** A repository that does not answer within this time is taken as unreachable. */
const PULL_SECONDS = 20;
/** `--wait` of helm; with simulated kubelets a healthy chart needs seconds. */
const WAIT_SECONDS = 120;

/** Where the pods of charts are listed, for whoever has to add one. */
const STAND_INS = "test/cluster/release-stand-ins.ts";

/** Why a release was not installed; its definitions and objects are then missing from the cluster, which other findings may show. */
class ChartMissing extends Error {}

export class Releases {
  private readonly installed: { readonly resource: GraphResource; readonly release: PlannedRelease }[] = [];
  private readonly standIns: Manifest[] = [];
  private readonly unreachable = new Map<string, string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly report: Report,
    private readonly chartsDirectory: string | undefined,
  ) {}

  /** `helm install --wait` of one Release resource, hooks and all. */
  async install(resource: GraphResource): Promise<void> {
    const inputs = fillStandIns(resource.inputs, `Release ${resource.name}`, this.report.standIns);
    const subject = `Release ${textAt(inputs, "name") ?? resource.name}`;
    try {
      const release = await this.plan(resource.name, inputs);
      const failure = await this.carryOut("install", release);
      this.report.judged("helm installs it", subject, failure);
      if (failure === undefined) this.installed.push({ resource, release });
    } catch (error) {
      if (!(error instanceof ChartMissing)) throw error;
      this.report.notJudged("helm installs it", subject, error.message);
      await this.createNamespace(inputs);
      await this.standIn(inputs, resource.name);
    }
  }

  /**
   * `helm upgrade --wait` of every installed release: hooks again, and no immutable field may differ.
   * @param changed resources of a changed graph, whose values are then taken; else a release is upgraded with the values it has.
   */
  async upgradeAll(changed: readonly GraphResource[] = []): Promise<void> {
    for (const { resource, release } of this.installed) {
      const next = changed.find(({ urn }) => urn === resource.urn);
      const planned =
        next === undefined ? release : await this.plan(next.name, fillStandIns(next.inputs, `Release ${next.name}`, this.report.standIns));
      this.report.judged("helm upgrades it", `Release ${release.name}`, await this.carryOut("upgrade", planned));
    }
  }

  /** Takes the releases off a cluster that outlives the test. */
  async uninstallAll(): Promise<void> {
    for (const workload of this.standIns) await this.cluster.client.delete(workload);
    for (const { release } of [...this.installed].reverse())
      await this.helm(["uninstall", release.name, `--namespace=${release.namespace}`]);
  }

  /** Puts pods of the same size in the place of a chart that cannot be had. */
  private async standIn(inputs: JsonObject, resourceName: string): Promise<void> {
    const standIns = releaseStandIns(inputs, resourceName);
    if (standIns === undefined)
      this.report.notes.add(`Release ${resourceName}: its pods are not counted, ${STAND_INS} does not know its chart`);
    for (const { workload, words } of standIns ?? []) {
      const subject = describe(workload);
      try {
        await this.cluster.client.apply(workload);
        this.standIns.push(workload);
        this.report.played.add(words);
      } catch (error) {
        if (!(error instanceof ApiRejection)) throw error;
        this.report.failed("accepted", `${subject}, in place of its chart's`, error.message);
      }
    }
  }

  /** @returns helm's words, and what keeps the release's workloads, where helm only says that its time is over. */
  private async carryOut(verb: "install" | "upgrade", release: PlannedRelease): Promise<string | undefined> {
    const failure = await this.helm([verb, release.name, release.chart, ...release.args]);
    if (failure === undefined) return undefined;
    const { troubles } = await workloadState(this.cluster.client);
    const own = troubles.filter(({ workload }) => textAt(workload, "metadata", "namespace") === release.namespace);
    return [lastLine(failure), ...own.map(({ workload, words }) => `${describe(workload)}: ${words}`)].join("\n");
  }

  private async plan(resourceName: string, inputs: JsonObject): Promise<PlannedRelease> {
    const chart = await this.locateChart(inputs);
    const name = textAt(inputs, "name") ?? resourceName;
    const namespace = textAt(inputs, "namespace") ?? "default";
    const values = join(this.cluster.processes.directory, `values-${name}.yaml`);
    writeFileSync(values, stringify(objectAt(inputs, "values"), { aliasDuplicateObjects: false }));
    const seconds = Math.min(numberAt(inputs, "timeout") ?? WAIT_SECONDS, WAIT_SECONDS);
    const loader = pathToFileURL(createRequire(__filename).resolve("tsx")).href;
    const dropWebhooks = ["--import", loader, join(__dirname, "drop-webhooks.ts")];
    return {
      name,
      namespace,
      chart,
      args: [
        `--namespace=${namespace}`,
        `--values=${values}`,
        "--wait",
        `--timeout=${seconds}s`,
        // The definitions of this test are there already, without helm's marks of ownership.
        "--take-ownership",
        `--post-renderer=${process.execPath}`,
        ...dropWebhooks.map((arg) => `--post-renderer-args=${arg}`),
        ...(inputs["createNamespace"] === true ? ["--create-namespace"] : []),
        ...(inputs["skipCrds"] === true ? ["--skip-crds"] : []),
      ],
    };
  }

  /** The chart unpacked or packed under `--charts`, by name and version; else out of a pinned module; else pulled from the release's repository. */
  private async locateChart(inputs: JsonObject): Promise<string> {
    const chart = textAt(inputs, "chart") ?? "";
    const version = textAt(inputs, "version");
    if (existsSync(chart)) return chart;
    const name = chart.slice(chart.lastIndexOf("/") + 1);
    const local = this.chartsDirectory === undefined ? undefined : localChart(this.chartsDirectory, name, version);
    if (local !== undefined) return local;
    const shipped = moduleChart(name, version);
    if (shipped !== undefined) return shipped;
    const repository = textAt(inputs, "repositoryOpts", "repo");
    const source = repository ?? chart.slice(0, chart.lastIndexOf("/"));
    const known = this.unreachable.get(source);
    if (known !== undefined) throw new ChartMissing(known);
    const directory = join(this.cluster.processes.directory, "charts");
    mkdirSync(directory, { recursive: true });
    const from = repository === undefined ? [] : [`--repo=${repository}`];
    const failure = await this.helm(
      ["pull", chart, ...from, ...(version === undefined ? [] : [`--version=${version}`]), `--destination=${directory}`],
      PULL_SECONDS,
    );
    const pulled = readdirSync(directory).find((file) => file.startsWith(`${name}-`) && (version === undefined || file.includes(version)));
    if (failure === undefined && pulled !== undefined) return join(directory, pulled);
    const words = `the chart can neither be pulled nor is it under --charts (${lastLine(failure ?? "not found")})`;
    this.unreachable.set(source, words);
    throw new ChartMissing(words);
  }

  private async createNamespace(inputs: JsonObject): Promise<void> {
    const namespace = textAt(inputs, "namespace");
    if (inputs["createNamespace"] !== true || namespace === undefined) return;
    await this.cluster.client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  }

  /** @returns helm's own words when it fails. */
  private helm(args: readonly string[], seconds = WAIT_SECONDS * 3): Promise<string | undefined> {
    const { helm } = requireTools(["helm"]);
    const home = join(this.cluster.processes.directory, "helm");
    const env = {
      ...process.env,
      KUBECONFIG: this.cluster.kubeconfig,
      HELM_CACHE_HOME: join(home, "cache"),
      HELM_CONFIG_HOME: join(home, "config"),
      HELM_DATA_HOME: join(home, "data"),
    };
    return new Promise((resolve, reject) => {
      const child = spawn(helm, args, { env, stdio: ["ignore", "ignore", "pipe"], timeout: seconds * 1000 });
      let words = "";
      child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString("utf8")));
      child.on("error", reject);
      child.on("close", (code, signal) => {
        if (code === 0) resolve(undefined);
        else if (words.trim() !== "") resolve(words.trim());
        else resolve(signal === null ? `helm ended with ${code}` : `no answer within ${seconds} s`);
      });
    });
  }
}

/** `DIR/<name>`, `DIR/<name>-<version>` or `DIR/<name>-<version>.tgz`; an unpacked chart counts when its Chart.yaml has the version. */
function localChart(directory: string, name: string, version: string | undefined): string | undefined {
  const candidates = [name, ...(version === undefined ? [] : [`${name}-${version}`, `${name}-${version}.tgz`])];
  return candidates
    .map((candidate) => join(directory, candidate))
    .find((path) => {
      if (path.endsWith(".tgz")) return existsSync(path);
      // Values alone are no chart.
      if (!existsSync(join(path, "Chart.yaml")) || !existsSync(join(path, "templates"))) return false;
      const about: unknown = parse(readFileSync(join(path, "Chart.yaml"), "utf8"));
      const found = isObject(about) ? textAt(about, "version") : undefined;
      return version === undefined || found?.replace(/^v/, "") === version.replace(/^v/, "");
    });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
