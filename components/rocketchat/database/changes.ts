import type { Problem } from "../../configuration-error";
import { imageTagAt, inputAt, type Inputs } from "../../guard";

/** What is wrong with a change of the custom resource, if anything; the first of several. */
export function changeProblem(before: Inputs, wanted: Inputs): Problem | undefined {
  const [old, next] = [settingsOf(before), settingsOf(wanted)];
  return (
    compared(old.storageGiB, next.storageGiB, storageProblem) ??
    compared(old.members, next.members, membersProblem) ??
    compared(old.version, next.version, versionProblem)
  );
}

/** A volume grows in place, and never shrinks: the operator would stop at the difference, and reconcile nothing any more. */
export function storageProblem(before: number, wanted: number): Problem | undefined {
  if (wanted >= before) return undefined;
  return {
    key: "rocketchat:mongodb.storageGiB",
    value: String(wanted),
    limit: `The volumes have ${before} GiB, and a volume never shrinks.`,
    cure: `Set it to ${before} or more; for smaller volumes make a new stack and restore a backup into it.`,
  };
}

/**
 * Members do not go: the operator stops the last but one before it has left the replica set, so that one of two remains, which is no majority; and a
 * volume that came back later would be out of date. https://www.mongodb.com/docs/manual/tutorial/remove-replica-set-member/
 */
export function membersProblem(before: number, wanted: number): Problem | undefined {
  if (wanted >= before) return undefined;
  return {
    key: "rocketchat:mongodb.members",
    value: String(wanted),
    limit: `The replica set has ${before} members: taking some away could leave the rest without a majority, and nobody could write.`,
    cure: `Leave it at ${before}; for fewer members make a new stack and restore a backup into it.`,
  };
}

/**
 * MongoDB opens no data of a newer release line, and takes a new major from the one before only, by way of its first minor:
 * https://www.mongodb.com/docs/manual/release-notes/8.2-upgrade-replica-set/
 *
 * @param before release of Percona Server for MongoDB, such as `8.0.19-7`
 */
export function versionProblem(before: string, wanted: string): Problem | undefined {
  const [old, next] = [lineOf(before), lineOf(wanted)];
  if (old === undefined || next === undefined) return undefined;
  const within = next.major === old.major && next.minor >= old.minor;
  const toNext = next.major === old.major + 1 && next.minor === 0;
  if (within || toNext) return undefined;
  const key = "rocketchat:mongodb.version";
  const lower = next.major < old.major || (next.major === old.major && next.minor < old.minor);
  if (lower) {
    return {
      key,
      value: wanted,
      limit: `The database runs ${before}, and MongoDB opens no data of a newer release line.`,
      cure: `Name a release of MongoDB ${old.major}.${old.minor} or newer; to go back restore a backup made before the upgrade into a new stack.`,
    };
  }
  return {
    key,
    value: wanted,
    limit: `The database runs ${before}, and MongoDB takes one major release after another, each by its .0.`,
    cure: `Go to a release of MongoDB ${old.major + 1}.0 first.`,
  };
}

interface Settings {
  readonly storageGiB: number | undefined;
  readonly members: number | undefined;
  readonly version: string | undefined;
}

/** What the custom resource says; undefined where it says nothing of the kind. */
function settingsOf(inputs: Inputs): Settings {
  const size = inputAt(inputs, "spec", "replsets", "0", "volumeSpec", "persistentVolumeClaim", "resources", "requests", "storage");
  const members = inputAt(inputs, "spec", "replsets", "0", "size");
  return {
    storageGiB: typeof size === "string" && /^\d+Gi$/.test(size) ? Number.parseInt(size, 10) : undefined,
    members: typeof members === "number" ? members : undefined,
    version: imageTagAt(inputs, "spec", "image"),
  };
}

function compared<T>(before: T | undefined, wanted: T | undefined, judge: (before: T, wanted: T) => Problem | undefined) {
  return before === undefined || wanted === undefined ? undefined : judge(before, wanted);
}

function lineOf(version: string): { readonly major: number; readonly minor: number } | undefined {
  const match = /^(\d+)\.(\d+)\./.exec(version);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}
