import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse, YAMLParseError } from "yaml";

/** What a stack's file says, as Pulumi would hand it to the program. */
export interface StackFile {
  readonly project: string;
  readonly stack: string;
  /** Values by full key; structures as JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys under which something is stored encrypted. */
  readonly secretKeys: readonly string[];
}

/** A stack that cannot be read. The message is for whoever asked for it. */
export class StackFileError extends Error {
  override name = "StackFileError";
}

/** What stands for an encrypted value: without the stack's key nobody can read the real one. */
const encryptedStandIn = "encrypted-in-the-stack-file";

/** Names of the stacks that have a file in `folder`, in alphabetical order. */
export function stacksIn(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/**
 * Reads `Pulumi.yaml` and the stack's own file.
 *
 * @throws StackFileError where one of them is missing or is not what Pulumi reads
 */
export function readStackFile(folder: string, stack: string): StackFile {
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(join(folder, file))) {
    const known = stacksIn(folder);
    throw new StackFileError(
      `There is no stack ${stack}: ${file} does not exist. ${known.length === 0 ? "There are no stacks here." : `Stacks here: ${known.join(", ")}.`}`,
    );
  }
  const project = readYaml(folder, "Pulumi.yaml")["name"];
  if (typeof project !== "string") throw new StackFileError("Pulumi.yaml has no `name` of the project.");
  const settings = readYaml(folder, file)["config"];
  if (!isMap(settings)) throw new StackFileError(`${file} has no map \`config\` at its top: there is nothing to configure the stack with.`);
  const entries = Object.entries(settings).map(([key, value]) => ({
    // A key without a colon belongs to the project, as in the CLI.
    key: key.includes(":") ? key : `${project}:${key}`,
    value,
    encrypted: hasEncrypted(value),
  }));
  return {
    project,
    stack,
    config: Object.fromEntries(entries.map(({ key, value }) => [key, asText(withStandIns(value))])),
    secretKeys: entries.filter(({ encrypted }) => encrypted).map(({ key }) => key),
  };
}

function readYaml(folder: string, file: string): Record<string, unknown> {
  if (!existsSync(join(folder, file))) throw new StackFileError(`${file} does not exist.`);
  try {
    const document: unknown = parse(readFileSync(join(folder, file), "utf8"));
    if (isMap(document)) return document;
  } catch (error) {
    if (error instanceof YAMLParseError) throw new StackFileError(`${file} is not valid YAML: ${error.message.trim()}`);
    throw error;
  }
  throw new StackFileError(`${file} does not hold a map.`);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Pulumi writes an encrypted value as a map with the one key `secure`. */
function isEncrypted(value: unknown): boolean {
  return isMap(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}

function hasEncrypted(value: unknown): boolean {
  if (isEncrypted(value)) return true;
  if (Array.isArray(value)) return value.some(hasEncrypted);
  return isMap(value) && Object.values(value).some(hasEncrypted);
}

function withStandIns(value: unknown): unknown {
  if (isEncrypted(value)) return encryptedStandIn;
  if (Array.isArray(value)) return value.map(withStandIns);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withStandIns(inner)])) : value;
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
