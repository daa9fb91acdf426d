import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { root } from "../support/simulated";

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), "utf8")) as unknown;
}

describe("the dependencies", () => {
  const { dependencies, devDependencies } = read("package.json") as Package;
  const { packages } = read("package-lock.json") as { packages: Readonly<Record<string, Package>> };

  it("are pinned to exact versions, each of which the lockfile holds", () => {
    const pinned = { ...dependencies, ...devDependencies };
    const locked = Object.keys(pinned).map((name) => [name, packages[`node_modules/${name}`]?.version] as const);
    expect(Object.fromEntries(locked)).to.deep.equal(pinned);
  });

  it("are locked by their contents, and come from whatever registry is configured", () => {
    for (const [path, { resolved, integrity }] of Object.entries(packages)) {
      if (path === "") continue;
      expect(integrity, path).to.match(/^sha512-/);
      expect(resolved, path).to.equal(undefined);
    }
  });
});
