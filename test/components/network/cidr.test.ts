import { expect } from "chai";
import * as fc from "fast-check";

import { contains, formatCidr, overlap, parseCidr, size, subnet, type Cidr } from "../../../components/network/cidr";

/** Any block, its base a multiple of its size. */
const block = fc
  .integer({ min: 0, max: 32 })
  .chain((prefix) => fc.nat({ max: 2 ** prefix - 1 }).map((index) => ({ base: index * 2 ** (32 - prefix), prefix })));

/** Two blocks that often have to do with each other: arbitrary ones hardly ever meet. */
const pair = fc.oneof(
  fc.tuple(block, block),
  block.chain((outer) => fc.tuple(fc.constant(outer), blockIn(outer))),
  block.chain((outer) => fc.tuple(blockIn(outer), fc.constant(outer))),
);

function blockIn(outer: Cidr): fc.Arbitrary<Cidr> {
  return fc
    .integer({ min: outer.prefix, max: 32 })
    .chain((prefix) =>
      fc.nat({ max: 2 ** (prefix - outer.prefix) - 1 }).map((index) => ({ base: outer.base + index * 2 ** (32 - prefix), prefix })),
    );
}

const last = (of: Cidr): number => of.base + size(of) - 1;

describe("a CIDR block", () => {
  it("reads what it writes", () => {
    fc.assert(fc.property(block, (any) => void expect(parseCidr(formatCidr(any))).to.deep.equal(any)));
  });

  it("writes what it reads: one text for one block", () => {
    const number = fc.nat({ max: 300 }).map(String);
    const text = fc.oneof(
      fc.tuple(number, number, number, number, fc.nat({ max: 40 })).map(([a, b, c, d, n]) => `${a}.${b}.${c}.${d}/${n}`),
      fc.stringMatching(/^[0-9]{1,3}\.[0-9]{1,3}\.0\.0\/[0-9]{1,2}$/),
      block.map(formatCidr),
      fc.string(),
    );
    fc.assert(
      fc.property(text, (any) => {
        const parsed = parseCidr(any);
        if (parsed !== undefined) expect(formatCidr(parsed)).to.equal(any);
      }),
      { numRuns: 1000 },
    );
  });

  for (const [text, base, prefix] of [
    ["0.0.0.0/0", 0, 0],
    ["10.0.0.0/16", 0x0a_00_00_00, 16],
    ["192.168.1.128/25", 0xc0_a8_01_80, 25],
    ["255.255.255.255/32", 0xff_ff_ff_ff, 32],
  ] as const) {
    it(`reads ${text}`, () => {
      expect(parseCidr(text)).to.deep.equal({ base, prefix });
    });
  }

  for (const [what, text] of [
    ["bits behind the prefix", "10.0.0.1/16"],
    ["an octet above 255", "10.256.0.0/16"],
    ["a prefix above 32", "10.0.0.0/33"],
    ["no prefix", "10.0.0.0"],
    ["three octets", "10.0.0/16"],
    ["leading zeros, which some read as octal", "010.0.0.0/8"],
    ["a prefix with a leading zero", "10.0.0.0/08"],
    ["a space", " 10.0.0.0/16"],
    ["a line break at its end", "10.0.0.0/16\n"],
    ["a sign", "10.0.0.0/+8"],
    ["IPv6", "::/0"],
    ["nothing", ""],
  ] as const) {
    it(`is not read from a text with ${what}`, () => {
      expect(parseCidr(text)).to.equal(undefined);
    });
  }

  it("with bits behind its prefix is never read", () => {
    fc.assert(
      fc.property(block, fc.nat(), (any, bits) => {
        fc.pre(any.prefix < 32);
        const inside = { base: any.base + 1 + (bits % (size(any) - 1)), prefix: any.prefix };
        expect(parseCidr(formatCidr(inside))).to.equal(undefined);
      }),
    );
  });

  it("holds a power of two addresses, half as many with each bit of the prefix", () => {
    expect(size({ base: 0, prefix: 32 })).to.equal(1);
    expect(size({ base: 0, prefix: 24 })).to.equal(256);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 31 }), (prefix) => size({ base: 0, prefix }) === 2 * size({ base: 0, prefix: prefix + 1 })),
    );
  });
});

describe("two CIDR blocks", () => {
  it("overlap exactly where one contains the other, in either order", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(overlap(a, b)).to.equal(contains(a, b) || contains(b, a));
        expect(overlap(b, a)).to.equal(overlap(a, b));
      }),
    );
  });

  it("overlap exactly where one has the other's first address", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const shares = (a.base <= b.base && b.base <= last(a)) || (b.base <= a.base && a.base <= last(b));
        expect(overlap(a, b)).to.equal(shares);
      }),
    );
  });

  it("contain each other only where they are the same", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(contains(a, a)).to.equal(true);
        expect(contains(a, b) && contains(b, a)).to.equal(formatCidr(a) === formatCidr(b));
      }),
    );
  });

  it("hand containment on: what lies in the inner lies in the outer", () => {
    const nested = block.chain((a) => blockIn(a).chain((b) => blockIn(b).map((c) => [a, b, c] as const)));
    fc.assert(
      fc.property(nested, ([a, b, c]) => {
        expect([contains(a, b), contains(b, c), contains(a, c)]).to.deep.equal([true, true, true]);
      }),
    );
  });

  it("beside each other do not overlap", () => {
    expect(overlap({ base: 0, prefix: 25 }, { base: 128, prefix: 25 })).to.equal(false);
    expect(contains({ base: 0, prefix: 25 }, { base: 0, prefix: 24 })).to.equal(false);
  });
});

describe("a subnet", () => {
  /** A block, a prefix within it, and a number that the block holds. */
  const cut = block.chain((outer) =>
    fc
      .integer({ min: outer.prefix, max: 32 })
      .chain((prefix) => fc.tuple(fc.constant(outer), fc.constant(prefix), fc.nat({ max: 2 ** (prefix - outer.prefix) - 1 }))),
  );

  it("lies in its block, is aligned, and comes where its number says", () => {
    fc.assert(
      fc.property(cut, ([outer, prefix, index]) => {
        const inner = subnet(outer, prefix, index);
        expect(contains(outer, inner)).to.equal(true);
        expect(parseCidr(formatCidr(inner))).to.deep.equal(inner);
        expect(inner.base - outer.base).to.equal(index * size(inner));
      }),
    );
  });

  it("shares no address with the next", () => {
    fc.assert(
      fc.property(cut, ([outer, prefix, index]) => {
        fc.pre(index > 0);
        expect(overlap(subnet(outer, prefix, index), subnet(outer, prefix, index - 1))).to.equal(false);
      }),
    );
  });

  it("is refused where the block does not hold it", () => {
    fc.assert(
      fc.property(cut, ([outer, prefix]) => {
        const text = `${formatCidr(outer)} holds no /${prefix} number`;
        expect(() => subnet(outer, prefix, 2 ** (prefix - outer.prefix))).to.throw(RangeError, text);
        expect(() => subnet(outer, prefix, -1)).to.throw(RangeError, text);
      }),
    );
  });

  it("is refused where it is larger than its block, or smaller than an address", () => {
    const outer = { base: 0x0a_00_00_00, prefix: 16 };
    expect(() => subnet(outer, 15, 0)).to.throw(RangeError, "10.0.0.0/16 holds no /15 number 0");
    expect(() => subnet(outer, 33, 0)).to.throw(RangeError, "10.0.0.0/16 holds no /33 number 0");
    expect(() => subnet(outer, 24, 0.5)).to.throw(RangeError, "10.0.0.0/16 holds no /24 number 0.5");
  });
});
