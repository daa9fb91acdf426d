import { isMap, pathTo } from "../values";

/** How an input changed. */
export type Change = "add" | "delete" | "update";

/** One input that changed, by the path under which the engine shows it. */
export interface InputDiff {
  readonly path: string;
  readonly change: Change;
}

/** Every leaf that differs between two sets of inputs. A list counts as a whole where its length differs. */
export function diffInputs(olds: unknown, news: unknown, path = ""): InputDiff[] {
  if (isMap(olds) && isMap(news)) {
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].sort();
    return keys.flatMap((key) => diffInputs(olds[key], news[key], pathTo(path, key)));
  }
  if (Array.isArray(olds) && Array.isArray(news) && olds.length === news.length) {
    return olds.flatMap((old: unknown, index) => diffInputs(old, news[index], `${path}[${index}]`));
  }
  if (olds === undefined || olds === null) return news === undefined || news === null ? [] : [{ path, change: "add" }];
  if (news === undefined || news === null) return [{ path, change: "delete" }];
  return JSON.stringify(olds) === JSON.stringify(news) ? [] : [{ path, change: "update" }];
}

/** Whether a changed path lies at or below a path that can be set at creation only, or above it. */
export function touches(path: string, createOnly: string): boolean {
  const below = (inner: string, outer: string): boolean =>
    inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  return below(path, createOnly) || below(createOnly, path);
}
