import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

import type * as esbuild from "esbuild";

import { formats } from "./formats";

/** One thing that a schema refuses: https://ajv.js.org/api.html#error-objects */
export interface SchemaError {
  /** JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A schema as code, made by Ajv: it leaves in `errors` what it refused last. */
export interface Validator {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

// As files: the package of cert-manager's does not offer its schemas by name.
const core = "./node_modules/kubernetes-models/_schemas/IoK8sApi";
const certManager = "./node_modules/@kubernetes-models/cert-manager/_schemas/ComGithubCertManagerCertManagerPkgApisCertmanager";

/** Where the schemas of an API group lie. */
const folders: Readonly<Record<string, string>> = {
  apps: `${core}Apps`,
  autoscaling: `${core}Autoscaling`,
  batch: `${core}Batch`,
  core: `${core}Core`,
  "networking.k8s.io": `${core}Networking`,
  policy: `${core}Policy`,
  "rbac.authorization.k8s.io": `${core}Rbac`,
  "scheduling.k8s.io": `${core}Scheduling`,
  "storage.k8s.io": `${core}Storage`,
  "cert-manager.io": certManager,
};

/** Module that holds the schema of a type, undefined where no package has one: `kubernetes:apps/v1:Deployment`. */
function schemaModule(type: string): string | undefined {
  const [, group = "", version = "", kind = ""] = /^kubernetes:([^/]+)\/([^:]+):(.+)$/.exec(type) ?? [];
  const folder = folders[group];
  return folder === undefined ? undefined : `${folder}${version.charAt(0).toUpperCase()}${version.slice(1)}${kind}.js`;
}

const require = createRequire(__filename);

/**
 * The packages hold each schema in a file of its own, hundreds for a Deployment, and as modules that `require` does not take. So they are bundled
 * once, and the bundle is kept until the packages, or the types that are wanted, change.
 */
function bundleOf(modules: Readonly<Record<string, string>>): { readonly file: string; readonly code: string } {
  const packages = [
    require.resolve("kubernetes-models/package.json"),
    require.resolve("@kubernetes-models/cert-manager/package.json"),
  ] as const;
  const entry = Object.entries(modules).map(([type, module]) => `export { validate as ${JSON.stringify(type)} } from "${module}";`);
  const versions = packages.map((path) => readFileSync(path, "utf8"));
  const key = createHash("sha256")
    .update([...versions, ...entry].join("\n"))
    .digest("hex");
  const root = dirname(dirname(dirname(packages[0])));
  const folder = join(root, "node_modules", ".cache", "kubernetes-schemas");
  const file = join(folder, `${key.slice(0, 16)}.cjs`);
  if (!existsSync(file)) {
    const { buildSync } = require("esbuild") as typeof esbuild;
    const { outputFiles } = buildSync({
      stdin: { contents: entry.join("\n"), resolveDir: root },
      bundle: true,
      write: false,
      format: "cjs",
      platform: "node",
      minify: true,
      // Only its formats are used, and its own bring along parsers for everything from mail addresses to phrases in Chinese.
      external: ["@kubernetes-models/validate"],
      logLevel: "error",
    });
    mkdirSync(folder, { recursive: true });
    replace(file, `(function (module, require) {${outputFiles[0]?.text ?? ""}})`);
  }
  return { file, code: readFileSync(file, "utf8") };
}

/** Writes a file at once: another process may read it, or write the same. */
function replace(file: string, content: string | Buffer): void {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, content);
  renameSync(fresh, file);
}

/**
 * The bundle as V8 reads it. What V8 made of it in the first run, the functions that were needed included, is kept: to compile them is half of what a
 * check of a stack costs.
 */
function compiled({ file, code }: ReturnType<typeof bundleOf>): Script {
  const compiledFile = `${file}.${process.version}`;
  const cachedData = existsSync(compiledFile) ? readFileSync(compiledFile) : undefined;
  const script = new Script(code, cachedData === undefined ? { filename: file } : { filename: file, cachedData });
  if (cachedData === undefined || script.cachedDataRejected === true) {
    process.once("exit", () => {
      replace(compiledFile, script.createCachedData());
    });
  }
  return script;
}

/** The schemas of the API of Kubernetes 1.36, and of cert-manager, by the type that they are for. */
export function loadSchemas(types: readonly string[]): ReadonlyMap<string, Validator> {
  const modules = Object.fromEntries(
    types.flatMap((type) => {
      const module = schemaModule(type);
      return module === undefined ? [] : [[type, module]];
    }),
  );
  const module: { exports: Readonly<Record<string, Validator>> } = { exports: {} };
  const run = compiled(bundleOf(modules)).runInThisContext() as (...args: unknown[]) => void;
  run(module, () => ({ formats }));
  return new Map(Object.entries(module.exports));
}
