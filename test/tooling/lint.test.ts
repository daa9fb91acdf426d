import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { ESLint, type Linter } from "eslint";

import { root } from "../support/simulated";
import { temporaryTree } from "./temporary-tree";

interface Probe {
  /** What the rule is for. */
  readonly forbids: string;
  readonly file: string;
  readonly bad: string;
  /** What is written instead; not reported. */
  readonly good: string;
  /** Of the file that holds what is good. @default the same folder */
  readonly goodFile?: string;
  /** Rule and message that report it. */
  readonly rule: string;
  readonly says: RegExp;
}

const restrictedSyntax = "no-restricted-syntax";
const restrictedImports = "@typescript-eslint/no-restricted-imports";
const output = 'import * as pulumi from "@pulumi/pulumi";\nconst name = pulumi.output("chat");\n';

const probes: readonly Probe[] = [
  {
    forbids: "an apply whose result is dropped",
    file: "components/rocketchat/dropped.ts",
    bad: `${output}name.apply((plain) => plain.length);`,
    good: `${output}export const length = name.apply((plain) => plain.length);`,
    rule: restrictedSyntax,
    says: /result of this apply is dropped/,
  },
  {
    forbids: "an apply that is dropped with `void`",
    file: "test/dropped.test.ts",
    bad: `${output}void pulumi.all([name]).apply(([plain]) => plain.length);`,
    good: `${output}export const length = pulumi.all([name]).apply(([plain]) => plain.length);`,
    rule: restrictedSyntax,
    says: /result of this apply is dropped/,
  },
  {
    forbids: "a cloud's SDK in the chat",
    file: "components/rocketchat/bucket.ts",
    bad: 'import * as aws from "@pulumi/aws";\nnew aws.s3.Bucket("uploads");',
    good: 'import * as k8s from "@pulumi/kubernetes";\nnew k8s.core.v1.Namespace("chat");',
    rule: restrictedImports,
    says: /AWS is named in components\/CAPABILITY\/aws\.ts only/,
  },
  {
    forbids: "a cloud's SDK in the observability stack, in a file that is called after it, even as a type",
    file: "components/observability/azure.ts",
    bad: 'import type { Workspace } from "@pulumi/azure-native/operationalinsights";\nexport type Logs = Workspace;',
    good: 'import type { ConfigMap } from "@pulumi/kubernetes/core/v1";\nexport type Logs = ConfigMap;',
    rule: restrictedImports,
    says: /Azure is named in components\/CAPABILITY\/azure\.ts only/,
  },
  {
    forbids: "a cloud's SDK in a contract",
    file: "components/network/index.ts",
    bad: 'import * as eks from "@pulumi/eks";\nexport const cluster = new eks.Cluster("cluster");',
    good: 'import * as eks from "@pulumi/eks";\nexport const cluster = new eks.Cluster("cluster");',
    goodFile: "components/network/aws.ts",
    rule: restrictedImports,
    says: /AWS is named/,
  },
  {
    forbids: "one cloud's SDK in the other's file",
    file: "components/network/azure-rules.ts",
    bad: 'import * as aws from "@pulumi/aws";\nexport const vpc = new aws.ec2.Vpc("vpc");',
    good: 'import * as network from "@pulumi/azure-native/network";\nexport const vnet = new network.VirtualNetwork("vnet");',
    rule: restrictedImports,
    says: /AWS is named/,
  },
  {
    forbids: "the root of azure-native, which loads all of Azure",
    file: "components/backup/azure.ts",
    bad: 'import * as azure from "@pulumi/azure-native";\nexport const group = new azure.resources.ResourceGroup("group");',
    good: 'import type * as azure from "@pulumi/azure-native";\nexport type Group = azure.resources.ResourceGroup;',
    rule: restrictedImports,
    says: /loads every service of Azure/,
  },
  {
    forbids: "the root of azure-native outside the program too",
    file: "simulator/azure/index.ts",
    bad: 'import { network } from "@pulumi/azure-native";\nexport const vnet = new network.VirtualNetwork("vnet");',
    good: 'import { VirtualNetwork } from "@pulumi/azure-native/network";\nexport const vnet = new VirtualNetwork("vnet");',
    rule: restrictedImports,
    says: /loads every service of Azure/,
  },
  {
    forbids: "Pulumi's configuration outside config/index.ts",
    file: "components/tags.ts",
    bad: 'import * as pulumi from "@pulumi/pulumi";\nexport const team = new pulumi.Config().require("team");',
    good: 'import * as pulumi from "@pulumi/pulumi";\nexport const team = new pulumi.Config().require("team");',
    goodFile: "config/index.ts",
    rule: restrictedSyntax,
    says: /read in config\/index\.ts only/,
  },
  {
    forbids: "the runtime's configuration outside config/index.ts",
    file: "index.ts",
    bad: 'import { runtime } from "@pulumi/pulumi";\nexport const all = runtime.allConfig();',
    good: 'import { loadConfig } from "./config";\nexport const all = loadConfig();',
    rule: restrictedSyntax,
    says: /read in config\/index\.ts only/,
  },
  {
    forbids: "a cloud that a switch forgets",
    file: "components/platform.ts",
    bad: 'declare const cloud: "aws" | "azure";\nswitch (cloud) {\n  case "aws":\n    break;\n}',
    good: 'declare const cloud: "aws" | "azure";\nswitch (cloud) {\n  case "aws":\n  case "azure":\n    break;\n}',
    rule: "@typescript-eslint/switch-exhaustiveness-check",
    says: /"azure"/,
  },
  {
    forbids: "an Output in a text",
    file: "components/object-store/names.ts",
    bad: "declare const name: { apply(): void };\nexport const bucket = `${name}-uploads`;",
    good: "declare const name: string;\nexport const bucket = `${name}-uploads`;",
    rule: "@typescript-eslint/restrict-template-expressions",
    says: /Invalid type/,
  },
  {
    forbids: "a condition on what is always there",
    file: "components/object-store/condition.ts",
    bad: "declare const name: { apply(): void };\nexport const named = name ? 1 : 2;",
    good: "declare const name: { apply(): void } | undefined;\nexport const named = name ? 1 : 2;",
    rule: "@typescript-eslint/no-unnecessary-condition",
    says: /always truthy/,
  },
  {
    forbids: "`||` for a default",
    file: "config/defaults.ts",
    bad: 'declare const domain: string;\nexport const host = domain || "chat.example.com";',
    good: 'declare const domain: string | undefined;\nexport const host = domain ?? "chat.example.com";',
    rule: restrictedSyntax,
    says: /A default is given with `\?\?`/,
  },
  ...Object.entries({
    "new Date()": ["no-restricted-syntax", 'new Date("2026-11-24")'],
    "Date.now()": ["no-restricted-properties", 'Date.parse("2026-11-24")'],
    "Math.random()": ["no-restricted-properties", "Math.max(1, 2)"],
    'process.env["HOME"]': ["no-restricted-globals", '"home"'],
  } as const).map(([bad, [rule, good]], index) => ({
    forbids: `${bad} in the program`,
    file: `components/clock-${index}.ts`,
    bad: `export const value = ${bad};`,
    good: `export const value = ${good};`,
    rule,
    says: /The program has no (clock|randomness|environment)/,
  })),
];

/** A probe's file in one of two trees: probes of one folder stay apart, and each keeps the path that the rules go by. */
async function lintTree(texts: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, readonly Linter.LintMessage[]>> {
  const tsconfig = readFileSync(join(root, "tsconfig.json"), "utf8");
  const folder = temporaryTree({ ...texts, "tsconfig.json": tsconfig.replace('"types": ["node", "mocha"]', '"types": []') });
  const eslint = new ESLint({ cwd: folder, overrideConfigFile: join(root, "eslint.config.mjs") });
  const results = await eslint.lintFiles(["**/*.ts"]);
  return new Map(results.map(({ filePath, messages }) => [filePath.slice(folder.length + 1), messages]));
}

describe("the lint rules", function () {
  this.timeout(60_000);
  let bad: Awaited<ReturnType<typeof lintTree>>;
  let good: Awaited<ReturnType<typeof lintTree>>;

  before(async () => {
    bad = await lintTree(Object.fromEntries(probes.map((probe) => [probe.file, probe.bad])));
    good = await lintTree(Object.fromEntries(probes.map((probe) => [probe.goodFile ?? probe.file, probe.good])));
  });

  for (const { forbids, file, goodFile = file, rule, says } of probes) {
    it(`report ${forbids}`, () => {
      const of = (messages: readonly Linter.LintMessage[] | undefined): string[] =>
        (messages ?? []).filter(({ ruleId }) => ruleId === rule).map(({ message }) => message);
      const [message, ...more] = of(bad.get(file));
      expect(message).to.match(says);
      expect(more).to.deep.equal([]);
      expect(of(good.get(goodFile)), "what is written instead").to.deep.equal([]);
    });
  }

  it("report a file of more than 300 lines", async () => {
    const lines = (count: number): string => "export {};\n".repeat(count);
    const messages = await lintTree({ "components/long.ts": lines(301), "components/short.ts": lines(300) });
    expect(messages.get("components/long.ts")?.map(({ ruleId }) => ruleId)).to.include("max-lines");
    expect(messages.get("components/short.ts")?.map(({ ruleId }) => ruleId)).not.to.include("max-lines");
  });
});
