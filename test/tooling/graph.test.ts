import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../support/simulated";
import { temporaryTree } from "./temporary-tree";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** One file that breaks each rule of the module graph: what it imports, and how. */
const broken: Readonly<Record<string, readonly [file: string, statement: string]>> = {
  "no-cycle": ["simulator/cycle.ts", 'import type { Other } from "./other";\nexport type One = Other;'],
  "program-knows-no-tools": ["components/tags.ts", 'export { simulate } from "../simulator/simulate";'],
  "tests-are-last": ["simulator/preview.ts", 'export { sample } from "../test/sample";'],
  "program-is-started-not-imported": ["config/start.ts", 'export const start = () => import("../index");'],
  "config-knows-facts-only": ["config/schema.ts", 'import type { Network } from "../components/network";\nexport type Section = Network;'],
  "components-know-config-as-type": ["components/platform.ts", 'export { loadConfig } from "../config";'],
  "config-ends-at-the-platform": ["components/naming.ts", 'import type { Config } from "../config";\nexport type Names = Config;'],
  "aws-knows-no-azure": ["components/network/aws.ts", 'export * from "./azure-rules";'],
  "azure-knows-no-aws": ["components/network/azure.ts", 'import type * as aws from "@pulumi/aws";\nexport type Vpc = aws.ec2.Vpc;'],
  "clouds-behind-contracts": ["components/network/plan.ts", 'export const azure = () => import("@pulumi/azure-native/network");'],
  "apps-know-contracts-only": ["components/rocketchat/index.ts", 'export { plan } from "../network/plan";'],
  "no-unresolved": ["simulator/graph.ts", 'export * from "./nowhere";'],
};

/** What the broken files import, and what is right. */
const sound: Readonly<Record<string, string>> = {
  "index.ts": 'export { loadConfig } from "./config";',
  "components/network/azure-rules.ts": "export const rules = [];",
  "components/network/cidr.ts": "export const size = 1;",
  "components/network/index.ts": "export interface Network {}",
  "components/observability/index.ts": 'import type { Network } from "../network";\nexport type Observed = Network;',
  "config/index.ts": 'export { size } from "../components/network/cidr";\nexport interface Config {}\nexport const loadConfig = () => 1;',
  "simulator/other.ts": 'import type { One } from "./cycle";\nexport type Other = One;',
  "simulator/simulate.ts": 'export { loadConfig as simulate } from "../index";',
  "test/sample.ts": 'export { simulate as sample } from "../simulator/simulate";',
  "node_modules/@pulumi/aws/index.d.ts": "export declare namespace ec2 { class Vpc {} }",
  "node_modules/@pulumi/aws/package.json": '{ "name": "@pulumi/aws", "types": "index.d.ts" }',
  "node_modules/@pulumi/azure-native/network/index.js": "exports.network = 1;",
  "package.json": '{ "dependencies": { "@pulumi/aws": "*", "@pulumi/azure-native": "*" } }',
  "tsconfig.json": '{ "compilerOptions": { "module": "commonjs", "moduleResolution": "bundler" } }',
};

const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");

function cruise(folder: string): readonly Violation[] {
  const options: ExecFileSyncOptionsWithStringEncoding = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  const args = [
    "--config",
    join(root, ".dependency-cruiser.cjs"),
    "--output-type",
    "json",
    "index.ts",
    "components",
    "config",
    "simulator",
    "test",
  ];
  const { summary } = JSON.parse(execFileSync(process.execPath, [cruiser, ...args], options)) as { summary: { violations: Violation[] } };
  return summary.violations;
}

describe("the module graph's rules", function () {
  this.timeout(30_000);

  it("each report the file that breaks it, and nothing else", () => {
    const violations = cruise(temporaryTree({ ...sound, ...Object.fromEntries(Object.values(broken)) }));
    const found = violations.map(({ rule, from }) => `${rule.name}: ${from}`);
    expect(found).to.have.members(Object.entries(broken).map(([rule, [file]]) => `${rule}: ${file}`));
  });

  it("are all tried here", () => {
    const { forbidden } = createRequire(__filename)(join(root, ".dependency-cruiser.cjs")) as { forbidden: { name: string }[] };
    expect(forbidden.map(({ name }) => name)).to.have.members(Object.keys(broken));
  });

  it("hold in a tree that breaks none", () => {
    const { "simulator/other.ts": _, ...rest } = sound;
    expect(cruise(temporaryTree(rest))).to.deep.equal([]);
  });
});
