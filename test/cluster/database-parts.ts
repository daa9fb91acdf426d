/**
 * What the Percona operator has to make of a PerconaServerMongoDB. Names as github.com/percona/percona-server-mongodb-operator v1.22.0 gives them
 * (pkg/naming, pkg/psmdb).
 */
import type { ApiClient } from "./api-client";
import { type Json, type JsonObject, type Manifest, at, listAt, nameOf, numberAt, objectAt, textAt, textsAt } from "./json";
import { hostsOf } from "./database-clients";

/** One promise, asked again and again until it holds. */
export interface Part {
  readonly what: string;
  /** @returns what is missing; undefined when it holds. */
  readonly missing: (client: ApiClient) => Promise<string | undefined>;
}

/** The parts of each replica set, the StatefulSet first, then those of the whole database. */
export function partsOf(database: Manifest): readonly Part[] {
  const sets = listAt(database, "spec", "replsets");
  return [...sets.flatMap((set) => replicaSetParts(database, set)), ...secretParts(database)];
}

function replicaSetParts(database: Manifest, set: Json): readonly Part[] {
  const [cr, rs, namespace] = [nameOf(database), textAt(set, "name") ?? "rs0", namespaceOf(database)];
  const [name, size] = [`${cr}-${rs}`, numberAt(set, "size") ?? 3];
  /** A promise about the StatefulSet. */
  const ofSet = (what: string, missing: (made: Manifest, template: JsonObject) => string | undefined): Part => ({
    what: `StatefulSet ${name} ${what}`,
    missing: async (client) => {
      const made = await client.get("apps/v1", "StatefulSet", name, namespace);
      return made === undefined ? "there is none" : missing(made, objectAt(made, "spec", "template", "spec"));
    },
  });
  const ofMembers = (wanted: Json | undefined, what: string, found: (template: JsonObject, made: Manifest) => Json | undefined): Part[] =>
    wanted === undefined ? [] : [ofSet(what, (made, template) => differs(wanted, found(template, made)))];
  const claim = objectAt(set, "volumeSpec", "persistentVolumeClaim");
  const claimOf = (made: Manifest): Json | undefined => at(made, "spec", "volumeClaimTemplates", 0, "spec");
  const topologyKey = textAt(set, "affinity", "antiAffinityTopologyKey");
  return [
    ofSet(`of ${size} members`, (made) => differs(size, numberAt(made, "spec", "replicas"))),
    ...ofMembers(at(set, "priorityClassName"), "of its priority class", (template) => at(template, "priorityClassName")),
    ...ofMembers(at(set, "serviceAccountName"), "as its service account", (template) => at(template, "serviceAccountName")),
    ...ofMembers(at(claim, "storageClassName"), "with volumes of its class", (_, made) => at(claimOf(made), "storageClassName")),
    ...ofMembers(at(claim, "resources", "requests", "storage"), "with volumes of its size", (_, made) =>
      at(claimOf(made), "resources", "requests", "storage"),
    ),
    ...ofMembers(topologyKey, "with members kept apart", (template) =>
      at(template, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution", 0, "topologyKey"),
    ),
    ofSet("with the arguments of TLS, log-in and encryption", (_, template) => missingArguments(database, template)),
    ofSet("with every container that was asked for", (_, template) => {
      const wanted = ["mongod", ...sidecarsOf(set), ...(at(database, "spec", "backup", "enabled") === true ? ["backup-agent"] : [])];
      const found = listAt(template, "containers").map((container) => textAt(container, "name"));
      return listed(wanted.filter((each) => !found.includes(each)));
    }),
    ofSet("mounting the Secrets that were named", (_, template) => {
      const mounted = listAt(template, "volumes").map((volume) => textAt(volume, "secret", "secretName"));
      const secrets = ["encryptionKey", "ssl", "sslInternal"].flatMap((key) => textAt(database, "spec", "secrets", key) ?? []);
      return listed(secrets.filter((each) => !mounted.includes(each)));
    }),
    {
      what: `ConfigMap ${name}-mongod that says what was asked for`,
      missing: async (client) => {
        const made = await client.get("v1", "ConfigMap", `${name}-mongod`, namespace);
        return differs(textAt(set, "configuration")?.trim() ?? null, textAt(made, "data", "mongod.conf")?.trim() ?? null);
      },
    },
    {
      what: `Service ${name} that gives each member its name`,
      missing: async (client) => {
        const service = await client.get("v1", "Service", name, namespace);
        if (textAt(service, "spec", "clusterIP") !== "None") return "no headless Service of that name";
        const labelSelector = textsAt(service, "spec", "selector")
          .map(([key, value]) => `${key}=${value}`)
          .join(",");
        const pods = await client.list("v1", "Pod", { namespace, labelSelector });
        const hosts = pods.map((pod) => `${textAt(pod, "spec", "hostname") ?? ""}.${textAt(pod, "spec", "subdomain") ?? ""}`);
        const wanted = hostsOf(database, set).map((host) => host.split(".").slice(0, 2).join("."));
        return listed(wanted.filter((each) => !hosts.includes(each)));
      },
    },
    ...("podDisruptionBudget" in objectAt(set) ? [exists("policy/v1", "PodDisruptionBudget", `${cr}-mongod-${rs}`, namespace)] : []),
  ];
}

/** What mongod needs to be told, by what the resource asks for. */
function missingArguments(database: Manifest, template: JsonObject): string | undefined {
  const mongod = listAt(template, "containers").find((container) => textAt(container, "name") === "mongod");
  const found = listAt(mongod, "args").filter((each) => typeof each === "string");
  const mode = textAt(database, "spec", "tls", "mode");
  const wanted = [
    "--auth",
    "--enableEncryption",
    "--wiredTigerCacheSizeGB=",
    ...(mode === undefined ? [] : [`--tlsMode=${mode}`]),
    ...(mode === "requireTLS" ? ["--clusterAuthMode=x509"] : []),
  ];
  return listed(wanted.filter((each) => !found.some((text) => text.startsWith(each))));
}

function secretParts(database: Manifest): readonly Part[] {
  const [cr, namespace] = [nameOf(database), namespaceOf(database)];
  const secrets = [
    textAt(database, "spec", "secrets", "users") ?? `${cr}-secrets`,
    textAt(database, "spec", "secrets", "keyFile") ?? `${cr}-mongodb-keyfile`,
    textAt(database, "spec", "secrets", "ssl") ?? `${cr}-ssl`,
    `internal-${cr}-users`,
  ];
  return secrets.map((name) => exists("v1", "Secret", name, namespace));
}

function exists(apiVersion: string, kind: string, name: string, namespace: string): Part {
  return {
    what: `${kind} ${name}`,
    missing: async (client) => ((await client.get(apiVersion, kind, name, namespace)) === undefined ? "there is none" : undefined),
  };
}

function sidecarsOf(set: Json): readonly string[] {
  return listAt(set, "sidecars").flatMap((sidecar) => textAt(sidecar, "name") ?? []);
}

function namespaceOf(database: Manifest): string {
  return textAt(database, "metadata", "namespace") ?? "default";
}

function differs(wanted: Json, found: Json | undefined): string | undefined {
  return JSON.stringify(wanted) === JSON.stringify(found) ? undefined : `${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`;
}

function listed(missing: readonly string[]): string | undefined {
  return missing.length === 0 ? undefined : `missing: ${missing.join(", ")}`;
}
