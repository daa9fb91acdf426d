import type * as random from "@pulumi/random";

import { digits, row, type PackageTable, type Registration } from "./resource-type";

/** Not random at all: the same resource gets the same value in every run. */
function value(resource: Registration): string {
  const length = resource.inputs["length"];
  return digits(typeof length === "number" ? length : 16, resource.seed);
}

/** Every setting makes another value. */
const settings = ["keepers", "length", "lower", "number", "numeric", "overrideSpecial", "special", "upper"] as const;

/** The package random, whose values live in the stack's state. */
export const randomTable: PackageTable = {
  types: {
    "random:index/randomPassword:RandomPassword": row<random.RandomPassword>({
      // The real one is called "none", every one of them; here a resource is known by its id.
      id: (r) => digits(32, r.seed, "id"),
      computed: (r) => ({ result: value(r), bcryptHash: `$2a$10$${digits(53, r.seed)}` }),
      secrets: ["result", "bcryptHash"],
      createOnly: settings,
    }),
    "random:index/randomString:RandomString": row<random.RandomString>({
      id: value,
      computed: (r) => ({ result: value(r) }),
      createOnly: settings,
    }),
  },
  functions: {},
};
