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

/** Reports each ConfigMap, Secret, claim, service account, class and scale target that a manifest names and nobody has made. */
export async function judgeReferences(client: ApiClient, manifests: readonly Manifest[], report: Report): Promise<void> {
  for (const manifest of manifests) {
    const references = referencesOf(manifest);
    if (references.length === 0) continue;
    const missing: string[] = [];
    for (const { apiVersion, kind, name, namespace, key } of references) {
      const found = await client.get(apiVersion, kind, name, namespace);
      if (found === undefined) missing.push(`${kind} ${name}`);
      else if (key !== undefined && at(found, "data", key) === undefined && at(found, "binaryData", key) === undefined)
        missing.push(`key ${key} of ${kind} ${name}`);
    }
    report.judged(
      "what it refers to exists",
      describe(manifest),
      missing.length === 0 ? undefined : `not there: ${[...new Set(missing)].join(", ")}`,
    );
  }
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
  return [];
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
