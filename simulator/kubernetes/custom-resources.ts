import type { Inventory, Registration, ResourceType } from "../resource-type";
import { metadataOf, namespaceOf, object, objectId, refusing, valueIn } from "./object";
import { releaseType } from "./release-type";

type Part = Readonly<Record<string, unknown>>;

/** A chart that brings definitions along. */
interface Bringer {
  readonly chart: string;
  /** Whether a release of it does, by its values; without it every one does. */
  readonly brings?: (values: unknown) => boolean;
  /** Whether the definitions go with the release, and every resource of theirs with them. */
  readonly takesAway: (values: unknown) => boolean;
}

const keeps = (): boolean => false;

/** https://github.com/cert-manager/cert-manager/blob/master/deploy/charts/cert-manager/values.yaml */
const certManager: Bringer = {
  chart: "cert-manager",
  brings: (values) => valueIn(values, "crds", "enabled") === true || valueIn(values, "installCRDs") === true,
  takesAway: (values) => valueIn(values, "crds", "keep") === false,
};

/**
 * Its definitions are ordinary templates without a keep policy:
 * https://github.com/percona/percona-helm-charts/blob/main/charts/psmdb-operator-crds/README.md
 */
const percona: Bringer = { chart: "psmdb-operator-crds", takesAway: () => true };

/** Helm never deletes what lies in a chart's `crds` folder: https://helm.sh/docs/chart_best_practices/custom_resource_definitions/ */
const prometheusStack: Bringer = {
  chart: "kube-prometheus-stack",
  brings: (values) => valueIn(values, "crds", "enabled") !== false,
  takesAway: keeps,
};
const prometheusDefinitions: Bringer = { chart: "prometheus-operator-crds", takesAway: () => true };

const perconaCluster = "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDB";
const perconaBackup = "kubernetes:psmdb.percona.com/v1:PerconaServerMongoDBBackup";

/** Where the definitions of each kind come from. */
const bringers: Readonly<Record<string, readonly Bringer[]>> = {
  "kubernetes:cert-manager.io/v1:Certificate": [certManager],
  "kubernetes:cert-manager.io/v1:ClusterIssuer": [certManager],
  "kubernetes:cert-manager.io/v1:Issuer": [certManager],
  "kubernetes:monitoring.coreos.com/v1:PodMonitor": [prometheusStack, prometheusDefinitions],
  "kubernetes:monitoring.coreos.com/v1:PrometheusRule": [prometheusStack, prometheusDefinitions],
  "kubernetes:monitoring.coreos.com/v1:ServiceMonitor": [prometheusStack, prometheusDefinitions],
  [perconaCluster]: [percona],
  [perconaBackup]: [percona],
};

const clusterScoped = ["kubernetes:cert-manager.io/v1:ClusterIssuer"];

const isBroughtBy = (release: Part, { chart, brings }: Bringer): boolean =>
  release["chart"] === chart && (brings?.(release["values"]) ?? true);

function noMatches(type: string): string {
  const [, version = "", kind = ""] = type.split(":");
  return `no matches for kind "${kind}" in version "${version}"`;
}

function customResource(type: string, from: readonly Bringer[]): ResourceType {
  return refusing(object(clusterScoped.includes(type) ? "cluster" : "namespaced"), (_, inventory) =>
    inventory.all(releaseType).some((release) => from.some((bringer) => isBroughtBy(release, bringer)))
      ? []
      : [{ property: "kind", reason: noMatches(type) }],
  );
}

/** Clusters with Cilium know its policies from the start: https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium */
const ciliumType = "kubernetes:cilium.io/v2:CiliumNetworkPolicy";
const ciliumPolicy = refusing(object("namespaced"), (_, inventory) =>
  inventory
    .all("azure-native:containerservice:ManagedCluster")
    .some((cluster) => valueIn(cluster, "networkProfile", "networkDataplane") === "cilium")
    ? []
    : [{ property: "kind", reason: noMatches(ciliumType) }],
);

export const customResourceTypes: Readonly<Record<string, ResourceType>> = {
  ...Object.fromEntries(Object.entries(bringers).map(([type, from]) => [type, customResource(type, from)])),
  [ciliumType]: ciliumPolicy,
};

const namesOf = (resources: readonly Part[]): string => resources.map((inputs) => objectId({ inputs })).join(", ");

/** Why a release cannot go yet that takes definitions with it: the API would delete every resource of theirs, data and all. */
export function definitionsLost(release: Registration, inventory: Inventory): string | undefined {
  const { inputs } = release;
  const left = Object.entries(bringers).flatMap(([type, from]) => {
    const goes = from.some((bringer) => isBroughtBy(inputs, bringer) && bringer.takesAway(inputs["values"]));
    const found = goes ? inventory.all(type) : [];
    return found.length === 0 ? [] : [`${type.split(":").at(-1) ?? type} ${namesOf(found)}`];
  });
  return left.length === 0 ? undefined : `its definitions go with it, and with them ${left.join(", ")}`;
}

/**
 * Why the release of the Percona operator cannot go yet: what has a finalizer waits for the operator, for ever if need be. A backup always gets one:
 * https://github.com/percona/percona-server-mongodb-operator/blob/v1.22.0/pkg/controller/perconaservermongodbbackup/psmdb_backup_controller.go
 */
export function finalizersLost(release: Registration, inventory: Inventory): string | undefined {
  if (release.inputs["chart"] !== "psmdb-operator") return undefined;
  const watched = (type: string): readonly Part[] =>
    inventory.all(type).filter((inputs) => namespaceOf({ inputs }) === (release.inputs["namespace"] ?? "default"));
  const clusters = watched(perconaCluster).filter((inputs) => ((metadataOf({ inputs })["finalizers"] ?? []) as unknown[]).length > 0);
  const left = [...clusters, ...watched(perconaBackup)];
  return left.length === 0 ? undefined : `the finalizers of ${namesOf(left)} wait for it, and nobody would be left to take them off`;
}
