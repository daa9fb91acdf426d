import { loadBalancerHost, loadBalancerName } from "./aws/load-balancer";
import { digits, textInput, type Failure, type Inventory, type PackageTable, type Registration, type ResourceType } from "./resource-type";

type Metadata = Readonly<Record<string, unknown>>;

function metadataOf(resource: Pick<Registration, "inputs">): Metadata {
  const metadata = resource.inputs["metadata"];
  return typeof metadata === "object" && metadata !== null ? (metadata as Metadata) : {};
}

function objectName(resource: Registration): string {
  const { name } = metadataOf(resource);
  return typeof name === "string" ? name : `${resource.name}-${digits(8, resource.seed)}`;
}

function namespaceOf(resource: Pick<Registration, "inputs">): string {
  const { namespace } = metadataOf(resource);
  return typeof namespace === "string" ? namespace : "default";
}

const namespaceType = "kubernetes:core/v1:Namespace";

/** Namespaces that every cluster has. */
const existingNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

function missingNamespace(inventory: Inventory, property: string, namespace: string): Failure[] {
  if (existingNamespaces.includes(namespace) || inventory.find(namespaceType, namespace) !== undefined) return [];
  return [{ property, reason: `there is no namespace ${namespace}` }];
}

/**
 * An object of the API. A preview knows what it returns: the provider asks the cluster to try the object out, and fills in a missing name itself.
 * (The first preview of a stack has no cluster to ask, and knows less.)
 *
 * @param createOnly what the provider replaces the object for, beside its name:
 *   https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/diff.go
 */
function object(scope: "namespaced" | "cluster", createOnly: readonly string[] = []): ResourceType {
  return {
    id: (r) => (scope === "cluster" ? objectName(r) : `${namespaceOf(r)}/${objectName(r)}`),
    nameProperty: "metadata.name",
    autoName: { separator: "-", digits: 8, longest: 63 },
    computed: (r) => ({
      metadata: { ...metadataOf(r), name: objectName(r), ...(scope === "cluster" ? {} : { namespace: namespaceOf(r) }) },
    }),
    knownAtPreview: true,
    createOnly: ["metadata.name", "metadata.namespace", ...createOnly],
    refuse: (r, inventory) => (scope === "cluster" ? [] : missingNamespace(inventory, "metadata.namespace", namespaceOf(r))),
  };
}

const releaseType = "kubernetes:helm.sh/v3:Release";
const ingressType = "kubernetes:networking.k8s.io/v1:Ingress";
const ingressClassType = "kubernetes:networking.k8s.io/v1:IngressClass";

/** Chart of the AWS Load Balancer Controller, which keeps every Ingress of its classes until it has taken down what it made for it. */
const loadBalancerController = "aws-load-balancer-controller";

function valueIn(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, key) : undefined), value);
}

const objectId = (resource: Pick<Registration, "inputs">): string => {
  const { name } = metadataOf(resource);
  return `${namespaceOf(resource)}/${typeof name === "string" ? name : ""}`;
};

/** Whether an Ingress is of a class that the controller serves. */
function isItsOwn(ingress: Readonly<Record<string, unknown>>, inventory: Inventory): boolean {
  const name = valueIn(ingress, "spec", "ingressClassName");
  const ingressClass = typeof name === "string" ? inventory.find(ingressClassType, name) : undefined;
  return valueIn(ingressClass, "spec", "controller") === "ingress.k8s.aws/alb";
}

/**
 * An Ingress of the AWS Load Balancer Controller. Its address is the controller's answer, so that no preview knows it.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/webhooks/networking/ingress_validator.go
 */
const ingress: ResourceType = {
  ...object("namespaced"),
  knownAtPreview: false,
  computed: (r) => {
    const hostname = loadBalancerHost(loadBalancerName(namespaceOf(r), objectName(r)), r.region);
    return {
      metadata: { ...metadataOf(r), name: objectName(r), namespace: namespaceOf(r) },
      status: { loadBalancer: { ingress: [{ hostname }] } },
    };
  },
  refuse: (r, inventory) => {
    const name = valueIn(r.inputs, "spec", "ingressClassName");
    const unknownClass = typeof name === "string" && inventory.find(ingressClassType, name) === undefined;
    return [
      ...missingNamespace(inventory, "metadata.namespace", namespaceOf(r)),
      ...(unknownClass ? [{ property: "spec.ingressClassName", reason: `there is no IngressClass ${name}` }] : []),
    ];
  },
  // https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/pkg/ingress/model_builder.go
  refuseDeletion: (r) => {
    const attributes = valueIn(r.inputs, "metadata", "annotations", "alb.ingress.kubernetes.io/load-balancer-attributes");
    return typeof attributes === "string" && attributes.includes("deletion_protection.enabled=true")
      ? "deletion_protection is enabled, cannot delete the ingress"
      : undefined;
  },
};

/** A kind that the controller's chart brings along, and leaves behind. */
const ingressClassParams: ResourceType = {
  ...object("cluster"),
  refuse: (_, inventory) =>
    inventory.all(releaseType).some(({ chart }) => chart === loadBalancerController)
      ? []
      : [{ property: "kind", reason: 'no matches for kind "IngressClassParams" in version "elbv2.k8s.aws/v1beta1"' }],
};

const releaseName = (resource: Registration): string => textInput(resource, "name", `${resource.name}-${digits(8, resource.seed)}`);

/** A Helm release, whose name is an input of its own. The API never sees it: its name and namespace are what the provider replaces it for. */
const release: ResourceType = {
  id: (r) => `${textInput(r, "namespace", "default")}/${releaseName(r)}`,
  nameProperty: "name",
  autoName: { separator: "-", digits: 8, longest: 53 },
  computed: (r) => ({
    name: releaseName(r),
    status: { status: "deployed", chart: r.inputs["chart"], version: r.inputs["version"] },
  }),
  createOnly: ["name", "namespace"],
  refuse: (r, inventory) =>
    r.inputs["createNamespace"] === true ? [] : missingNamespace(inventory, "namespace", textInput(r, "namespace", "default")),
  refuseDeletion: (r, inventory) => {
    const left = r.inputs["chart"] === loadBalancerController ? inventory.all(ingressType).filter((each) => isItsOwn(each, inventory)) : [];
    if (left.length === 0) return undefined;
    const names = left.map((inputs) => objectId({ inputs })).join(", ");
    return `the load balancer of Ingress ${names} still stands, and nobody would be left to take it down`;
  },
};

const claim = ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"];

/** What a simulated cluster answers: it takes every object of a known kind. Whether the object is valid is for a real API server to say. */
export const kubernetesTable: PackageTable = {
  types: {
    "kubernetes:apps/v1:Deployment": object("namespaced", ["spec.selector"]),
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": object("namespaced"),
    "kubernetes:core/v1:ConfigMap": {
      ...object("namespaced", ["immutable"]),
      createOnlyUnless: { setting: "enableConfigMapMutable", paths: ["data", "binaryData"] },
    },
    [namespaceType]: object("cluster"),
    "kubernetes:core/v1:PersistentVolume": object("cluster", ["spec.csi"]),
    "kubernetes:core/v1:PersistentVolumeClaim": object("namespaced", claim),
    "kubernetes:core/v1:Secret": {
      ...object("namespaced", ["type", "immutable"]),
      createOnlyUnless: { setting: "enableSecretMutable", paths: ["data", "stringData"] },
    },
    "kubernetes:core/v1:Service": object("namespaced", ["spec.clusterIP"]),
    "kubernetes:core/v1:ServiceAccount": object("namespaced"),
    "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams": ingressClassParams,
    [releaseType]: release,
    [ingressType]: ingress,
    [ingressClassType]: object("cluster"),
    "kubernetes:policy/v1:PodDisruptionBudget": object("namespaced", ["spec.selector"]),
    "kubernetes:storage.k8s.io/v1:StorageClass": object("cluster", ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]),
    "pulumi:providers:kubernetes": { id: (r) => digits(32, r.seed) },
  },
  functions: {},
};
