/** Whether those who use a database will find it and be let in: by name, by certificate, by account. */
import { X509Certificate } from "node:crypto";
import { ConnectionString } from "mongodb-connection-string-url";
import type { ApiClient } from "./api-client";
import { parse } from "yaml";
import { type Json, type Manifest, at, describe, isObject, listAt, nameOf, numberAt, textAt, textsAt } from "./json";
import type { Report } from "./report";

/** Names of a replica set's members in the cluster's DNS. */
export function hostsOf(database: Manifest, set: Json): readonly string[] {
  const service = `${nameOf(database)}-${textAt(set, "name") ?? "rs0"}`;
  const suffix = textAt(database, "spec", "clusterServiceDNSSuffix") ?? "svc.cluster.local";
  const namespace = textAt(database, "metadata", "namespace") ?? "default";
  const size = numberAt(set, "size") ?? 3;
  return Array.from({ length: size }, (_, member) => `${service}-${member}.${service}.${namespace}.${suffix}`);
}

/** What is in a Secret, as text. */
async function secretTexts(client: ApiClient, name: string, namespace: string): Promise<Readonly<Record<string, string>>> {
  const secret = await client.get("v1", "Secret", name, namespace);
  return Object.fromEntries(textsAt(secret, "data").map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}

/** The certificates that members show, to clients and to each other: signed by the authority beside them, and good for the name of each member. */
export async function judgeCertificates(client: ApiClient, database: Manifest, report: Report): Promise<void> {
  const namespace = textAt(database, "metadata", "namespace") ?? "default";
  const hosts = ["localhost", ...listAt(database, "spec", "replsets").flatMap((set) => hostsOf(database, set))];
  for (const key of ["ssl", "sslInternal"]) {
    const name = textAt(database, "spec", "secrets", key);
    if (name === undefined) continue;
    const texts = await secretTexts(client, name, namespace);
    report.judged("its certificates fit", `${describe(database)}: Secret ${name}`, certificateProblem(texts, hosts));
  }
}

function certificateProblem(texts: Readonly<Record<string, string>>, hosts: readonly string[]): string | undefined {
  const [shown, authority] = [texts["tls.crt"], texts["ca.crt"]];
  if (shown === undefined || authority === undefined) return "tls.crt or ca.crt is missing";
  try {
    const [certificate, issuer] = [new X509Certificate(shown), new X509Certificate(authority)];
    if (!certificate.verify(issuer.publicKey)) return "tls.crt is not signed by ca.crt";
    const unnamed = hosts.filter((host) => certificate.checkHost(host) === undefined);
    return unnamed.length === 0 ? undefined : `tls.crt is not good for ${unnamed.join(", ")}`;
  } catch (error) {
    return `no certificate: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * The connection strings in the stack's Secrets, against the database: the names of its members, its replica set, and an account that it is told to
 * make, with the password that it is told. A graph that hides its secrets leaves nothing to judge.
 */
export async function judgeConnectionStrings(
  client: ApiClient,
  database: Manifest,
  manifests: readonly Manifest[],
  report: Report,
): Promise<void> {
  const subject = describe(database);
  const secrets = manifests.filter(({ kind, apiVersion }) => kind === "Secret" && apiVersion === "v1");
  const found = secrets.flatMap((secret) =>
    textsAt(secret, "stringData").flatMap(([, value]) => (value.startsWith("mongodb://") ? [{ secret, uri: value }] : [])),
  );
  if (found.length === 0) report.notJudged("its clients find it", subject, "the graph shows no connection string");
  for (const { secret, uri } of found) {
    const problems = await connectionProblems(client, database, uri);
    report.judged("its clients find it", `${subject}: ${describe(secret)}`, problems.length === 0 ? undefined : problems.join("\n"));
  }
}

async function connectionProblems(client: ApiClient, database: Manifest, uri: string): Promise<readonly string[]> {
  const namespace = textAt(database, "metadata", "namespace") ?? "default";
  const address = new ConnectionString(uri);
  const [set] = listAt(database, "spec", "replsets");
  const wanted = hostsOf(database, set ?? {}).map((host) => `${host}:27017`);
  const asked = address.searchParams;
  const user = listAt(database, "spec", "users").find((each) => textAt(each, "name") === decodeURIComponent(address.username));
  const [secret, key] = [textAt(user, "passwordSecretRef", "name") ?? "", textAt(user, "passwordSecretRef", "key") ?? "password"];
  const password = user === undefined ? undefined : (await secretTexts(client, secret, namespace))[key];
  // mongod knows an authority, and then asks every client for a certificate by it, unless it is told not to.
  const configuration: unknown = parse(textAt(set, "configuration") ?? "");
  const lenient = at(isObject(configuration) ? configuration : {}, "net", "tls", "allowConnectionsWithoutCertificates") === true;
  const claims: readonly (readonly [boolean, string])[] = [
    [address.hosts.join() === wanted.join(), `it names ${address.hosts.join(", ")} instead of ${wanted.join(", ")}`],
    [asked.get("replicaSet") === textAt(set, "name"), `it names replica set ${asked.get("replicaSet") ?? ""}`],
    [asked.get("tls") === "true" || textAt(database, "spec", "tls", "mode") !== "requireTLS", "it does not ask for TLS"],
    [lenient || asked.has("tlsCertificateKeyFile"), "it shows no certificate, and mongod is not told to let such clients in"],
    [user !== undefined, `the database is not told to make its account`],
    [user === undefined || textAt(user, "db") === asked.get("authSource"), `it signs in at ${asked.get("authSource") ?? "its database"}`],
    [user === undefined || decodeURIComponent(address.password) === password, "its password is not the one that the database is told"],
  ];
  return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}
