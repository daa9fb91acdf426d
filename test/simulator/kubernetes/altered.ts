function steps(path: string): string[] {
  return [...path.matchAll(/\["([^"]+)"\]|\[(\d+)\]|[^.[\]]+/g)].map(([step, key, index]) => key ?? index ?? step);
}

/** The value at a path such as `spec.ports[0].name`, the whole at the empty one. */
export function valueAt(value: unknown, path: string): unknown {
  return steps(path).reduce<unknown>((inner, step) => Reflect.get(inner as object, step), value);
}

/** An object with another value at a path; `undefined` takes it away. */
export function altered<T>(object: T, path: string, value: unknown): T {
  // Not `structuredClone`: what stands in two places would still be one thing.
  const copy = JSON.parse(JSON.stringify(object)) as T;
  const [last = "", ...above] = steps(path).reverse();
  const holder = above.reverse().reduce<unknown>((inner, step) => Reflect.get(inner as object, step), copy) as object;
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else Reflect.set(holder, last, value);
  return copy;
}

/** Every path below the whole, outermost first. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Array.isArray(value)
    ? value.map((item: unknown, index) => [`${path}[${index}]`, item] as const)
    : Object.entries(value).map(([key, item]) => [below(path, key), item] as const);
  return inner.flatMap(([at, item]) => [at, ...pathsOf(item, at)]);
}

function below(path: string, key: string): string {
  if (!/^\w+$/.test(key)) return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}

/** Whether a map or a list lies at a path. */
export function isMapAt(value: unknown, path: string): boolean {
  const found = valueAt(value, path);
  return typeof found === "object" && found !== null && !Array.isArray(found);
}
