/** What Roles let people do, asked of the API server's own authorizer. */
import { type ApiClient, ApiRejection } from "./api-client";
import { type Json, type JsonObject, type Manifest, at, describe, listAt, textAt } from "./json";
import type { Report } from "./report";

/** Verb, API group and resource, which whoever looks after an application does not need, and which lead to its Secrets or past its program. */
const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ...["get", "list", "watch", "patch", "delete"].map((verb) => [verb, "", "secrets"] as const),
  ...["pods", "pods/exec", "pods/attach", "serviceaccounts/token"].map((resource) => ["create", "", resource] as const),
  ["patch", "", "pods/ephemeralcontainers"],
  ...["deployments", "statefulsets", "daemonsets", "replicasets"].flatMap(
    (resource) =>
      [
        ["create", "apps", resource],
        ["patch", "apps", resource],
      ] as const,
  ),
  ["create", "batch", "jobs"],
  ["create", "batch", "cronjobs"],
  ["patch", "psmdb.percona.com", "perconaservermongodbs"],
  ["delete", "psmdb.percona.com", "perconaservermongodbs"],
  ...["roles", "rolebindings"].flatMap(
    (resource) =>
      [
        ["create", "rbac.authorization.k8s.io", resource],
        ["patch", "rbac.authorization.k8s.io", resource],
      ] as const,
  ),
];

/** Reports Roles that name what the server does not know, and bindings that give people more than they may have. */
export async function judgeAccess(client: ApiClient, manifests: readonly Manifest[], report: Report): Promise<void> {
  const groups = new Map<string, ReadonlySet<string> | undefined>();
  for (const role of manifests.filter(({ kind }) => kind === "Role" || kind === "ClusterRole")) {
    const unknown: string[] = [];
    for (const rule of listAt(role, "rules")) {
      for (const group of texts(at(rule, "apiGroups"))) {
        if (!groups.has(group)) groups.set(group, await resourcesOf(client, group));
        // Of groups that are served by what a chart installs, nothing is known here.
        const known = groups.get(group);
        if (known === undefined) continue;
        for (const resource of texts(at(rule, "resources")))
          if (resource !== "*" && !known.has(resource)) unknown.push(`${resource} of "${group}"`);
      }
    }
    report.judged("it names what there is", describe(role), unknown.length === 0 ? undefined : `unknown: ${unknown.join(", ")}`);
  }
  for (const binding of manifests.filter(({ kind }) => kind === "RoleBinding")) {
    const people = listAt(binding, "subjects").filter((subject) => textAt(subject, "kind") !== "ServiceAccount");
    for (const person of people) {
      const allowed: string[] = [];
      for (const [verb, group, resource] of FORBIDDEN)
        if (await isAllowed(client, person, textAt(binding, "metadata", "namespace") ?? "default", verb, group, resource))
          allowed.push(`${verb} ${resource}`);
      const subject = `${describe(binding)}: ${textAt(person, "kind") ?? ""} ${textAt(person, "name") ?? ""}`;
      report.judged("people cannot reach Secrets by it", subject, allowed.length === 0 ? undefined : `may ${allowed.join(", ")}`);
    }
  }
}

async function isAllowed(client: ApiClient, person: Json, namespace: string, verb: string, group: string, path: string): Promise<boolean> {
  const name = textAt(person, "name") ?? "";
  const who = textAt(person, "kind") === "Group" ? { user: "cluster-test:somebody", groups: [name] } : { user: name, groups: [] };
  const [resource = "", subresource = ""] = path.split("/");
  const question: JsonObject = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    spec: { ...who, resourceAttributes: { namespace, verb, group, resource, subresource } },
  };
  const { body } = await client.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", question);
  return at(body, "status", "allowed") === true;
}

/** Resources and subresources of an API group in all its versions; undefined when the server does not serve it. */
async function resourcesOf(client: ApiClient, group: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const versions =
      group === ""
        ? ["/api/v1"]
        : listAt((await client.request("GET", `/apis/${group}`)).body, "versions").map(
            (each) => `/apis/${textAt(each, "groupVersion") ?? ""}`,
          );
    const lists = await Promise.all(versions.map((path) => client.request("GET", path)));
    return new Set(lists.flatMap(({ body }) => listAt(body, "resources").flatMap((each) => textAt(each, "name") ?? [])));
  } catch (error) {
    if (error instanceof ApiRejection && error.code === 404) return undefined;
    throw error;
  }
}

function texts(values: Json | undefined): readonly string[] {
  return Array.isArray(values) ? (values as readonly Json[]).filter((value) => typeof value === "string") : [];
}
