import type { Problem } from "../configuration-error";
import { imageTagAt, type Inputs } from "../guard";

/** A release of Rocket.Chat in its parts. */
export interface Release {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** The parts of `9.0.1`; undefined where a text is no release, such as a candidate or a moving tag. */
export function parseRelease(text: string): Release | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3]) };
}

/** Below zero where `a` is of an older line than `b`, zero where they are patches of the same. */
function compareLines(a: Release, b: Release): number {
  return a.major === b.major ? a.minor - b.minor : a.major - b.major;
}

/**
 * Whether the container's root can be read-only. Up to 8.8 apps run on Deno, which writes beside its own files; since 8.9 they run on Node, which is
 * only let read: https://github.com/RocketChat/Rocket.Chat/blob/develop/packages/apps/src/server/runtime/node/AppsEngineNodeRuntime.ts
 */
export function runsOnReadOnlyRoot(version: string): boolean {
  const release = parseRelease(version);
  return release !== undefined && compareLines(release, { major: 8, minor: 9, patch: 0 }) >= 0;
}

/**
 * What is wrong with replacing one release by another, if anything.
 *
 * "Rocket.Chat cannot be officially downgraded due to database migrations", and migrations older than the major before are taken out of a release:
 * https://docs.rocket.chat/setup-and-configure/advanced-workspace-management/database-migration. A lower patch of the same line is let through, so
 * that a bad one can be left again: patches repair and migrate nothing (https://docs.rocket.chat/docs/releaselifecycle), and one that did would not
 * start on what it finds, while the pods of the other serve on.
 */
export function releaseProblem(before: string, wanted: string): Problem | undefined {
  const [old, next] = [parseRelease(before), parseRelease(wanted)];
  if (old === undefined || next === undefined) return undefined;
  const key = "rocketchat:app.version";
  if (compareLines(next, old) < 0) {
    return {
      key,
      value: wanted,
      limit: `The database was migrated by ${before}, and Rocket.Chat cannot go back to an older line.`,
      cure: `Name ${old.major}.${old.minor} or a newer line; to go back restore a backup made before the upgrade into a new stack.`,
    };
  }
  if (next.major > old.major + 1) {
    return {
      key,
      value: wanted,
      limit: `The chat runs ${before}, and a release migrates the database of the major before it, of none older.`,
      cure: `Go to the newest release of ${old.major + 1} first.`,
    };
  }
  return undefined;
}

/** The same, of a Deployment's inputs. */
export function deploymentProblem(before: Inputs, wanted: Inputs): Problem | undefined {
  const [old, next] = [before, wanted].map((inputs) => imageTagAt(inputs, "spec", "template", "spec", "containers", "0", "image"));
  return old === undefined || next === undefined ? undefined : releaseProblem(old, next);
}
