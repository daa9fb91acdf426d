import { digits, type PackageTable, type Registration, type ResourceType } from "./resource-type";

type Metadata = Readonly<Record<string, unknown>>;

function metadataOf(resource: Registration): Metadata {
  const metadata = resource.inputs["metadata"];
  return typeof metadata === "object" && metadata !== null ? (metadata as Metadata) : {};
}

function objectName(resource: Registration): string {
  const { name } = metadataOf(resource);
  return typeof name === "string" ? name : `${resource.name}-${digits(8, resource.urn)}`;
}

function namespaceOf(resource: Registration): string {
  const { namespace } = metadataOf(resource);
  return typeof namespace === "string" ? namespace : "default";
}

/**
 * An object of the API. A preview knows what it returns: the provider asks the cluster to try the object out, and fills in a missing name itself.
 * (The first preview of a stack has no cluster to ask, and knows less.)
 */
const object = (scope: "namespaced" | "cluster"): ResourceType => ({
  id: (r) => (scope === "cluster" ? objectName(r) : `${namespaceOf(r)}/${objectName(r)}`),
  computed: (r) => ({ metadata: { ...metadataOf(r), name: objectName(r), ...(scope === "cluster" ? {} : { namespace: namespaceOf(r) }) } }),
  knownAtPreview: true,
});

/** A Helm release, whose name is an input of its own. */
const release: ResourceType = {
  id: (r) => `${String(r.inputs["namespace"] ?? "default")}/${String(r.inputs["name"] ?? r.name)}`,
  computed: (r) => ({
    name: r.inputs["name"] ?? `${r.name}-${digits(8, r.urn)}`,
    status: { status: "deployed", chart: r.inputs["chart"], version: r.inputs["version"] },
  }),
};

/** What a simulated cluster answers: it takes every object of a known kind. Whether the object is valid is for a real API server to say. */
export const kubernetesTable: PackageTable = {
  types: {
    "kubernetes:apps/v1:Deployment": object("namespaced"),
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": object("namespaced"),
    "kubernetes:core/v1:ConfigMap": object("namespaced"),
    "kubernetes:core/v1:Namespace": object("cluster"),
    "kubernetes:core/v1:PersistentVolume": object("cluster"),
    "kubernetes:core/v1:PersistentVolumeClaim": object("namespaced"),
    "kubernetes:core/v1:Secret": object("namespaced"),
    "kubernetes:core/v1:Service": object("namespaced"),
    "kubernetes:core/v1:ServiceAccount": object("namespaced"),
    "kubernetes:helm.sh/v3:Release": release,
    "kubernetes:policy/v1:PodDisruptionBudget": object("namespaced"),
    "kubernetes:storage.k8s.io/v1:StorageClass": object("cluster"),
    "pulumi:providers:kubernetes": { id: (r) => digits(32, r.urn) },
  },
  functions: {},
};
