/** The custom resources in the runbooks, before the API server: what an operator pastes on the worst day must be accepted. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { type ApiClient, ApiRejection } from "./api-client";
import { type Manifest, describe, isManifest, listAt, nameOf, objectAt, textAt, withValue } from "./json";
import type { Report } from "./report";

/** A page of the docs. */
export interface Runbook {
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
}

/**
 * What a page's placeholders stand for when it is tried. A placeholder is in angle brackets, and a page explains each; one that is not in this table
 * is a failure.
 */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  "<BACKUP>": "cron-rocketchat-db-20261124020000-x7k2p",
  "<BACKUP FOLDER>": "2026-11-24T02:00:21Z",
  "<BUCKET>": "rc-backups-0123456789ab",
  "<REGION>": "us-east-1",
  "<ACCOUNT>": "rcbackups0123456789",
  "<CONTAINER>": "backups",
  "<TIME>": "2026-11-24 09:41:00",
  "<N>": "1",
};

/** Every page right inside a folder. */
export function readRunbooks(folder: string): readonly Runbook[] {
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return pages.sort().map((name) => ({ file: join(folder, name), text: readFileSync(join(folder, name), "utf8") }));
}

/** Reports each YAML block of the pages that is a Kubernetes object, by file and line; the names in it must be those of the stack. */
export async function judgeRunbooks(
  client: ApiClient,
  runbooks: readonly Runbook[],
  manifests: readonly Manifest[],
  report: Report,
): Promise<void> {
  for (const { file, text } of runbooks)
    for (const block of yamlBlocks(text))
      report.judged("what the runbook says is accepted", `${file}:${block.line}`, await problemOf(client, block.text, manifests));
}

interface Block {
  /** Of its first line in the page. */
  readonly line: number;
  readonly text: string;
}

/** Fenced blocks of YAML; in a list they are indented. */
function yamlBlocks(page: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = page.split("\n");
  for (let start = 0; start < lines.length; start++) {
    const indent = /^( *)```ya?ml\s*$/.exec(lines[start] ?? "")?.[1];
    if (indent === undefined) continue;
    const length = lines.slice(start + 1).findIndex((line) => line.trim() === "```");
    const inside = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
    blocks.push({ line: start + 2, text: inside.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join("\n") });
    start += inside.length + 1;
  }
  return blocks;
}

/** @returns why an operator could not apply the block, undefined when they could. */
async function problemOf(client: ApiClient, block: string, manifests: readonly Manifest[]): Promise<string | undefined> {
  const filled = Object.entries(PLACEHOLDERS).reduce((text, [name, value]) => text.replaceAll(name, value), block);
  const left = /<[A-Z][A-Z ]*>/.exec(filled)?.[0];
  if (left !== undefined) return `${left} is no placeholder that test/cluster/runbooks.ts knows`;
  const document = parseDocument(filled);
  if (document.errors.length > 0) return document.errors.map(({ message }) => message).join("\n");
  const object: unknown = document.toJS();
  if (!isManifest(object)) return "it is no complete Kubernetes object: apiVersion, kind or metadata is missing";
  if (textAt(object, "metadata", "namespace") === undefined) return "it names no namespace, and would go to the default one";
  const foreign = foreignNames(object, manifests);
  if (foreign !== undefined) return foreign;
  try {
    // A name of its own: the objects of a page are tried side by side.
    await client.create(withValue(object, ["metadata", "name"], `${nameOf(object)}-runbook`), true);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiRejection)) throw error;
    return `${describe(object)}: ${error.message}`;
  }
}

/** Cluster and storage are called as in the stack. */
function foreignNames(object: Manifest, manifests: readonly Manifest[]): string | undefined {
  const cluster = textAt(object, "spec", "clusterName");
  if (cluster === undefined) return object.apiVersion.startsWith("psmdb.percona.com/") ? "it names no clusterName" : undefined;
  const namespace = textAt(object, "metadata", "namespace");
  const database = manifests.find(
    (each) => each.kind === "PerconaServerMongoDB" && nameOf(each) === cluster && textAt(each, "metadata", "namespace") === namespace,
  );
  if (database === undefined) return `the stack has no database ${namespace ?? ""}/${cluster}`;
  const storages = objectAt(database, "spec", "backup", "storages");
  const storage = textAt(object, "spec", "storageName");
  if (storage !== undefined && !(storage in storages)) return `the database has no storage ${storage}`;
  const source = objectAt(object, "spec", "backupSource");
  const named = textAt(object, "spec", "backupName") !== undefined;
  if (object.kind === "PerconaServerMongoDBRestore" && named === Object.keys(source).length > 0)
    return "it must name either backupName or backupSource";
  const prefixes = Object.values(storages).flatMap((each) => textAt(each, "s3", "prefix") ?? textAt(each, "azure", "prefix") ?? []);
  const prefix = textAt(source, "s3", "prefix") ?? textAt(source, "azure", "prefix");
  if (Object.keys(source).length > 0 && prefix !== undefined && !prefixes.includes(prefix))
    return `the database keeps no backups under ${prefix}`;
  if (Object.keys(source).length > 0 && textAt(source, "type") === undefined)
    return "its backupSource does not say which type of backup it is";
  return listAt(object, "metadata", "finalizers").length > 0 ? "a finalizer of a runbook's object deletes what it is about" : undefined;
}
