/** Everyday changes of a database, and by what to see that its operator has carried them out. */
import type { ApiClient } from "./api-client";
import { type Json, type JsonObject, type Manifest, listAt, nameOf, objectAt, textAt, withValue } from "./json";
import { quantity } from "./node-use";

export interface DatabaseChange {
  readonly what: string;
  readonly manifest: Manifest;
  /** @returns what is not yet as it was asked for; undefined when all is. */
  readonly left: (client: ApiClient) => Promise<string | undefined>;
}

/** A newer patch of the server. Its pods stay as they are: the operator restarts a member when mongod lets it, and none runs here. */
export function patchVersion(database: Manifest): DatabaseChange {
  const image = textAt(database, "spec", "image") ?? "mongod:1";
  const next = image.replace(/\d+$/, (last) => String(Number(last) + 1));
  return {
    what: "a patch version",
    manifest: withValue(database, ["spec", "image"], next),
    left: async (client) => {
      const found = (await setsOf(client, database)).flatMap((set) =>
        listAt(set, "spec", "template", "spec", "containers").filter((container) => textAt(container, "name") === "mongod"),
      );
      const other = found.map((container) => textAt(container, "image")).filter((each) => each !== next);
      return found.length > 0 && other.length === 0 ? undefined : `the StatefulSet has ${other.join(", ")} instead of ${next}`;
    },
  };
}

/** One GiB more for each volume, which the operator asks of the claims that there are: without `storageScaling` it does nothing, and says nothing. */
export function largerDisks(database: Manifest, what: string): DatabaseChange {
  const sets = listAt(database, "spec", "replsets").map((set) => {
    const claim = objectAt(set, "volumeSpec", "persistentVolumeClaim");
    const storage = `${quantity(textAt(claim, "resources", "requests", "storage")) / 2 ** 30 + 1}Gi`;
    return {
      set: withValue(set as JsonObject, ["volumeSpec", "persistentVolumeClaim", "resources", "requests", "storage"], storage),
      storage,
    };
  });
  return {
    what,
    manifest: withValue(database, ["spec", "replsets"], sets.map(({ set }) => set) as Json),
    left: async (client) => {
      const claims = await client.list("v1", "PersistentVolumeClaim", scopeOf(database));
      const wanted = Math.max(...sets.map(({ storage }) => quantity(storage)));
      const small = claims.filter((claim) => quantity(textAt(claim, "status", "capacity", "storage")) < wanted);
      if (claims.length === 0 || small.length > 0) return `these claims have not grown: ${small.map(nameOf).join(", ")}`;
      const templates = (await setsOf(client, database)).map((set) =>
        textAt(set, "spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"),
      );
      const made = templates.length === sets.length && templates.every((storage) => quantity(storage) === wanted);
      return made ? undefined : "the StatefulSet, which makes new claims, has the old size";
    },
  };
}

function setsOf(client: ApiClient, database: Manifest): Promise<readonly Manifest[]> {
  return client.list("apps/v1", "StatefulSet", scopeOf(database));
}

function scopeOf(database: Manifest): { readonly namespace: string; readonly labelSelector: string } {
  const labels = ["app.kubernetes.io/name=percona-server-mongodb", `app.kubernetes.io/instance=${nameOf(database)}`];
  return { namespace: textAt(database, "metadata", "namespace") ?? "default", labelSelector: labels.join(",") };
}
