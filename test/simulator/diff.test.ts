import { expect } from "chai";
import * as fc from "fast-check";

import { diffInputs, touches, type Change } from "../../simulator/engine/diff";

/** Inputs, with keys that need no brackets. */
const key = fc.stringMatching(/^[a-z]{1,3}$/);
const { inputs } = fc.letrec<{ value: unknown; inputs: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ maxLength: 2 })),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(key, tie("value"), { maxKeys: 3 }),
  ),
  inputs: fc.dictionary(key, tie("value"), { maxKeys: 3 }),
}));

/** The steps of a path. */
const steps = (path: string): string[] => path.split(/[.[\]]+/).filter((step) => step !== "");

/** What stands at a path; undefined where nothing does. */
const at = (value: unknown, path: string): unknown =>
  steps(path).reduce<unknown>((inner, step) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined), value);

/** The value with `null` left out, which means the same as nothing; maps with their keys in order. */
const present = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(present);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const entries = Object.entries(value).flatMap(([name, inner]) => (inner === null ? [] : [[name, present(inner)] as const]));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const opposite: Readonly<Record<Change, Change>> = { add: "delete", delete: "add", update: "update" };

describe("the difference of two sets of inputs", () => {
  it("is nothing where they are equal, in whatever order their keys are", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, inner]) => [name, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(inputs, (value) => {
        expect(diffInputs(value, structuredClone(value))).to.deep.equal([]);
        expect(diffInputs(value, reversed(value))).to.deep.equal([]);
      }),
    );
  });

  it("names paths at which they really differ, and says how", () => {
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        for (const { path, change } of diffInputs(olds, news)) {
          const [old, now] = [present(at(olds, path)), present(at(news, path))];
          expect(old, path).to.not.deep.equal(now);
          expect(change, path).to.equal(old === undefined ? "add" : now === undefined ? "delete" : "update");
        }
      }),
    );
  });

  it("misses nothing: where it is empty they are equal", () => {
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        if (diffInputs(olds, news).length === 0) expect(present(olds)).to.deep.equal(present(news));
      }),
    );
  });

  it("names the same paths the other way round, with what was added as deleted", () => {
    fc.assert(
      fc.property(inputs, inputs, (olds, news) => {
        const back = diffInputs(news, olds).map(({ path, change }) => ({ path, change: opposite[change] }));
        expect(back).to.deep.equal(diffInputs(olds, news));
      }),
    );
  });

  it("reaches into maps and lists", () => {
    const olds = { a: { b: { c: 1, d: 2 } }, list: [{ name: "x", port: 1 }, { name: "y" }], gone: true };
    const news = { a: { b: { c: 1, d: 3 } }, list: [{ name: "x", port: 2 }, { name: "y" }], more: { e: 1 } };
    expect(diffInputs(olds, news)).to.deep.equal([
      { path: "a.b.d", change: "update" },
      { path: "gone", change: "delete" },
      { path: "list[0].port", change: "update" },
      { path: "more", change: "add" },
    ]);
  });

  it("takes a list as a whole where its length differs", () => {
    expect(diffInputs({ zones: ["a", "b"] }, { zones: ["a", "b", "c"] })).to.deep.equal([{ path: "zones", change: "update" }]);
  });

  it("tells a list from a map, and a text from a number", () => {
    const updated = [{ path: "a", change: "update" }];
    expect(diffInputs({ a: ["b"] }, { a: { 0: "b" } })).to.deep.equal(updated);
    expect(diffInputs({ a: "1" }, { a: 1 })).to.deep.equal(updated);
    expect(diffInputs({ a: [] }, { a: {} })).to.deep.equal(updated);
  });

  it("puts a key in brackets that has a dot in it", () => {
    const annotated = (value: string): unknown => ({ metadata: { annotations: { "eks.amazonaws.com/role-arn": value } } });
    expect(diffInputs(annotated("a"), annotated("b"))).to.deep.equal([
      { path: 'metadata.annotations["eks.amazonaws.com/role-arn"]', change: "update" },
    ]);
    expect(diffInputs({}, { "a.b": 1, 'say "x"': 1 }).map(({ path }) => path)).to.deep.equal(['["a.b"]', '["say \\"x\\""]']);
    expect(diffInputs({ tags: {} }, { tags: { "managed-by": "pulumi" } }).map(({ path }) => path)).to.deep.equal(["tags.managed-by"]);
  });
});

describe("a changed path", () => {
  it("touches a path that is the same, one below it and one above it", () => {
    expect(touches("spec.selector", "spec.selector")).to.equal(true);
    expect(touches("spec.selector.matchLabels.app", "spec.selector")).to.equal(true);
    expect(touches("subnetIds[0]", "subnetIds")).to.equal(true);
    expect(touches('parameters["csi.storage.k8s.io/fstype"]', "parameters")).to.equal(true);
    expect(touches("spec", "spec.selector")).to.equal(true);
  });

  it("does not touch one that lies elsewhere, or only begins with the same letters", () => {
    expect(touches("spec.template", "spec.selector")).to.equal(false);
    expect(touches("nameserver", "name")).to.equal(false);
    expect(touches("name", "nameserver")).to.equal(false);
  });
});
