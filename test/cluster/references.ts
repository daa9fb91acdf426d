/** Whether everything that the stack's workloads refer to by name is in the cluster at the end. */
import { type ApiClient, ApiRejection } from "./api-client";
import { type Json, type JsonObject, type Manifest, at, describe, listAt, nameOf, objectAt, textAt } from "./json";
import type { Report } from "./report";

/** The pod template of a workload, undefined for what runs no pods. */
function podTemplateOf(manifest: Manifest): JsonObject | undefined {
  const path = manifest.kind === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  const kinds = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob"];
  return kinds.includes(manifest.kind) ? objectAt(manifest, ...path) : undefined;
}

/**
 * Asks admission (Pod Security, quota, LimitRange, service account) about a pod of each workload, without making one: the answer comes at once and
 * in the API server's words, where a workload's own status shows only that nothing happens.
 */
export async function judgePods(client: ApiClient, manifests: readonly Manifest[], report: Report): Promise<void> {
  for (const manifest of manifests) {
    const template = podTemplateOf(manifest);
    if (template === undefined) continue;
    const namespace = textAt(manifest, "metadata", "namespace") ?? "default";
    const metadata = { ...objectAt(template, "metadata"), name: `${nameOf(manifest)}-admission`.slice(0, 63), namespace };
    // A StatefulSet's pods mount the claims of its templates; the volume of that name is added by its controller.
    const claims = listAt(manifest, "spec", "volumeClaimTemplates").map((claim) => ({
      name: textAt(claim, "metadata", "name") ?? "",
      persistentVolumeClaim: { claimName: textAt(claim, "metadata", "name") ?? "" },
    }));
    const spec = objectAt(template, "spec");
    const pod: Manifest = { apiVersion: "v1", kind: "Pod", metadata, spec: { ...spec, volumes: [...listAt(spec, "volumes"), ...claims] } };
    report.judged("its pods are admitted", describe(manifest), await refusalOf(client, pod));
  }
}

async function refusalOf(client: ApiClient, pod: Manifest): Promise<string | undefined> {
  try {
    await client.create(pod, true);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiRejection)) throw error;
    // Pods of the workload may have used the quota up already; whether all of them fit shows when they are scheduled.
    return error.message.includes("exceeded quota") ? undefined : error.message;
  }
}

/** Reports each ConfigMap, Secret, claim, account, role, class and scale target that a manifest names and nobody has made. */
export async function judgeReferences(client: ApiClient, manifests: readonly Manifest[], report: Report): Promise<void> {
  for (const manifest of manifests) {
    const references = referencesOf(manifest);
    if (references.length > 0) report.judged("what it refers to exists", describe(manifest), await missingOf(client, references));
  }
}

/**
 * Reports what a database names and is not there before it: its operator makes up what it misses, and clients then hold other passwords and keys.
 * @returns whether all is there.
 */
export async function judgeNeeds(client: ApiClient, database: Manifest, report: Report): Promise<boolean> {
  const words = await missingOf(client, databaseReferences(database));
  report.judged("what it needs is there first", describe(database), words);
  return words === undefined;
}

async function missingOf(client: ApiClient, references: readonly Reference[]): Promise<string | undefined> {
  const missing: string[] = [];
  for (const { apiVersion, kind, name, namespace, key } of references) {
    const found = await client.get(apiVersion, kind, name, namespace);
    if (found === undefined) missing.push(`${kind} ${name}`);
    else if (key !== undefined && at(found, "data", key) === undefined && at(found, "binaryData", key) === undefined)
      missing.push(`key ${key} of ${kind} ${name}`);
  }
  return missing.length === 0 ? undefined : `not there: ${[...new Set(missing)].join(", ")}`;
}

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly key?: string;
}

function referencesOf(manifest: Manifest): readonly Reference[] {
  const namespace = textAt(manifest, "metadata", "namespace") ?? "default";
  const template = podTemplateOf(manifest);
  if (template !== undefined) return podReferences(objectAt(template, "spec"), namespace);
  if (manifest.kind === "HorizontalPodAutoscaler") {
    const target = objectAt(manifest, "spec", "scaleTargetRef");
    return [
      {
        apiVersion: textAt(target, "apiVersion") ?? "apps/v1",
        kind: textAt(target, "kind") ?? "",
        name: textAt(target, "name") ?? "",
        namespace,
      },
    ];
  }
  if (manifest.kind === "PersistentVolumeClaim") {
    const name = textAt(manifest, "spec", "storageClassName");
    return name === undefined || name === "" ? [] : [{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name }];
  }
  if (manifest.kind === "Ingress") {
    const backends = listAt(manifest, "spec", "rules")
      .flatMap((rule) => listAt(rule, "http", "paths"))
      .map((path) => textAt(path, "backend", "service", "name"));
    return backends.flatMap((name) => (name === undefined ? [] : [{ apiVersion: "v1", kind: "Service", name, namespace }]));
  }
  if (manifest.kind === "RoleBinding" || manifest.kind === "ClusterRoleBinding") return bindingReferences(manifest);
  if (manifest.kind === "PerconaServerMongoDB") {
    const sidecars = listAt(manifest, "spec", "replsets").flatMap((set) =>
      podReferences({ containers: listAt(set, "sidecars"), volumes: listAt(set, "sidecarVolumes") }, namespace),
    );
    return [...databaseReferences(manifest), ...sidecars];
  }
  if (manifest.kind === "PerconaServerMongoDBBackup") {
    const name = textAt(manifest, "spec", "clusterName") ?? "";
    return [{ apiVersion: manifest.apiVersion, kind: "PerconaServerMongoDB", name, namespace }];
  }
  return [];
}

function bindingReferences(manifest: Manifest): readonly Reference[] {
  const own = textAt(manifest, "metadata", "namespace");
  const kind = textAt(manifest, "roleRef", "kind") ?? "Role";
  const name = textAt(manifest, "roleRef", "name") ?? "";
  const inOwn = kind === "Role" && own !== undefined ? { namespace: own } : {};
  const accounts = listAt(manifest, "subjects").filter((subject) => textAt(subject, "kind") === "ServiceAccount");
  return [
    { apiVersion: "rbac.authorization.k8s.io/v1", kind, name, ...inOwn },
    ...accounts.map((account) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      name: textAt(account, "name") ?? "",
      namespace: textAt(account, "namespace") ?? own ?? "default",
    })),
  ];
}

/** What a PerconaServerMongoDB names itself; its sidecars may also use what its operator makes. */
function databaseReferences(database: Manifest): readonly Reference[] {
  const namespace = textAt(database, "metadata", "namespace") ?? "default";
  const found: Reference[] = [];
  const add = (kind: string, name: string | undefined, key?: string): void => {
    if (name !== undefined) found.push({ ...placeOf(kind, namespace), kind, name, ...(key === undefined ? {} : { key }) });
  };
  for (const [purpose, name] of Object.entries(objectAt(database, "spec", "secrets")))
    if (typeof name === "string") add("Secret", name, SECRET_KEYS[purpose]);
  for (const user of listAt(database, "spec", "users"))
    add("Secret", textAt(user, "passwordSecretRef", "name"), textAt(user, "passwordSecretRef", "key") ?? "password");
  for (const storage of Object.values(objectAt(database, "spec", "backup", "storages")))
    for (const store of ["s3", "azure", "gcs", "minio"]) add("Secret", textAt(storage, store, "credentialsSecret"));
  for (const set of listAt(database, "spec", "replsets")) {
    add("ServiceAccount", textAt(set, "serviceAccountName"));
    add("PriorityClass", textAt(set, "priorityClassName"));
    add("StorageClass", textAt(set, "volumeSpec", "persistentVolumeClaim", "storageClassName"));
  }
  return found;
}

/** Keys without which the operator makes a Secret's contents up, or mongod does not start. */
const SECRET_KEYS: Readonly<Record<string, string>> = {
  users: "MONGODB_USER_ADMIN_PASSWORD",
  encryptionKey: "encryption-key",
  ssl: "tls.crt",
  sslInternal: "tls.crt",
};

function placeOf(kind: string, namespace: string): { readonly apiVersion: string; readonly namespace?: string } {
  if (kind === "PriorityClass") return { apiVersion: "scheduling.k8s.io/v1" };
  return kind === "StorageClass" ? { apiVersion: "storage.k8s.io/v1" } : { apiVersion: "v1", namespace };
}

function podReferences(spec: JsonObject, namespace: string): readonly Reference[] {
  const found: Reference[] = [];
  const add = (kind: string, source: Json | undefined, nameKey: string): void => {
    const name = textAt(source, nameKey);
    if (name === undefined || at(source, "optional") === true) return;
    const key = textAt(source, "key");
    found.push({ apiVersion: "v1", kind, name, namespace, ...(key === undefined ? {} : { key }) });
  };
  add("ServiceAccount", spec, "serviceAccountName");
  for (const volume of listAt(spec, "volumes")) {
    const projected = listAt(volume, "projected", "sources");
    for (const source of [volume, ...projected]) {
      add("ConfigMap", at(source, "configMap"), "name");
      add("Secret", at(source, "secret"), source === volume ? "secretName" : "name");
      for (const item of listAt(source, "secret", "items"))
        add("Secret", { ...objectAt(source, "secret"), key: textAt(item, "key") }, source === volume ? "secretName" : "name");
    }
    add("PersistentVolumeClaim", at(volume, "persistentVolumeClaim"), "claimName");
  }
  for (const container of [...listAt(spec, "containers"), ...listAt(spec, "initContainers")]) {
    for (const source of listAt(container, "envFrom")) {
      add("ConfigMap", at(source, "configMapRef"), "name");
      add("Secret", at(source, "secretRef"), "name");
    }
    for (const variable of listAt(container, "env")) {
      add("ConfigMap", at(variable, "valueFrom", "configMapKeyRef"), "name");
      add("Secret", at(variable, "valueFrom", "secretKeyRef"), "name");
    }
  }
  return found;
}
