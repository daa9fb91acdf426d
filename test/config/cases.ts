import { expect } from "chai";

import { parseConfig, type Cloud, type Problem, type RawConfig, type StackConfig } from "../../config";

/** Full keys to values, as they stand in a stack's file. */
type Settings = Readonly<Record<string, unknown>>;

/**
 * What a case does to the valid configuration: dotted paths below `rocketchat:` (`cluster.nodes.min`) or full keys (`aws:region`) to their new
 * values. `undefined` takes a key out.
 */
export type Change = Readonly<Record<string, unknown>>;

/** One problem, as a person must find it. */
export interface Expected {
  readonly key: string;
  /** The value that is shown; `undefined` where the key is missing. */
  readonly value: string | undefined;
  readonly limit: RegExp;
  readonly cure: RegExp;
}

export interface Refusal {
  readonly what: string;
  readonly change: Change;
  readonly expected: readonly Expected[];
}

export const clouds = ["aws", "azure"] as const satisfies readonly Cloud[];

const common: Settings = {
  "rocketchat:domain": "chat.acme.io",
  "rocketchat:app": { admin: { email: "admin@acme.io" } },
  "rocketchat:alerts": { email: "ops@acme.io" },
};

export const certificate = "arn:aws:acm:us-east-1:999999999999:certificate/01234567-89ab-cdef-0123-456789abcdef";

/** Configurations without a problem, and with nothing in them that has a default. */
const base: Readonly<Record<Cloud, Settings>> = {
  aws: {
    ...common,
    "aws:region": "us-east-1",
    "rocketchat:cloud": "aws",
    "rocketchat:tls": { certificateArn: certificate },
    "rocketchat:cluster": { apiServerCidrs: ["198.18.0.0/24"] },
  },
  azure: {
    ...common,
    "azure-native:location": "eastus",
    "rocketchat:cloud": "azure",
    "rocketchat:tls": {
      keyVaultId: "/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/tls/providers/Microsoft.KeyVault/vaults/acme-tls",
      secretName: "chat-acme-io",
    },
    "rocketchat:cluster": { apiServerCidrs: ["198.18.0.0/24"] },
    "rocketchat:access": { admins: [{ id: "11111111-2222-4333-8444-555555555555", type: "Group" }] },
  },
};

/** The valid configuration of a cloud, changed, as Pulumi would hand it over. */
export function settings(cloud: Cloud, change: Change = {}, encrypted: readonly string[] = []): RawConfig {
  const all: Record<string, unknown> = structuredClone(base[cloud]);
  for (const [path, value] of Object.entries(change)) {
    const [section = "", ...rest] = path.split(".");
    const key = section.includes(":") ? section : `rocketchat:${section}`;
    set(all, [key, ...rest], value);
  }
  const values = Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  return { values, isSecret: (key) => encrypted.includes(key) };
}

function set(holder: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step = "", ...rest] = path;
  if (rest.length > 0) {
    const inner = { ...(holder[step] as Record<string, unknown> | undefined) };
    set(inner, rest, value);
    holder[step] = inner;
  } else if (value === undefined) Reflect.deleteProperty(holder, step);
  else holder[step] = value;
}

/** The problems of a changed configuration in a deployment, which takes no placeholders. */
export function problemsOf(cloud: Cloud, change: Change, encrypted: readonly string[] = []): Problem[] {
  return parseConfig(settings(cloud, change, encrypted), { placeholders: false }).problems;
}

/** The configuration that comes of a change, which must have no problem. */
export function accepted(cloud: Cloud, change: Change, encrypted: readonly string[] = []): StackConfig {
  const { config, problems } = parseConfig(settings(cloud, change, encrypted), { placeholders: false });
  expect(problems).to.deep.equal([]);
  if (config === undefined) throw new Error("a configuration without a problem must come back");
  return config;
}

/** Expects exactly these problems, each once, each in words that a person can use. */
export function expectProblems(problems: readonly Problem[], expected: readonly Expected[]): void {
  const left = [...problems];
  for (const { key, value, limit, cure } of expected) {
    const index = left.findIndex((problem) => problem.key === `rocketchat:${key}` || problem.key === key);
    const [found] = index < 0 ? [] : left.splice(index, 1);
    expect(found, `a problem at ${key} among ${JSON.stringify(problems, null, 2)}`).to.not.equal(undefined);
    expect(found?.value, `the value at ${key}`).to.equal(value);
    expect(found?.limit, `the limit at ${key}`).to.match(limit);
    expect(found?.cure, `the cure at ${key}`).to.match(cure);
  }
  expect(left, "problems that nobody expected").to.deep.equal([]);
  problems.forEach(expectReadable);
}

/** Holds of every problem, whatever it is about. */
export function expectReadable({ key, value, limit, cure }: Problem): void {
  expect(key).to.match(/^(rocketchat:.+|aws:[A-Za-z]+|azure-native:location)$/s);
  if (value !== undefined) expect(value).to.have.length.within(1, 80);
  for (const text of [limit, cure]) {
    expect(text).to.match(/^[A-Z][^]*\.$/);
    // What a program says when it has no words.
    expect(text).to.not.match(/undefined|NaN|\[object|Invalid|Expected|zod/);
  }
}

/** Makes a test of each case, on each of the clouds. */
export function refuses(on: readonly Cloud[], cases: readonly Refusal[]): void {
  for (const cloud of on) {
    for (const { what, change, expected } of cases) {
      it(`refuses ${what} on ${cloud}`, () => {
        const { config, problems } = parseConfig(settings(cloud, change), { placeholders: false });
        expectProblems(problems, expected);
        expect(config).to.equal(undefined);
      });
    }
  }
}

/** Makes a test of each case that lies just inside a limit. */
export function accepts(on: readonly Cloud[], cases: readonly { readonly what: string; readonly change: Change }[]): void {
  for (const cloud of on) {
    for (const { what, change } of cases) it(`takes ${what} on ${cloud}`, () => void accepted(cloud, change));
  }
}
