/** One stack of the mistakes that the cluster test is there to find, each in an object of its own. */
import type { GraphResource, StackGraph } from "./graph-document";
import { type JsonObject, type Manifest, withValue } from "./json";
import type { Runbook } from "./runbooks";
import { authority, connection, database, databaseNeeds, issuer, memberCertificate, quota, rule, storageClass } from "./sample-database";
import {
  chatAutoscaler,
  chatDeployment,
  inOrder,
  namespaceName,
  object,
  restrictedContainer,
  restrictedNamespace as namespace,
  sampleStack,
} from "./sample-graph";

function named(name: string): JsonObject {
  return { name, namespace: namespaceName };
}

function configMap(name: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: named(name), data: { key: "value" } };
}

/** A Deployment of another name, so that several mistakes fit into one run. */
function deployment(name: string, container: JsonObject = {}, spec: JsonObject = {}): Manifest {
  const labels = { app: name };
  const renamed = { ...chatDeployment({ ...container }, { ...spec, selector: { matchLabels: labels } }), metadata: named(name) };
  return withValue(
    withValue(renamed, ["spec", "template", "metadata", "labels"], labels),
    ["spec", "template", "spec", "topologySpreadConstraints"],
    [],
  );
}

/** The same object in another namespace. */
function moved(manifest: Manifest, to: string): Manifest {
  return withValue(manifest, ["metadata", "namespace"], to);
}

function unrestricted(name: string): GraphResource {
  return object({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

function budget(name: string, app: string): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: named(name),
    spec: { maxUnavailable: 1, selector: { matchLabels: { app } } },
  };
}

const rbac = "rbac.authorization.k8s.io";
const role: Manifest = {
  apiVersion: `${rbac}/v1`,
  kind: "Role",
  metadata: named("nosy"),
  rules: [{ apiGroups: [""], resources: ["secrets", "podz"], verbs: ["get"] }],
};
const binding: Manifest = {
  apiVersion: `${rbac}/v1`,
  kind: "RoleBinding",
  metadata: named("nosy"),
  roleRef: { apiGroup: rbac, kind: "Role", name: "nosy" },
  subjects: [{ apiGroup: rbac, kind: "Group", name: "lookers" }],
};

/** A page with three objects, each with one mistake. */
const page = `# A runbook

\`\`\`yaml
apiVersion: psmdb.percona.com/v1
kind: PerconaServerMongoDBRestore
metadata: { name: unknown-field, namespace: ${namespaceName} }
spec: { clusterName: rocketchat-db, backupName: <BACKUP>, backupname: <BACKUP> }
\`\`\`

1. In a list:

   \`\`\`yaml
   apiVersion: psmdb.percona.com/v1
   kind: PerconaServerMongoDBRestore
   metadata: { name: another-database, namespace: ${namespaceName} }
   spec: { clusterName: another, backupName: <BACKUP> }
   \`\`\`

\`\`\`yaml
apiVersion: psmdb.percona.com/v1
kind: PerconaServerMongoDBRestore
metadata: { name: placeholder, namespace: ${namespaceName} }
spec: { clusterName: rocketchat-db, backupName: <WHATEVER> }
\`\`\`
`;

/** The stack, the same after a change, and what its operators read. */
export function mistakes(): { readonly stack: StackGraph; readonly changed: StackGraph; readonly runbooks: readonly Runbook[] } {
  const stated = object(deployment("stated", {}, { replicas: 2 }), [namespace]);
  const selected = object(deployment("selected"), [namespace]);
  const [half, small] = [unrestricted("half"), unrestricted("small")];
  const chain = [...authority, issuer, memberCertificate("ssl"), memberCertificate("ssl-internal")];
  const disks = object(storageClass);
  const stored = inOrder([namespace, disks], [...databaseNeeds, ...chain, database({ containerSecurityContext: {} })]);
  const stack = sampleStack([
    namespace,
    object(withValue(configMap("misspelt"), ["dtaa"], {}), [namespace]),
    object(configMap("early")),
    object(deployment("privileged", { securityContext: { ...restrictedContainer, allowPrivilegeEscalation: true } }), [namespace]),
    object(deployment("huge", { resources: { requests: { memory: "8Gi" } } }), [namespace]),
    object(deployment("dangling", { envFrom: [{ secretRef: { name: "nobodys" } }] }), [namespace]),
    object(
      {
        ...chatAutoscaler,
        metadata: named("aimless"),
        spec: {
          ...(chatAutoscaler["spec"] as JsonObject),
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "nobody" },
        },
      },
      [namespace],
    ),
    stated,
    object(
      {
        ...chatAutoscaler,
        metadata: named("stated"),
        spec: {
          ...(chatAutoscaler["spec"] as JsonObject),
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "stated" },
        },
      },
      [stated],
    ),
    selected,
    object(rule("unparsable", "sum(up"), [namespace]),
    disks,
    ...stored,
    object(connection("elsewhere.svc.cluster.local"), [namespace]),
    object(memberCertificate("unnamed", { secretName: undefined }), [namespace]),
    ...["one", "two"].map((name) => object(budget(name, "selected"), [namespace])),
    object(role, [namespace]),
    object(binding, [namespace]),
    half,
    ...inOrder(
      [half],
      [...databaseNeeds.slice(0, -1), issuer, memberCertificate("ssl"), memberCertificate("ssl-internal"), database()].map((each) =>
        moved(each, "half"),
      ),
    ),
    small,
    ...inOrder(
      [small],
      [quota({ "requests.memory": "700Mi" }), deployment("crowded", {}, { replicas: 2 })].map((each) => moved(each, "small")),
    ),
  ]);
  const other = { app: "selected", tier: "new" };
  const changed = withValue(
    withValue(selected.inputs, ["spec", "selector", "matchLabels"], other),
    ["spec", "template", "metadata", "labels"],
    other,
  );
  const resources = stack.resources.map((each) => (each === selected ? { ...each, inputs: changed } : each));
  return { stack, changed: { ...stack, resources }, runbooks: [{ file: "page.md", text: page }] };
}
