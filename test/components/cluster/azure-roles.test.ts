import { expect } from "chai";
import * as fc from "fast-check";

import { roles, stableGuid } from "../../../components/cluster/azure-roles";

/** A name, as resources, stacks and projects have them: never with the separator in it. */
const name = fc.string({ maxLength: 40 }).filter((text) => !text.includes("\0"));
const names = fc.array(name, { minLength: 1, maxLength: 5 });

describe("a stable GUID", () => {
  it("has the form of a GUID that was made from a name (version 5, RFC 9562)", () => {
    fc.assert(
      fc.property(names, (texts) => {
        expect(stableGuid(...texts)).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it("is the same for the same texts, today and in every later release", () => {
    fc.assert(fc.property(names, (texts) => void expect(stableGuid(...texts)).to.equal(stableGuid(...texts))));
    // A change here would give every role assignment of every running stack another name.
    expect(stableGuid("rocketchat", "azure-prod", "uploads", roles.storageBlobDataContributor)).to.equal(
      "0a5ef661-fa37-5ab8-a1c7-a9465ba64bf7",
    );
  });

  it("is another one for other texts", () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(stableGuid(...a) === stableGuid(...b)).to.equal(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("is another one where the same letters are divided or ordered otherwise", () => {
    expect(
      new Set([stableGuid("ab", "c"), stableGuid("a", "bc"), stableGuid("abc"), stableGuid("c", "ab"), stableGuid("ab", "c", "")]).size,
    ).to.equal(5);
  });
});

describe("the built-in roles", () => {
  it("are known by their GUIDs, no two the same", () => {
    const ids = Object.values(roles);
    for (const id of ids) expect(id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});
