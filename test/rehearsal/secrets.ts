import type { SimulatedCloud } from "../../simulator/cloud";
import { resourceTypes } from "../../simulator/tables";

/** Shorter texts are words, such as the administrator's name: a search would find them everywhere. */
const shortest = 8;

/** The plain text of every secret that exists now: what the clouds computed as secret, and what Kubernetes objects and providers were given. */
export function secretsIn(cloud: SimulatedCloud): string[] {
  const found = cloud.list().flatMap(({ type, computed, registration: { inputs } }) => {
    const own = (resourceTypes.get(type)?.secrets ?? []).flatMap((property) => texts(computed[property]));
    if (type === "kubernetes:core/v1:Secret") return [...own, ...texts(inputs["stringData"]), ...texts(inputs["data"])];
    return type === "pulumi:providers:kubernetes" ? [...own, ...texts(inputs["kubeconfig"])] : own;
  });
  // A Secret also holds what everybody may know, such as the name of a storage account beside its key.
  const names = new Set(cloud.list().map(({ id }) => id.split("/").at(-1)));
  return found.filter((text) => text.length >= shortest && !names.has(text));
}

/** Where secrets stand in plain text: the place, and not the secret itself. */
export function findSecrets(traces: Readonly<Record<string, string>>, secrets: ReadonlySet<string>): string[] {
  return Object.entries(traces).flatMap(([place, text]) => {
    const found = [...secrets].filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)));
    return found.length === 0 ? [] : [`${found.length} of ${secrets.size} secrets in ${place}`];
  });
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
