/** The real Percona operator, and whether it makes of a PerconaServerMongoDB what a database needs. */
import { spawnSync } from "node:child_process";
import { requireTools } from "../tools/locate";
import type { ApiClient } from "./api-client";
import type { Cluster } from "./control-plane";
import { judgeCertificates, judgeConnectionStrings } from "./database-clients";
import { type Part, partsOf } from "./database-parts";
import { type Manifest, at, describe, listAt, nameOf, objectAt, textAt } from "./json";
import { until } from "./processes";
import type { Report } from "./report";

export const PERCONA_GROUP = "psmdb.percona.com";

/** Where the operator reads the namespace it is in; the path is compiled in. */
const NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The operator reconciles every 5 s and makes one member after the other. */
const RECONCILE_SECONDS = 60;
/** Once it has made the first part, the others follow in the same round. */
const FURTHER_SECONDS = 12;

/** Runs one operator per namespace that holds a database. */
export class PerconaOperator {
  private readonly namespaces = new Set<string>();
  /** The program's Secrets before the operator saw them, by namespace and name. */
  private readonly secrets = new Map<string, Manifest>();

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

  /** Notes what the program has put into the Secrets of a database, before the operator sees the resource. */
  async remember(database: Manifest): Promise<void> {
    const namespace = textAt(database, "metadata", "namespace") ?? "default";
    for (const name of ownSecretsOf(database)) {
      const secret = await this.cluster.client.get("v1", "Secret", name, namespace);
      if (secret !== undefined) this.secrets.set(`${namespace}/${name}`, secret);
    }
  }

  /** Waits for what the operator makes of a database, and reports each part. */
  async judge(database: Manifest, manifests: readonly Manifest[]): Promise<void> {
    const namespace = textAt(database, "metadata", "namespace") ?? "default";
    if (!this.namespaces.has(namespace)) return;
    const { client } = this.cluster;
    let seconds = RECONCILE_SECONDS;
    for (const { what, missing } of [...partsOf(database), ...this.scheduleParts(database)]) {
      const subject = `${describe(database)}: ${what}`;
      let words: string | undefined;
      const ask = async (): Promise<true | undefined> => ((words = await missing(client)) === undefined ? true : undefined);
      await until(subject, seconds, ask, 300).catch(() => undefined);
      this.report.judged("operator makes it", subject, words === undefined ? undefined : `${words}\n${this.complaints(namespace)}`);
      // Where the first part is missing the others will be, too, and for the same reason.
      if (words !== undefined && seconds === RECONCILE_SECONDS) break;
      seconds = FURTHER_SECONDS;
    }
    await this.judgeSecrets(database);
    await judgeCertificates(client, database, this.report);
    await judgeConnectionStrings(client, database, manifests, this.report);
    this.report.notJudged(
      "inside the database",
      describe(database),
      "no mongod runs: replica set initiation, users, backups and status.state stay unproven",
    );
  }

  /** A backup schedule is kept inside the operator, which only says so (pkg/controller/perconaservermongodb/backup.go). */
  private scheduleParts(database: Manifest): readonly Part[] {
    const namespace = textAt(database, "metadata", "namespace") ?? "default";
    const tasks = listAt(database, "spec", "backup", "tasks").filter((task) => at(task, "enabled") === true);
    return tasks.map((task) => ({
      what: `backups by the schedule ${textAt(task, "name") ?? ""}`,
      missing: () => {
        const said = this.cluster.processes.log(logName(namespace)).split("\n");
        const words = ["Creating or updating backup job", `"${textAt(task, "name") ?? ""}"`, `"${textAt(task, "schedule") ?? ""}"`];
        return Promise.resolve(
          said.some((line) => words.every((word) => line.includes(word))) ? undefined : "the operator has not said so",
        );
      },
    }));
  }

  /** What the program has made stays as it is: the operator replaces none of it, and takes none of it for its own. */
  private async judgeSecrets(database: Manifest): Promise<void> {
    const namespace = textAt(database, "metadata", "namespace") ?? "default";
    for (const name of ownSecretsOf(database)) {
      const before = this.secrets.get(`${namespace}/${name}`);
      if (before === undefined) continue;
      const after = await this.cluster.client.get("v1", "Secret", name, namespace);
      const owner = listAt(after, "metadata", "ownerReferences").find((each) => textAt(each, "name") === nameOf(database));
      const changed = Object.entries(objectAt(before, "data")).filter(([key, value]) => at(after, "data", key) !== value);
      const words = [
        ...(owner === undefined ? [] : ["the operator has made it its own, and deletes it with the database"]),
        ...changed.map(([key]) => `the operator has changed ${key}`),
      ];
      this.report.judged(
        "its Secrets stay the program's",
        `${describe(database)}: ${name}`,
        words.length === 0 ? undefined : words.join("\n"),
      );
    }
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

/** Secrets that a database is told of. */
function ownSecretsOf(database: Manifest): readonly string[] {
  return Object.values(objectAt(database, "spec", "secrets")).filter((name) => typeof name === "string");
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
  const labelSelector = "app.kubernetes.io/name=psmdb-operator";
  const [workload] = await client.list("apps/v1", "Deployment", { namespace, labelSelector });
  const ask = async (): Promise<Manifest | undefined> => (await client.list("v1", "Pod", { namespace, labelSelector }))[0];
  // One whose pod is refused is reported with the other workloads; the operator itself can go on.
  const own = workload === undefined ? undefined : await until("the operator's own pod", 10, ask).catch(() => undefined);
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
