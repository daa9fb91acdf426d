import type { Change, Stage } from "../stage";

/** A copy of a section with a value deep in it changed. */
function withValue(section: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [first = "", ...rest] = path.split(".");
  if (rest.length === 0) return { ...section, [first]: value };
  return { ...section, [first]: withValue((section[first] ?? {}) as Record<string, unknown>, rest.join("."), value) };
}

/** Sets one value of a section, `path` below `key`, and leaves the others as they are. */
export const set =
  (key: string, path: string, value: unknown) =>
  (stage: Stage): Change => ({ [key]: withValue(stage.section(key), path, value) });
