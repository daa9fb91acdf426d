import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../support/simulated";
import { temporaryTree } from "./temporary-tree";

/** A run of mocha as the project configures it, over one file. */
function run(test: string): { readonly passed: boolean; readonly output: string } {
  const config = JSON.parse(readFileSync(join(root, ".mocharc.json"), "utf8")) as Record<string, unknown>;
  const hooks = join(root, "test/support/hooks.ts");
  const text = `import { output } from "@pulumi/pulumi";\nit("passes", ${test});\nit("passes too", () => undefined);\n`;
  const folder = temporaryTree(
    { "some.test.ts": text, ".mocharc.json": JSON.stringify({ ...config, require: [hooks], spec: ["some.test.ts"] }) },
    { packages: true },
  );
  const mocha = createRequire(__filename).resolve("mocha/bin/mocha.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [mocha], { cwd: folder, encoding: "utf8" });
  return { passed: status === 0, output: stdout + stderr };
}

describe("a test run", function () {
  this.timeout(30_000);

  it("passes where everything is waited for", () => {
    const { passed, output } = run('async () => { await new Promise((resolve) => output("chat").apply(resolve)); }');
    expect(output).to.contain("2 passing");
    expect(passed).to.equal(true);
  });

  it("fails on what is thrown in an apply that nobody waits for", () => {
    const { passed, output } = run('() => { output("chat").apply(() => { throw new Error("not as it should be"); }); }');
    expect(output).to.contain("A promise that nobody waits for was rejected: not as it should be");
    expect(passed).to.equal(false);
  });

  it("fails on what is thrown after its last test", () => {
    const { passed, output } = run('() => { setTimeout(() => { void Promise.reject(new Error("too late")); }, 200); }');
    expect(output).to.contain("2 passing").and.to.contain("too late");
    expect(passed).to.equal(false);
  });

  it("leaves a rejection to whoever listens to it, and fails where somebody goes on listening", () => {
    const listen = 'process.on("unhandledRejection", listener); void Promise.reject(new Error("heard"));';
    const turn = "await new Promise((resolve) => setImmediate(resolve));";
    const polite = run(`async () => { const listener = () => undefined; ${listen} ${turn} process.off("unhandledRejection", listener); }`);
    expect(polite.output).to.contain("2 passing");
    expect(polite.passed).to.equal(true);
    const rude = run(`async () => { const listener = () => undefined; ${listen} ${turn} }`);
    expect(rude.output).to.contain("Somebody still listens to unhandled rejections");
    expect(rude.passed).to.equal(false);
  });
});
