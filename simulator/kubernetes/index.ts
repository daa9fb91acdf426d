import { digits, type PackageTable, type ResourceType } from "../resource-type";
import { customResourceTypes } from "./custom-resources";
import { dataTypes } from "./data";
import { loadBalancerTypes } from "./load-balancer";
import { namespaceType, object } from "./object";
import { releaseTypes } from "./release";
import { storageTypes } from "./storage";
import { validated } from "./validation";

const job = ["completions", "parallelism", "selector", "template"];
/** https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/batch/validation/validation.go */
const jobFixed = ["backoffLimitPerIndex", "completionMode", "managedBy", "podFailurePolicy", "successPolicy"];
const statefulSet = ["podManagementPolicy", "revisionHistoryLimit", "selector", "serviceName", "volumeClaimTemplates"];

const inSpec = (...properties: readonly string[]): string[] => properties.map((property) => `spec.${property}`);

/** Kinds that every cluster knows, and of which there is no more to say. */
const plain: Readonly<Record<string, ResourceType>> = {
  "kubernetes:apps/v1:DaemonSet": object("namespaced", inSpec("selector")),
  "kubernetes:apps/v1:Deployment": object("namespaced", inSpec("selector")),
  "kubernetes:apps/v1:StatefulSet": object("namespaced", inSpec(...statefulSet)),
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": object("namespaced"),
  "kubernetes:batch/v1:Job": object("namespaced", inSpec(...job), inSpec(...jobFixed)),
  "kubernetes:core/v1:LimitRange": object("namespaced"),
  [namespaceType]: object("cluster"),
  "kubernetes:core/v1:ResourceQuota": object("namespaced", inSpec("scopes")),
  "kubernetes:core/v1:Service": object("namespaced", inSpec("clusterIP")),
  "kubernetes:core/v1:ServiceAccount": object("namespaced"),
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": object("namespaced"),
  "kubernetes:policy/v1:PodDisruptionBudget": object("namespaced"),
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": object("cluster"),
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": object("cluster", ["roleRef"]),
  "kubernetes:rbac.authorization.k8s.io/v1:Role": object("namespaced"),
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": object("namespaced", ["roleRef"]),
  // https://github.com/kubernetes/kubernetes/blob/v1.36.2/pkg/apis/scheduling/validation/validation.go
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": object("cluster", [], ["value", "preemptionPolicy"]),
};

/**
 * What a simulated cluster answers. It refuses objects that are not valid, kinds that it does not know yet, and changes that the API does not take.
 * What controllers, admission and quotas say is for a real API server.
 */
export const kubernetesTable: PackageTable = {
  types: {
    ...validated({ ...plain, ...dataTypes, ...storageTypes, ...loadBalancerTypes, ...customResourceTypes }),
    ...releaseTypes,
    "pulumi:providers:kubernetes": { id: (r) => digits(32, r.seed) },
  },
  functions: {},
};
