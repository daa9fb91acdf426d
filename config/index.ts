import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { awsRules } from "./aws-rules";
import { azureRules } from "./azure-rules";
import { capacityRules } from "./capacity-rules";
import { findPlaceholders } from "./placeholders";
import { ConfigurationError, show, type Problem } from "../components/configuration-error";
import { isMap, problemsOf, strip, unknownKey } from "./problems";
import { releaseRules } from "./release-rules";
import { commonRules, type Sound } from "./rules";
import { schemas, type AwsConfig, type AzureConfig, type Cloud, type StackConfig } from "./schema";
import { plainSecrets, withoutEncrypted, withoutSecrets } from "./secrets";
import { warnings } from "./warnings";

export { ConfigurationError, type Problem } from "../components/configuration-error";
export type { AwsConfig, AzureConfig, Cloud, StackConfig } from "./schema";

/** Where each cloud's provider reads the region, and what a region looks like there. */
const regions = {
  aws: { key: "aws:region", pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, example: "us-east-1" },
  azure: { key: "azure-native:location", pattern: /^[a-z]+[a-z0-9]*$/, example: "eastus" },
} as const;

/** A stack's configuration as Pulumi hands it over: full keys, every value as text (structures as JSON). */
export interface RawConfig {
  readonly values: Readonly<Record<string, string>>;
  /** Whether anything below a key is stored encrypted. */
  readonly isSecret: (key: string) => boolean;
}

// Part of the runtime since 2.0, left out of its published types.
const runtime = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/**
 * Reads and checks the configuration of the current stack. This is the only place where the program reads Pulumi's configuration.
 *
 * @throws ConfigurationError that lists every problem at once, before any resource is registered. Placeholders are a problem in a
 *   deployment and none in a preview.
 */
export function loadConfig(): StackConfig {
  const raw = { values: pulumi.runtime.allConfig(), isSecret: runtime.isConfigSecret };
  const { config, problems } = parseConfig(raw, { placeholders: pulumi.runtime.isDryRun() });
  if (config === undefined) throw new ConfigurationError(pulumi.getStack(), problems);
  for (const warning of warnings(config)) void pulumi.log.warn(warning);
  return config;
}

/**
 * Checks a configuration without a stack around it.
 *
 * @param options.placeholders whether values reserved for documentation are taken
 * @returns the configuration where it has no problem, and every problem otherwise
 */
export function parseConfig(raw: RawConfig, options: { readonly placeholders: boolean }): { config?: StackConfig; problems: Problem[] } {
  const given = readSections(raw.values);
  const cloud = given["cloud"];
  if (cloud !== "aws" && cloud !== "azure") {
    const value = cloud === undefined ? {} : { value: show(cloud) };
    return {
      problems: [
        { key: "rocketchat:cloud", ...value, limit: 'It must be "aws" or "azure".', cure: "Set it; every other key depends on it." },
      ],
    };
  }
  const region = readRegion(raw.values, cloud);
  const { sound, problems } = parseSections(given, cloud);
  const rules =
    cloud === "aws"
      ? awsRules({ ...sound, ...region.sound } as Sound<AwsConfig>, Object.keys(raw.values))
      : azureRules({ ...sound, ...region.sound } as Sound<AzureConfig>);
  const all = [
    ...strayKeys(raw.values),
    ...region.problems,
    ...problems,
    // Of a value that is not sound in itself, enough is said.
    ...[...commonRules(sound), ...releaseRules(sound), ...capacityRules(sound), ...rules].filter(
      ({ key }) => !problems.some((problem) => isAtOrBelow(problem.key, key)),
    ),
    ...plainSecrets(given, cloud, raw.isSecret),
    ...(options.placeholders ? [] : findPlaceholders(withoutSecrets(given, cloud))),
  ];
  if (all.length > 0) return { problems: withoutEncrypted(all, cloud, raw.isSecret) };
  return { config: { ...sound, region: region.sound.region } as StackConfig, problems: [] };
}

function isAtOrBelow(key: string, other: string): boolean {
  return key === other || key.startsWith(`${other}.`) || key.startsWith(`${other}[`);
}

/** Whose settings a stack's file may hold beside the project's own: those of Pulumi and of the providers that the program uses. */
const settingsOfOthers = ["aws", "azure-native", "eks", "kubernetes", "pulumi", "random"];

/** Keys that nobody reads: a misspelt prefix would otherwise go unnoticed. */
function strayKeys(values: Readonly<Record<string, string>>): Problem[] {
  return Object.keys(values)
    .filter((key) => !["rocketchat", ...settingsOfOthers].includes(key.split(":")[0] ?? ""))
    .map((key) => ({
      key,
      value: "set",
      limit: `Nobody reads this key: it must begin with rocketchat: or with the name of a provider (${settingsOfOthers.join(", ")}).`,
      cure: "Correct what stands before the colon, or remove the key.",
    }));
}

/** What an operator still has to decide before a deployment: the placeholders in a stack's configuration. */
export function placeholdersIn(values: Readonly<Record<string, string>>): Problem[] {
  const given = readSections(values);
  return findPlaceholders(withoutSecrets(given, given["cloud"] === "azure" ? "azure" : "aws"));
}

/** The sections of this project, values parsed. Numbers, booleans and structures arrive as JSON, texts as they are. */
function readSections(values: Readonly<Record<string, string>>): Record<string, unknown> {
  const prefix = "rocketchat:";
  const entries = Object.entries(values).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    entries.map(([key, text]) => {
      try {
        return [key.slice(prefix.length), JSON.parse(text) as unknown];
      } catch {
        return [key.slice(prefix.length), text];
      }
    }),
  );
}

function readRegion(values: Readonly<Record<string, string>>, cloud: Cloud): { sound: { region?: string }; problems: Problem[] } {
  const { key, pattern, example } = regions[cloud];
  const found = values[key];
  if (found !== undefined && pattern.test(found)) return { sound: { region: found }, problems: [] };
  const value = found === undefined ? {} : { value: show(found) };
  return {
    sound: {},
    problems: [
      { key, ...value, limit: `It must be a region such as ${example}.`, cure: `Set it with \`pulumi config set ${key} ${example}\`.` },
    ],
  };
}

/** Parses each section by itself. Of a section with a bad key the rest is kept, so that the rules between keys can still judge it. */
function parseSections(given: Readonly<Record<string, unknown>>, cloud: Cloud): { sound: Sound<StackConfig>; problems: Problem[] } {
  const schema = schemas[cloud];
  const shape: z.core.$ZodShape = schema.shape;
  const sound: Record<string, unknown> = {};
  const problems: Problem[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(shape, name))
    .map((name) => unknownKey(`rocketchat:${name}`, given[name], schema, cloud));
  for (const [name, field] of Object.entries(shape)) {
    const value = given[name];
    const result = z.safeParse(field, value);
    if (result.success) {
      sound[name] = result.data;
      continue;
    }
    problems.push(...problemsOf(result.error.issues, field, value, `rocketchat:${name}`, cloud));
    sound[name] = soundPart(field, value);
  }
  return { sound, problems };
}

/** What is sound in a value that has problems: bad keys are left out, absent ones take their defaults. */
function soundPart(field: z.core.$ZodType, value: unknown): unknown {
  const result = z.safeParse(field, value);
  if (result.success) return result.data;
  const inner = strip(field);
  if (!(inner instanceof z.ZodObject) || !isMap(value)) return undefined;
  return Object.fromEntries(Object.entries(inner.shape as z.core.$ZodShape).map(([name, next]) => [name, soundPart(next, value[name])]));
}
