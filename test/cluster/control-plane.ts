/** A real Kubernetes control plane on loopback: etcd, API server, scheduler and controller manager, without containers. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { requireTools } from "../tools/locate";
import { ApiClient } from "./api-client";
import { ProcessGroup, freePorts, until } from "./processes";

/** A cluster to work with, started by this test or handed to it. */
export interface Cluster {
  readonly client: ApiClient;
  /** File for kubectl, helm, KWOK and the operators. */
  readonly kubeconfig: string;
  /** Further programs of the test are started in, and ended with, this group. */
  readonly processes: ProcessGroup;
  /** Whether the cluster was there before: then its nodes and objects are not the test's. */
  readonly given: boolean;
  stop(): Promise<void>;
}

interface ControlPlaneOptions {
  /** Range of the Service addresses, as the stack's cloud has it, since fixed addresses must lie in it. */
  readonly serviceCidr: string;
}

/** How long each part may take to be ready; about 5 s in all on 2 idle cores. */
const READY_SECONDS = 90;

/**
 * Starts the control plane.
 * @throws ProcessFailure with the end of the log when a part does not start; nothing is left running then.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<Cluster> {
  const tools = requireTools(["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"]);
  const processes = new ProcessGroup("cluster-test-");
  try {
    const [etcdPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3);
    startEtcd(processes, tools.etcd, etcdPort, peerPort);
    const files = writeCredentials(processes.directory);
    startApiServer(processes, tools["kube-apiserver"], { etcdPort, apiPort, files, serviceCidr: options.serviceCidr });
    // The server writes its certificate, its own authority, before it listens.
    const certificate = join(processes.directory, "pki", "apiserver.crt");
    const ca = await until("the API server's certificate", READY_SECONDS, () => {
      processes.assertRunning("kube-apiserver");
      return Promise.resolve(readIfThere(certificate));
    });
    const url = `https://127.0.0.1:${apiPort}`;
    const kubeconfig = writeKubeconfig(processes.directory, url, ca, files.token);
    const client = new ApiClient({ url, token: files.token, ca });
    await until("the API server's readiness", READY_SECONDS, async () => {
      processes.assertRunning("etcd");
      processes.assertRunning("kube-apiserver");
      return client.request("GET", "/readyz").catch(() => undefined);
    });
    startControllers(processes, tools, kubeconfig, files, certificate);
    await until("the default service account", READY_SECONDS, async () => {
      processes.assertRunning("kube-scheduler");
      processes.assertRunning("kube-controller-manager");
      return client.get("v1", "ServiceAccount", "default", "default");
    });
    const stop = async (): Promise<void> => {
      client.close();
      await processes.stop();
    };
    return { client, kubeconfig, processes, given: false, stop };
  } catch (error) {
    await processes.stop();
    throw error;
  }
}

function startEtcd(processes: ProcessGroup, binary: string, port: number, peerPort: number): void {
  const [client, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  processes.start("etcd", binary, [
    `--data-dir=${join(processes.directory, "etcd")}`,
    "--unsafe-no-fsync",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--log-level=warn",
  ]);
}

interface Credentials {
  readonly token: string;
  readonly tokenFile: string;
  readonly signingKey: string;
  readonly verifyingKey: string;
}

function writeCredentials(directory: string): Credentials {
  const write = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const token = randomBytes(24).toString("hex");
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    token,
    tokenFile: write("tokens.csv", `${token},cluster-test,cluster-test,system:masters\n`),
    signingKey: write("service-account.key", pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    verifyingKey: write("service-account.pub", pair.publicKey.export({ type: "spki", format: "pem" }).toString()),
  };
}

interface ApiServerOptions {
  readonly etcdPort: number;
  readonly apiPort: number;
  readonly files: Credentials;
  readonly serviceCidr: string;
}

function startApiServer(processes: ProcessGroup, binary: string, options: ApiServerOptions): void {
  // Admission is the default set, which holds PodSecurity, ResourceQuota, LimitRanger, ServiceAccount and Priority.
  processes.start("kube-apiserver", binary, [
    `--etcd-servers=http://127.0.0.1:${options.etcdPort}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${options.apiPort}`,
    `--cert-dir=${join(processes.directory, "pki")}`,
    // An address of RFC 5737 that is never dialled: a loopback address is refused as an endpoint, and others depend on the machine's routes.
    "--advertise-address=192.0.2.1",
    "--endpoint-reconciler-type=none",
    `--service-cluster-ip-range=${options.serviceCidr}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${options.files.verifyingKey}`,
    `--service-account-signing-key-file=${options.files.signingKey}`,
    `--token-auth-file=${options.files.tokenFile}`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
  ]);
}

function startControllers(
  processes: ProcessGroup,
  tools: Readonly<Record<"kube-scheduler" | "kube-controller-manager", string>>,
  kubeconfig: string,
  files: Credentials,
  ca: string,
): void {
  const common = [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
  processes.start("kube-scheduler", tools["kube-scheduler"], [
    `--config=${writeSchedulerConfig(processes.directory, kubeconfig)}`,
    "--secure-port=0",
  ]);
  processes.start("kube-controller-manager", tools["kube-controller-manager"], [
    ...common,
    `--service-account-private-key-file=${files.signingKey}`,
    `--root-ca-file=${ca}`,
    // The default of 15 s is for clusters with metrics; here only the bounds of an autoscaler are at work.
    "--horizontal-pod-autoscaler-sync-period=1s",
    "--kube-api-qps=200",
    "--kube-api-burst=300",
  ]);
}

/** The scheduler as it comes, but for how long it puts off a pod that did not fit: 10 s by default, which only makes a test wait. */
function writeSchedulerConfig(directory: string, kubeconfig: string): string {
  const path = join(directory, "scheduler.yaml");
  const document = {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    clientConnection: { kubeconfig },
    leaderElection: { leaderElect: false },
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 1,
  };
  writeFileSync(path, stringify(document));
  return path;
}

function writeKubeconfig(directory: string, server: string, ca: string, token: string): string {
  const path = join(directory, "kubeconfig");
  const name = "cluster-test";
  const document = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  writeFileSync(path, stringify(document), { mode: 0o600 });
  return path;
}

function readIfThere(path: string): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    return text.includes("END CERTIFICATE") ? text : undefined;
  } catch {
    return undefined;
  }
}
