import { createRequire } from "node:module";

/** What Pulumi's SDK loads whenever it is loaded itself, only to serialise functions: this program has none to serialise. Half of its start. */
const packages = ["typescript", "@npmcli/arborist"];

/** Lets the SDK's `require` of these packages return at once, and load them when something is asked of them. */
export function deferPackages(): void {
  const require = createRequire(__filename);
  for (const name of packages) {
    const path = require.resolve(name);
    let loaded: object | undefined;
    const load = (): object => {
      if (loaded === undefined) {
        Reflect.deleteProperty(require.cache, path);
        loaded = require(path) as object;
      }
      return loaded;
    };
    const exports = new Proxy(() => undefined, {
      // Both are CommonJS, which is all that an import of them asks at first.
      get: (_, property) => (property === "__esModule" ? undefined : (Reflect.get(load(), property) as unknown)),
      has: (_, property) => Reflect.has(load(), property),
      construct: (_, args: unknown[]) => Reflect.construct(load() as new () => object, args) as object,
    });
    // Node wants a whole module; of one that is loaded it reads `loaded` and `exports`.
    require.cache[path] = {
      id: path,
      path,
      filename: path,
      loaded: true,
      exports,
      children: [],
      paths: [],
      parent: null,
      require,
      isPreloading: false,
    };
  }
}
