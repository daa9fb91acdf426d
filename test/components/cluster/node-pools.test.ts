import { expect } from "chai";
import * as fc from "fast-check";

import { fixedBounds, sharedBounds, spread, type Bounds } from "../../../components/cluster/node-pools";

const zones = fc.integer({ min: 1, max: 4 });
/** Bounds as the configuration allows them. */
const bounds = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
  .map(([a, b]): Bounds => ({ min: Math.min(a, b), max: Math.max(a, b) }));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe("nodes spread over zones", () => {
  it("are as many as there are", () => {
    fc.assert(fc.property(fc.nat({ max: 100 }), zones, (total, count) => void expect(sum(spread(total, count))).to.equal(total)));
  });

  it("differ by one at most from zone to zone, the first zones first", () => {
    fc.assert(
      fc.property(fc.nat({ max: 100 }), zones, (total, count) => {
        const dealt = spread(total, count);
        expect(dealt).to.have.length(count);
        expect(dealt).to.deep.equal(dealt.toSorted((a, b) => b - a));
        expect(Math.max(...dealt) - Math.min(...dealt)).to.be.at.most(1);
      }),
    );
  });

  it("leave no zone without a node where there is one for each", () => {
    fc.assert(
      fc.property(zones, fc.nat({ max: 20 }), (count, more) => void expect(Math.min(...spread(count + more, count))).to.be.at.least(1)),
    );
  });

  it("are 2, 1 and 1 for four nodes over three zones", () => {
    expect(spread(4, 3)).to.deep.equal([2, 1, 1]);
  });
});

for (const [what, divide] of [
  ["shared", sharedBounds],
  ["fixed", fixedBounds],
] as const) {
  describe(`${what} bounds of the zones' pools`, () => {
    it("have minima that add up to the total's, as evenly as it goes", () => {
      fc.assert(
        fc.property(bounds, zones, (total, count) => {
          expect(divide(total, count).map(({ min }) => min)).to.deep.equal(spread(total.min, count));
        }),
      );
    });

    it("are never the wrong way round", () => {
      fc.assert(
        fc.property(bounds, zones, (total, count) => {
          for (const { min, max } of divide(total, count)) expect(min).to.be.at.most(max);
        }),
      );
    });

    it("give no zone more than the total", () => {
      fc.assert(
        fc.property(bounds, zones, (total, count) => {
          for (const { max } of divide(total, count)) expect(max).to.be.at.most(total.max);
        }),
      );
    });

    it("give every zone a pool that can have a node, which both clouds demand of its maximum", () => {
      fc.assert(
        fc.property(bounds, zones, (total, count) => {
          // Where the maxima must add up to the total, the configuration sees to it that there are enough for all zones.
          fc.pre(divide === sharedBounds || total.max >= count);
          for (const { max } of divide(total, count)) expect(max).to.be.at.least(1);
        }),
      );
    });

    it("are the total's own in a single zone", () => {
      fc.assert(fc.property(bounds, (total) => void expect(divide(total, 1)).to.deep.equal([total])));
    });
  });
}

describe("shared bounds", () => {
  it("let each zone take all that the minima of the others leave, and no more", () => {
    fc.assert(
      fc.property(bounds, zones, (total, count) => {
        fc.pre(total.min >= count);
        const all = sharedBounds(total, count);
        all.forEach(({ max }, zone) => {
          expect(max + sum(all.filter((_, other) => other !== zone).map(({ min }) => min))).to.equal(total.max);
        });
      }),
    );
  });

  it("are 1 to 2 in each of three zones for 3 to 4 nodes", () => {
    expect(sharedBounds({ min: 3, max: 4 }, 3)).to.deep.equal(Array(3).fill({ min: 1, max: 2 }));
  });
});

describe("fixed bounds", () => {
  it("have maxima that add up to the total's, where each zone can have a node", () => {
    fc.assert(
      fc.property(bounds, zones, (total, count) => {
        fc.pre(total.max >= count);
        expect(sum(fixedBounds(total, count).map(({ max }) => max))).to.equal(total.max);
      }),
    );
  });

  it("are 1 to 2, 1 and 1 for 3 to 4 nodes over three zones", () => {
    expect(fixedBounds({ min: 3, max: 4 }, 3)).to.deep.equal([
      { min: 1, max: 2 },
      { min: 1, max: 1 },
      { min: 1, max: 1 },
    ]);
  });
});
