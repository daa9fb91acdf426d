/**
 * Files that vendors ship inside the Go modules their tools are built from: custom resource definitions, KWOK's stages. They are read where Go keeps
 * the module, so that they are always of the same release as the tool.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { type ModuleFolder, pinnedModules } from "./catalogue";
import { goEnvironment, goProblem, modulePath } from "./go";

const moduleDirectories = new Map<ModuleFolder, string>();

function go(folder: ModuleFolder, args: readonly string[]): string {
  const run = spawnSync("go", [...args], { cwd: modulePath(folder), env: goEnvironment(), encoding: "utf8" });
  if (run.status !== 0) {
    throw new Error(`\`go ${args.join(" ")}\` failed in test/tools/${folder}: ${run.error?.message ?? run.stderr.trim()}`);
  }
  return run.stdout.trim();
}

function moduleDirectory(folder: ModuleFolder): string {
  const known = moduleDirectories.get(folder);
  if (known !== undefined) {
    return known;
  }
  const problem = goProblem(folder);
  if (problem !== undefined) {
    throw new Error(`cannot read files of ${pinnedModules[folder].path}: ${problem}`);
  }
  const list = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", pinnedModules[folder].path];
  let directory = go(folder, list);
  if (directory === "") {
    // Go lists a module that it has not downloaded with an empty folder.
    go(folder, ["mod", "download", pinnedModules[folder].path]);
    directory = go(folder, list);
  }
  moduleDirectories.set(folder, directory);
  return directory;
}

/**
 * Absolute path of a file or folder inside a pinned module, downloaded first where Go does not have the module yet. Read only: Go's module cache is
 * shared by everything this user builds.
 *
 * @param module folder of the module beside this file, for example `percona-operator`.
 * @param path path inside the module, for example `deploy/crd.yaml`.
 * @throws when Go is missing or too old, when the module cannot be downloaded, or when it has no such file.
 */
function moduleFile(module: ModuleFolder, path: string): string {
  const file = join(moduleDirectory(module), path);
  if (!existsSync(file)) {
    throw new Error(`${pinnedModules[module].path} v${pinnedModules[module].version} has no ${path}`);
  }
  return file;
}

/**
 * Absolute paths of the manifests right inside a folder of a pinned module, in the order of their names. Kustomize's own file is left out, it is not a
 * manifest.
 *
 * @throws as {@link moduleFile} does, and when the folder holds no manifest.
 */
function moduleManifests(module: ModuleFolder, folder: string): string[] {
  const directory = moduleFile(module, folder);
  const manifests = readdirSync(directory)
    .filter((name) => name.endsWith(".yaml") && name !== "kustomization.yaml")
    .sort();
  if (manifests.length === 0) {
    throw new Error(`${folder} of ${pinnedModules[module].path} v${pinnedModules[module].version} holds no .yaml file`);
  }
  return manifests.map((name) => join(directory, name));
}

/** The custom resource definitions of Percona Server for MongoDB. */
export function perconaDefinitions(): string[] {
  return [moduleFile("percona-operator", "deploy/crd.yaml")];
}

/** The custom resource definitions of the Prometheus operator. */
export function prometheusDefinitions(): string[] {
  return moduleManifests("prometheus-operator", "example/prometheus-operator-crd");
}

/** The custom resource definitions of cert-manager. */
export function certManagerDefinitions(): string[] {
  return moduleManifests("cert-manager", "deploy/crds");
}

/** The custom resource definitions of Cilium's network policies; its other resources are for its own use. */
export function ciliumDefinitions(): string[] {
  const folder = "pkg/k8s/apis/cilium.io/client/crds/v2";
  return ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"].map((name) => moduleFile("cilium", `${folder}/${name}.yaml`));
}

/** Folders of the charts that vendors keep beside their code, by name. Each is of its module's version. */
const chartFolders: Readonly<Record<string, readonly [ModuleFolder, string]>> = {
  "cert-manager": ["cert-manager", "deploy/charts/cert-manager"],
};

/** Absolute path of a chart inside a pinned module; undefined where no module has it in that version. A `v` before a version is of no meaning. */
export function moduleChart(name: string, version: string | undefined): string | undefined {
  const [module, folder] = chartFolders[name] ?? [];
  if (module === undefined || folder === undefined || version?.replace(/^v/, "") !== pinnedModules[module].version) return undefined;
  return moduleFile(module, folder);
}

/**
 * KWOK's stages that play healthy kubelets: nodes become Ready and keep their leases, pods become Ready, complete and go.
 *
 * @param pods `fast` is what KWOK itself plays by default; `general` goes through init containers, conditions and finalizers one by one, and KWOK
 * calls it work in progress.
 */
export function kwokStages(pods: "fast" | "general" = "fast"): string[] {
  return ["node/fast", "node/heartbeat-with-lease", `pod/${pods}`].flatMap((folder) =>
    moduleManifests("kwok", `kustomize/stage/${folder}`),
  );
}
