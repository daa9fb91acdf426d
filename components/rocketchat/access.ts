import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { AccessGroups, Subject } from "../cluster";
import { labels } from "./labels";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

const look = ["get", "list", "watch"];

/**
 * Everything in the namespace but Secrets. RBAC only ever allows, so that what may be seen is named kind by kind; whole groups are those that keep
 * no secret in any of their kinds.
 */
const viewing: readonly Rule[] = [
  {
    apiGroups: [""],
    resources: [
      "configmaps",
      "endpoints",
      "events",
      "limitranges",
      "persistentvolumeclaims",
      "pods",
      "pods/log",
      "pods/status",
      "replicationcontrollers",
      "resourcequotas",
      "serviceaccounts",
      "services",
    ],
    verbs: look,
  },
  {
    apiGroups: [
      "apps",
      "autoscaling",
      "batch",
      "cert-manager.io",
      "cilium.io",
      "discovery.k8s.io",
      "elbv2.k8s.aws",
      "events.k8s.io",
      "metrics.k8s.io",
      "networking.k8s.io",
      "policy",
      "psmdb.percona.com",
      "rbac.authorization.k8s.io",
    ],
    resources: ["*"],
    verbs: look,
  },
];

/**
 * What runs the chat from day to day: restart a pod or move it away, say how many there are, make backups and restore them, reach a port.
 *
 * Whoever could make a pod, change its template or run a command in one could read the Secrets of the namespace, the database's keys among them:
 * https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation
 */
const operating: readonly Rule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
  { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
  // `get` as well for a kubectl that asks over WebSockets: https://github.com/kubernetes/kubernetes/issues/133515
  { apiGroups: [""], resources: ["pods/portforward"], verbs: ["create", "get"] },
  { apiGroups: ["apps"], resources: ["deployments/scale", "statefulsets/scale"], verbs: ["patch", "update"] },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: ["patch", "update"] },
  {
    apiGroups: ["psmdb.percona.com"],
    resources: ["perconaservermongodbbackups", "perconaservermongodbrestores"],
    verbs: ["create", "delete"],
  },
];

/** Who may look at the namespace, and who may also operate what is in it. Nothing is made for nobody. */
export function createAccess(
  parent: pulumi.Resource,
  name: string,
  { namespace, groups }: { readonly namespace: pulumi.Output<string>; readonly groups: AccessGroups },
): void {
  const grant = (who: string, rules: readonly Rule[], subjects: readonly Subject[]): void => {
    if (subjects.length === 0) return;
    const metadata = { name: `rocketchat-${who}`, namespace, labels };
    const role = new k8s.rbac.v1.Role(`${name}-${who}-role`, { metadata, rules: [...rules] }, { parent });
    const apiGroup = "rbac.authorization.k8s.io";
    new k8s.rbac.v1.RoleBinding(
      `${name}-${who}-binding`,
      {
        metadata,
        roleRef: { apiGroup, kind: "Role", name: role.metadata.name },
        subjects: subjects.map((subject) => ({ apiGroup, kind: subject.kind, name: subject.name })),
      },
      { parent },
    );
  };
  grant("viewers", viewing, groups.viewers);
  grant("operators", [...viewing, ...operating], groups.operators);
}
