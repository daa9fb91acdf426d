/**
 * The vendor commands that the test suites run, each pinned to one release and built from the vendor's own tagged Go module.
 *
 * Go modules, because their proxy serves every one of these vendors, on every platform, with checksums (go.sum): one way in for all of them, which
 * also works on a machine that reaches package registries only.
 */

/** Folder beside this file that holds a `go.mod` pinning one vendor's release. */
export type ModuleFolder =
  "cert-manager" | "cilium" | "etcd" | "helm" | "kubernetes" | "kwok" | "percona-operator" | "prometheus-operator" | "pulumi";

/** What a module folder pins. */
export interface PinnedModule {
  /** Go module path of the vendor's release, as the `require` line of the folder's go.mod has it. */
  readonly path: string;
  /** Released version, without the leading `v`. */
  readonly version: string;
}

/** The pinned releases. A build refuses to start when a folder's go.mod requires another version than the one here. */
export const pinnedModules: Readonly<Record<ModuleFolder, PinnedModule>> = {
  // https://github.com/kubernetes/kubernetes/releases/tag/v1.36.2
  kubernetes: { path: "k8s.io/kubernetes", version: "1.36.2" },
  // https://github.com/etcd-io/etcd/releases/tag/v3.6.5
  etcd: { path: "go.etcd.io/etcd/server/v3", version: "3.6.5" },
  // https://github.com/kubernetes-sigs/kwok/releases/tag/v0.8.0
  kwok: { path: "sigs.k8s.io/kwok", version: "0.8.0" },
  // https://github.com/pulumi/pulumi/releases/tag/v3.259.0
  pulumi: { path: "github.com/pulumi/pulumi/pkg/v3", version: "3.259.0" },
  // https://github.com/prometheus-operator/prometheus-operator/releases/tag/v0.93.1
  "prometheus-operator": { path: "github.com/prometheus-operator/prometheus-operator", version: "0.93.1" },
  // https://github.com/percona/percona-server-mongodb-operator/releases/tag/v1.22.0
  "percona-operator": { path: "github.com/percona/percona-server-mongodb-operator", version: "1.22.0" },
  // https://github.com/helm/helm/releases/tag/v3.22.0
  helm: { path: "helm.sh/helm/v3", version: "3.22.0" },
  // Nothing is built from the last two: definitions and a chart are read from them.
  // https://github.com/cert-manager/cert-manager/releases/tag/v1.21.1
  "cert-manager": { path: "github.com/cert-manager/cert-manager", version: "1.21.1" },
  // https://github.com/cilium/cilium/releases/tag/v1.20.2. AKS brings an older one of its own choice; the fields that the policies here use are also
  // in the definitions of 1.15.
  cilium: { path: "github.com/cilium/cilium", version: "1.20.2" },
};

/** Name of a tool, as `--only` takes it. */
export type ToolName =
  | "etcd"
  | "helm"
  | "kube-apiserver"
  | "kube-controller-manager"
  | "kube-scheduler"
  | "kubectl"
  | "kwok"
  | "percona-server-mongodb-operator"
  | "prometheus-operator"
  | "pulumi";

/** How a binary says which release it is. */
export interface VersionQuestion {
  /** Arguments that make the binary print its version and end. */
  readonly args: readonly string[];
  /** What its standard output must match; the first group is the version without the leading `v`. */
  readonly pattern: RegExp;
}

/** One command and how it is built. */
export interface Tool {
  readonly name: ToolName;
  /** Released version, without the leading `v`. */
  readonly version: string;
  /** File name, on PATH and in the cache folder. */
  readonly binary: string;
  readonly module: ModuleFolder;
  /** Go package of the command's main. */
  readonly package: string;
  /** String variables that the vendor's own release build sets through the linker (`-X name=value`). */
  readonly linkerVariables: Readonly<Record<string, string>>;
  /** Go build tags. */
  readonly tags: readonly string[];
  /** Absent where the binary cannot tell: such a binary is taken from the cache folder only, never from PATH. */
  readonly versionQuestion?: VersionQuestion;
  /** Minutes a build took on 2 cores with Go 1.26.8, its modules downloaded and the tools listed before it built. */
  readonly buildMinutes: number;
}

// A vendor's rebuild (`1.36.2-eks-0a1b2c3`, `3.22.0+gabc`) counts as the release, a candidate (`1.36.2-rc.0`) does not.
const release = String.raw`(\d+\.\d+\.\d+(?:-(?:alpha|beta|rc)[.\d]*)?)`;

// Without these the API server calls itself v0.0.0-master and refuses its own emulation version:
// https://github.com/kubernetes/kubernetes/blob/v1.36.2/hack/lib/version.sh
const kubernetesVersion = pinnedModules.kubernetes.version;
const [kubernetesMajor = "", kubernetesMinor = ""] = kubernetesVersion.split(".");
const kubernetesVariables = {
  "k8s.io/component-base/version.gitVersion": `v${kubernetesVersion}`,
  "k8s.io/component-base/version.gitMajor": kubernetesMajor,
  "k8s.io/component-base/version.gitMinor": kubernetesMinor,
};

function kubernetesTool(name: ToolName, versionArgs: readonly string[], buildMinutes: number): Tool {
  return {
    name,
    version: kubernetesVersion,
    binary: name,
    module: "kubernetes",
    package: `k8s.io/kubernetes/cmd/${name}`,
    linkerVariables: kubernetesVariables,
    tags: [],
    versionQuestion: { args: versionArgs, pattern: new RegExp(`(?:Kubernetes|Client Version:) v${release}`) },
    buildMinutes,
  };
}

/** Every tool, in the order in which `npm run tools` builds them: those that share most packages follow each other. */
export const tools: readonly Tool[] = [
  kubernetesTool("kube-apiserver", ["--version"], 3.8),
  kubernetesTool("kube-controller-manager", ["--version"], 1.0),
  kubernetesTool("kube-scheduler", ["--version"], 0.1),
  kubernetesTool("kubectl", ["version", "--client"], 0.3),
  {
    name: "etcd",
    version: pinnedModules.etcd.version,
    binary: "etcd",
    module: "etcd",
    package: ".",
    linkerVariables: {},
    tags: [],
    versionQuestion: { args: ["--version"], pattern: new RegExp(`etcd Version: ${release}`) },
    buildMinutes: 0.4,
  },
  {
    name: "kwok",
    version: pinnedModules.kwok.version,
    binary: "kwok",
    module: "kwok",
    package: "sigs.k8s.io/kwok/cmd/kwok",
    // https://github.com/kubernetes-sigs/kwok/blob/v0.8.0/hack/releases.sh
    linkerVariables: { "sigs.k8s.io/kwok/pkg/consts.Version": `v${pinnedModules.kwok.version}` },
    tags: [],
    versionQuestion: { args: ["--version"], pattern: new RegExp(`kwok version v?${release}`) },
    buildMinutes: 0.9,
  },
  {
    name: "pulumi",
    version: pinnedModules.pulumi.version,
    binary: "pulumi",
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // https://github.com/pulumi/pulumi/blob/pkg/v3.259.0/sdk/go/common/version/version.go
    linkerVariables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": pinnedModules.pulumi.version },
    // Leaves golang.org/x/net/trace out of grpc, which keeps the linker from dropping unused methods:
    // https://github.com/grpc/grpc-go/blob/master/trace_notrace.go
    tags: ["grpcnotrace"],
    versionQuestion: { args: ["version"], pattern: new RegExp(`^v?${release}`) },
    buildMinutes: 2.9,
  },
  {
    name: "prometheus-operator",
    version: pinnedModules["prometheus-operator"].version,
    binary: "prometheus-operator",
    module: "prometheus-operator",
    package: "github.com/prometheus-operator/prometheus-operator/cmd/operator",
    // https://github.com/prometheus-operator/prometheus-operator/blob/v0.93.1/Makefile
    linkerVariables: { "github.com/prometheus/common/version.Version": pinnedModules["prometheus-operator"].version },
    tags: [],
    versionQuestion: { args: ["--version"], pattern: new RegExp(`prometheus-operator, version v?${release}`) },
    buildMinutes: 2.2,
  },
  {
    // No version question: its main knows a commit and a branch, never its release, and starts working whatever flags it is given:
    // https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/cmd/manager/main.go
    name: "percona-server-mongodb-operator",
    version: pinnedModules["percona-operator"].version,
    binary: "percona-server-mongodb-operator",
    module: "percona-operator",
    package: "github.com/percona/percona-server-mongodb-operator/cmd/manager",
    linkerVariables: {},
    tags: [],
    buildMinutes: 2.9,
  },
  {
    name: "helm",
    version: pinnedModules.helm.version,
    binary: "helm",
    module: "helm",
    package: "helm.sh/helm/v3/cmd/helm",
    // https://github.com/helm/helm/blob/v3.22.0/Makefile, which derives the Kubernetes version from client-go's (v0.37.0 of this release). Without it
    // `helm template` renders for Kubernetes 1.20 and charts with a `kubeVersion` refuse.
    linkerVariables: {
      "helm.sh/helm/v3/internal/version.version": `v${pinnedModules.helm.version}`,
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": "37",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": "1",
      "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": "37",
    },
    tags: [],
    versionQuestion: { args: ["version", "--short"], pattern: new RegExp(`^v${release}`) },
    buildMinutes: 1.0,
  },
];

/**
 * The catalogue's entry of a tool.
 *
 * @throws when the catalogue has no tool of that name; the message lists the names it has.
 */
export function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) {
    throw new Error(`no tool is called "${name}"; the catalogue has ${tools.map((known) => known.name).join(", ")}`);
  }
  return tool;
}
