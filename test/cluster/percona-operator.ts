/** The real Percona operator, and whether it makes of a PerconaServerMongoDB what a database needs. */
import { spawnSync } from "node:child_process";
import { requireTools } from "../tools/locate";
import type { ApiClient } from "./api-client";
import type { Cluster } from "./control-plane";
import { type Json, type Manifest, describe, listAt, nameOf, numberAt, objectAt, textAt } from "./json";
import { until } from "./processes";
import type { Report } from "./report";

export const PERCONA_GROUP = "psmdb.percona.com";

/** Where the operator reads the namespace it is in; the path is compiled in. */
const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The operator reconciles every 5 s and makes one member after the other. */
const RECONCILE_SECONDS = 60;

/** Runs one operator per namespace that holds a database. */
export class PerconaOperator {
  private readonly namespaces = new Set<string>();

  constructor(
    private readonly cluster: Cluster,
    private readonly report: Report,
  ) {}

  /** Starts the operator of a namespace, once. The namespace must exist. */
  async start(namespace: string): Promise<void> {
    if (this.namespaces.has(namespace)) return;
    const { "percona-server-mongodb-operator": binary } = requireTools(["percona-server-mongodb-operator"]);
    const isolate = privateMounts();
    if (isolate === undefined) {
      this.report.notJudged("Percona operator runs", namespace, "this system has no private mount namespaces (`unshare -m`)");
      return;
    }
    this.namespaces.add(namespace);
    const pod = await operatorPod(this.cluster.client, namespace);
    // A tmpfs over /run (where /var/run points) that only this process sees: nothing on the machine is touched.
    const script = `mount -t tmpfs tmpfs "$(readlink -f /var/run)" && mkdir -p ${NAMESPACE_FILE} && printf %s "$WATCH_NAMESPACE" > ${NAMESPACE_FILE}/namespace && exec "$@"`;
    const args = ["--leader-elect=false", "--metrics-bind-address=0", "--health-probe-bind-address=0"];
    const env = {
      ...process.env,
      KUBECONFIG: this.cluster.kubeconfig,
      WATCH_NAMESPACE: namespace,
      OPERATOR_NAME: "percona-server-mongodb-operator",
      POD_NAME: pod,
      HOSTNAME: pod,
      DISABLE_TELEMETRY: "true",
    };
    this.cluster.processes.start(
      logName(namespace),
      isolate.command,
      [...isolate.args, "sh", "-c", script, "operator", binary, ...args],
      env,
    );
  }

  /** Waits for what the operator makes of a database, and reports each part. */
  async judge(database: Manifest): Promise<void> {
    const namespace = textAt(database, "metadata", "namespace") ?? "default";
    if (!this.namespaces.has(namespace)) return;
    const parts = listAt(database, "spec", "replsets").flatMap((set) => replicaSetParts(database, set));
    for (const { what, find } of parts) {
      const subject = `${describe(database)}: ${what}`;
      const found = await until(subject, RECONCILE_SECONDS, () => find(this.cluster.client, namespace), 500).catch(() => undefined);
      this.report.judged("operator makes it", subject, found === undefined ? this.complaints(namespace) : undefined);
      // Where the first part is missing the others will be, too, and for the same reason.
      if (found === undefined) break;
    }
    this.report.notJudged(
      "inside the database",
      describe(database),
      "no mongod runs: replica set initiation, users, backups and status.state stay unproven",
    );
  }

  /** What the operator's log says went wrong, each sentence once. */
  private complaints(namespace: string): string {
    const lines = this.cluster.processes.log(logName(namespace)).split("\n");
    const errors = lines.filter((line) => /\bERROR\b|"error"/.test(line)).map((line) => line.replace(/^\S+\s+/, "").slice(0, 600));
    const distinct = [...new Set(errors)].slice(-3);
    return distinct.length > 0
      ? distinct.join("\n")
      : `nothing of the kind within ${RECONCILE_SECONDS} s; the operator's log names no error`;
  }
}

interface Part {
  readonly what: string;
  readonly find: (client: ApiClient, namespace: string) => Promise<unknown>;
}

/** Names as github.com/percona/percona-server-mongodb-operator v1.22.0 gives them (pkg/naming, pkg/psmdb). */
function replicaSetParts(database: Manifest, set: Json): readonly Part[] {
  const [cr, rs] = [nameOf(database), textAt(set, "name") ?? "rs0"];
  const [name, size] = [`${cr}-${rs}`, numberAt(set, "size") ?? 3];
  const exists = (apiVersion: string, kind: string, object: string): Part => ({
    what: `${kind} ${object}`,
    find: (client, namespace) => client.get(apiVersion, kind, object, namespace),
  });
  return [
    {
      what: `StatefulSet ${name} of ${size} members`,
      find: async (client, namespace) => {
        const made = await client.get("apps/v1", "StatefulSet", name, namespace);
        return numberAt(made, "spec", "replicas") === size ? made : undefined;
      },
    },
    exists("v1", "Service", name),
    ...("podDisruptionBudget" in objectAt(set) ? [exists("policy/v1", "PodDisruptionBudget", `${cr}-mongod-${rs}`)] : []),
    exists("v1", "Secret", textAt(database, "spec", "secrets", "users") ?? `${cr}-secrets`),
    exists("v1", "Secret", textAt(database, "spec", "secrets", "keyFile") ?? `${cr}-mongodb-keyfile`),
    exists("v1", "Secret", textAt(database, "spec", "secrets", "ssl") ?? `${cr}-ssl`),
  ];
}

function logName(namespace: string): string {
  return `percona-operator-${namespace}`;
}

function privateMounts(): { readonly command: string; readonly args: readonly string[] } | undefined {
  // An ordinary user may make mount namespaces only inside a user namespace of its own.
  const candidates = [["-m"], ["--map-root-user", "-m"]];
  const args = candidates.find((each) => spawnSync("unshare", [...each, "true"], { stdio: "ignore" }).status === 0);
  return args === undefined ? undefined : { command: "unshare", args };
}

/** The operator takes the image of its init container from its own pod: a Release's, or one made here. */
async function operatorPod(client: ApiClient, namespace: string): Promise<string> {
  const [own] = await client.list("v1", "Pod", { namespace, labelSelector: "app.kubernetes.io/name=psmdb-operator" });
  if (own !== undefined) return nameOf(own);
  const name = "cluster-test-percona-operator";
  await client.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 2, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "operator",
          image: "percona/percona-server-mongodb-operator:1.22.0",
          resources: { requests: { cpu: "1m", memory: "1Mi" }, limits: { cpu: "1m", memory: "1Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
        },
      ],
    },
  });
  return name;
}
