/** Custom resource definitions, from the very modules that the operators are built from. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { certManagerDefinitions, ciliumDefinitions, perconaDefinitions, prometheusDefinitions } from "../tools/module-files";
import { type ApiClient, ApiRejection } from "./api-client";
import { type Manifest, at, isManifest, listAt, nameOf, textAt } from "./json";
import { until } from "./processes";

interface DefinitionSource {
  /** API groups that the files define. */
  readonly groups: readonly string[];
  readonly files: () => readonly string[];
}

const SOURCES: readonly DefinitionSource[] = [
  { groups: ["psmdb.percona.com"], files: perconaDefinitions },
  { groups: ["monitoring.coreos.com"], files: prometheusDefinitions },
  { groups: ["cert-manager.io"], files: certManagerDefinitions },
  { groups: ["cilium.io"], files: ciliumDefinitions },
];

/**
 * Installs the definitions of the groups that a stack uses: from the operators' modules, and from the `crds` folders of charts unpacked under
 * `chartsDirectory`.
 * @returns names of the definitions.
 */
export async function installDefinitions(
  client: ApiClient,
  groups: ReadonlySet<string>,
  chartsDirectory?: string,
): Promise<readonly string[]> {
  const fromModules = SOURCES.filter((source) => source.groups.some((group) => groups.has(group))).flatMap(({ files }) => files());
  const own = fromModules.flatMap(readManifests);
  const defined = new Set(own.map(nameOf));
  const fromCharts = (chartsDirectory === undefined ? [] : chartFiles(chartsDirectory)).flatMap(readManifests);
  const wanted = fromCharts.filter((each) => groups.has(textAt(each, "spec", "group") ?? "") && !defined.has(nameOf(each)));
  const definitions = [...own, ...wanted].filter(({ kind }) => kind === "CustomResourceDefinition");
  await Promise.all(definitions.map((definition) => install(client, definition)));
  await untilServed(client, definitions);
  return definitions.map(nameOf);
}

/**
 * Makes the server take objects of a kind that it does not know, whatever is in them: for a kind whose own definition comes with a chart that is not
 * installed here. It judges names, references to namespaces and the order in which objects come and go, and no field.
 */
export async function installOpenDefinition(client: ApiClient, { apiVersion, kind, metadata }: Manifest): Promise<void> {
  const [group = "", version = ""] = apiVersion.split("/");
  const plural = kind.toLowerCase();
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const definition: Manifest = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: textAt(metadata, "namespace") === undefined ? "Cluster" : "Namespaced",
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  };
  await install(client, definition);
  await untilServed(client, [definition]);
}

/** Creating takes a third of the time of applying; a given cluster may have the definition already. */
async function install(client: ApiClient, definition: Manifest): Promise<void> {
  await client.create(definition).catch((error: unknown) => {
    if (!(error instanceof ApiRejection && error.code === 409)) throw error;
    return client.apply(definition, { force: true });
  });
}

/** The server lists a kind in its discovery when it serves it; the definitions themselves are megabytes. */
async function untilServed(client: ApiClient, definitions: readonly Manifest[]): Promise<void> {
  const kinds = definitions.map((definition) => {
    const served = listAt(definition, "spec", "versions").find((version) => at(version, "served") === true);
    const version = `${textAt(definition, "spec", "group") ?? ""}/${textAt(served, "name") ?? ""}`;
    return [version, textAt(definition, "spec", "names", "kind") ?? ""] as const;
  });
  await until("the custom resource definitions", 60, async () => {
    for (const [version, kind] of kinds) if (!(await client.knows(version, kind))) return undefined;
    return true;
  });
}

/** Files of `DIR/<chart>/crds/` and `DIR/<chart>/charts/<chart>/crds/`. */
function chartFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [...yamlFiles(join(directory, name, "crds")), ...chartFiles(join(directory, name, "charts"))]);
}

function yamlFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The Kubernetes objects of a YAML file. */
function readManifests(file: string): readonly Manifest[] {
  return parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => document.toJS() as unknown)
    .filter(isManifest);
}
