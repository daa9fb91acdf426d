import type { SimulatedCloud } from "../../simulator/cloud";
import type { StackFile } from "../../simulator/stack-files";
import { resourceTypes } from "../../simulator/tables";

/** Shorter texts are words, such as the administrator's name: a search would find them everywhere. */
const shortest = 8;

/** The plain text of every secret that a stack knows: what the clouds computed as secret, what lies in Kubernetes Secrets, what is configured. */
function secretsOf(cloud: SimulatedCloud, file: StackFile): string[] {
  const computed = cloud
    .list()
    .flatMap(({ type, computed: values }) => (resourceTypes.get(type)?.secrets ?? []).flatMap((property) => texts(values[property])));
  const objects = cloud
    .list()
    .filter(({ type }) => type === "kubernetes:core/v1:Secret")
    .flatMap(({ registration }) => [...texts(registration.inputs["stringData"]), ...texts(registration.inputs["data"])]);
  const providers = cloud.list().filter(({ type }) => type === "pulumi:providers:kubernetes");
  const kubeconfigs = providers.flatMap(({ registration }) => texts(registration.inputs["kubeconfig"]));
  const configured = file.secretKeys.flatMap((key) => texts(parsed(file.config[key])));
  return [...new Set([...computed, ...objects, ...kubeconfigs, ...configured])].filter((text) => text.length >= shortest);
}

/** Where secrets stand in plain text: the place, and not the secret itself. */
export function findSecrets(traces: Readonly<Record<string, string>>, cloud: SimulatedCloud, file: StackFile): string[] {
  const secrets = secretsOf(cloud, file);
  return Object.entries(traces).flatMap(([place, text]) => {
    const found = secrets.filter((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)));
    return found.length === 0 ? [] : [`${found.length} of ${secrets.length} secrets in ${place}`];
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null") as unknown;
  } catch {
    return text;
  }
}

function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}
