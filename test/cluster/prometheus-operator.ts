/** The real Prometheus operator: what it makes of Prometheus and Alertmanager, and whether it takes every monitor and rule. */
import { gunzipSync } from "node:zlib";
import { requireTools } from "../tools/locate";
import type { ApiClient } from "./api-client";
import type { Cluster } from "./control-plane";
import { type Manifest, describe, nameOf, numberAt, objectAt, textAt } from "./json";
import { freePorts, until } from "./processes";
import type { Report } from "./report";

export const PROMETHEUS_GROUP = "monitoring.coreos.com";

const RECONCILE_SECONDS = 45;
/** The operator writes a configuration within seconds of a change. */
const IDLE_SECONDS = 12;
const LOG = "prometheus-operator";

/** A Prometheus of the test's own that selects everything: without any, the operator reads neither monitors nor rules. */
const STAND_IN_NAMESPACE = "cluster-test-prometheus";
const STAND_IN = "stand-in";

/** The prefix of a StatefulSet's name and of the jobs' names in the scrape configuration, by kind. */
const SERVERS: Readonly<Record<string, string>> = { Prometheus: "prometheus", PrometheusAgent: "prom-agent", Alertmanager: "alertmanager" };
const MONITORS: Readonly<Record<string, string>> = {
  ServiceMonitor: "serviceMonitor",
  PodMonitor: "podMonitor",
  Probe: "probe",
  ScrapeConfig: "scrapeConfig",
};

export class PrometheusOperator {
  constructor(
    private readonly cluster: Cluster,
    private readonly report: Report,
  ) {}

  /** Starts the operator for the whole cluster; the definitions must be there. */
  async start(): Promise<void> {
    const { "prometheus-operator": binary } = requireTools(["prometheus-operator"]);
    const [port = 0] = await freePorts(1);
    const env = { ...process.env, KUBECONFIG: this.cluster.kubeconfig };
    const args = ["--kubelet-service=", "--web.enable-tls=false", `--web.listen-address=127.0.0.1:${port}`];
    this.cluster.processes.start(LOG, binary, args, env);
  }

  /** Judges every object of the group that is in the cluster. */
  async judge(): Promise<void> {
    const { client } = this.cluster;
    const version = `${PROMETHEUS_GROUP}/v1`;
    const servers = (
      await Promise.all(
        Object.keys(SERVERS).map((kind) => client.list(kind === "PrometheusAgent" ? `${PROMETHEUS_GROUP}/v1alpha1` : version, kind)),
      )
    ).flat();
    const kinds = [...Object.keys(MONITORS), "PrometheusRule"];
    const parts = (
      await Promise.all(kinds.map((kind) => client.list(kind === "ScrapeConfig" ? `${PROMETHEUS_GROUP}/v1alpha1` : version, kind)))
    ).flat();
    const ownPrometheus = servers.some(({ kind }) => kind === "Prometheus");
    if (parts.length > 0 && !ownPrometheus) {
      await this.createStandIn();
      this.report.notes.add("no Prometheus object is in the graph; monitors and rules were read by a stand-in that selects all of them");
    }
    for (const server of servers) this.report.judged("operator makes it", describe(server), await this.statefulSetTrouble(server));
    const left = await this.untilTaken(parts);
    for (const part of parts) {
      const words = left.has(part) ? await this.refusal(part) : undefined;
      // The Job of a chart's hook would have made the Secret; simulated kubelets run nothing.
      if (words !== undefined && isHelms(part) && /secrets "[^"]+" not found/.test(words)) {
        this.report.notJudged("operator takes it", describe(part), "it needs a Secret that a hook of its chart makes by running");
      } else this.report.judged("operator takes it", describe(part), words);
    }
    if (!ownPrometheus && parts.length > 0) await this.removeStandIn();
  }

  /** Waits until each monitor and rule is in a configuration, or no more arrive. @returns those that are in none. */
  private async untilTaken(parts: readonly Manifest[]): Promise<ReadonlySet<Manifest>> {
    const left = new Set(parts);
    let changed = Date.now();
    while (left.size > 0 && Date.now() - changed < IDLE_SECONDS * 1000) {
      const text = await this.configuration();
      for (const part of left) {
        if (!text.includes(part.kind === "PrometheusRule" ? ruleMarker(part) : monitorMarker(part))) continue;
        left.delete(part);
        changed = Date.now();
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return left;
  }

  private async statefulSetTrouble(server: Manifest): Promise<string | undefined> {
    const name = `${SERVERS[server.kind] ?? ""}-${nameOf(server)}`;
    const namespace = textAt(server, "metadata", "namespace") ?? "default";
    const replicas = numberAt(server, "spec", "replicas") ?? 1;
    const made = await until(name, RECONCILE_SECONDS, async () => {
      const set = await this.cluster.client.get("apps/v1", "StatefulSet", name, namespace);
      return numberAt(set, "spec", "replicas") === replicas ? set : undefined;
    }).catch(() => undefined);
    return made === undefined ? `no StatefulSet ${name} of ${replicas}: ${await this.refusal(server)}` : undefined;
  }

  /** All scrape configurations and rule file names that the operator has written. */
  private async configuration(): Promise<string> {
    const { client } = this.cluster;
    const secrets = await client.list("v1", "Secret", { labelSelector: "managed-by=prometheus-operator" });
    const texts = secrets.flatMap((secret) =>
      Object.entries(objectAt(secret, "data")).map(([key, value]) => {
        const bytes = Buffer.from(typeof value === "string" ? value : "", "base64");
        return key.endsWith(".gz") ? gunzipSync(bytes).toString("utf8") : "";
      }),
    );
    const maps = await client.list("v1", "ConfigMap", { labelSelector: "managed-by=prometheus-operator" });
    return [...texts, ...maps.flatMap((map) => Object.keys(objectAt(map, "data")))].join("\n");
  }

  /** The operator's own words: a warning event about the object, else its log. */
  private async refusal(object: Manifest): Promise<string> {
    const events = await this.cluster.client.list("v1", "Event");
    const about = (event: Manifest): boolean =>
      textAt(event, "involvedObject", "kind") === object.kind &&
      textAt(event, "involvedObject", "name") === nameOf(object) &&
      textAt(event, "involvedObject", "namespace") === textAt(object, "metadata", "namespace");
    const words = events
      .filter((event) => textAt(event, "type") === "Warning" && about(event))
      .map((event) => textAt(event, "message") ?? "");
    // The event says that it was refused, the log why.
    const reasons = this.logLines(object).flatMap((line) =>
      [...line.matchAll(/ err(?:or)?="((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) => text.replaceAll('\\"', '"')),
    );
    const all = [...new Set([...words, ...reasons])].slice(0, 4);
    return all.length > 0 ? all.join("\n") : "no Prometheus selects it (see its selectors and namespace selectors)";
  }

  /** `key=` or `object=` with namespace and name; for rules name and namespace on their own. */
  private logLines(object: Manifest): readonly string[] {
    const [namespace, name] = [textAt(object, "metadata", "namespace") ?? "", nameOf(object)];
    const lines = this.cluster.processes.log(LOG).split("\n");
    return lines.filter(
      (line) =>
        line.includes(`=${namespace}/${name} `) || (line.includes(`prometheusrule=${name} `) && line.includes(`namespace=${namespace} `)),
    );
  }

  private async createStandIn(): Promise<void> {
    const { client } = this.cluster;
    const metadata = { name: STAND_IN, namespace: STAND_IN_NAMESPACE };
    await client.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: STAND_IN_NAMESPACE } });
    const everything = Object.fromEntries(
      ["serviceMonitor", "podMonitor", "probe", "scrapeConfig", "rule"].flatMap((each) => [
        [`${each}Selector`, {}],
        [`${each}NamespaceSelector`, {}],
      ]),
    );
    await client.apply({ apiVersion: `${PROMETHEUS_GROUP}/v1`, kind: "Prometheus", metadata, spec: { replicas: 0, ...everything } });
  }

  private async removeStandIn(): Promise<void> {
    const metadata = { name: STAND_IN, namespace: STAND_IN_NAMESPACE };
    await this.cluster.client.delete({ apiVersion: `${PROMETHEUS_GROUP}/v1`, kind: "Prometheus", metadata });
    await this.cluster.client.delete({ apiVersion: "v1", kind: "Namespace", metadata: { name: STAND_IN_NAMESPACE } });
  }
}

function isHelms(part: Manifest): boolean {
  return textAt(part, "metadata", "labels", "app.kubernetes.io/managed-by") === "Helm";
}

/** Jobs are called `serviceMonitor/<namespace>/<name>/<endpoint>`. */
function monitorMarker(part: Manifest): string {
  return `${MONITORS[part.kind] ?? ""}/${textAt(part, "metadata", "namespace") ?? ""}/${nameOf(part)}`;
}

/** Rule files are called `<namespace>-<name>-<uid>.yaml`. */
function ruleMarker(part: Manifest): string {
  return `${textAt(part, "metadata", "namespace") ?? ""}-${nameOf(part)}-${textAt(part, "metadata", "uid") ?? ""}.yaml`;
}

/** Whether the objects of the group are known to the server. */
export async function knowsPrometheus(client: ApiClient): Promise<boolean> {
  return client.knows(`${PROMETHEUS_GROUP}/v1`, "Prometheus");
}
