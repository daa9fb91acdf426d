import { expect } from "chai";
import * as fc from "fast-check";

import { maxZones, planZones, type ZonePlan } from "../../../components/network/address-plan";
import { contains, formatCidr, overlap, parseCidr, size, type Cidr } from "../../../components/network/cidr";

const vpc = fc
  .integer({ min: 0, max: 28 })
  .chain((prefix) => fc.nat({ max: 2 ** prefix - 1 }).map((index): Cidr => ({ base: index * 2 ** (32 - prefix), prefix })));
const zones = fc.integer({ min: 1, max: maxZones });

function block(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is no aligned CIDR`);
  return parsed;
}

function blocks(plan: readonly ZonePlan[]): Cidr[] {
  return plan.flatMap(({ privateCidr, publicCidr }) => [block(privateCidr), block(publicCidr)]);
}

describe("the address plan of a VPC", () => {
  it("is the documented one for 10.0.0.0/16 in three zones", () => {
    expect(planZones("10.0.0.0/16", 3)).to.deep.equal([
      { privateCidr: "10.0.0.0/19", publicCidr: "10.0.128.0/20" },
      { privateCidr: "10.0.32.0/19", publicCidr: "10.0.144.0/20" },
      { privateCidr: "10.0.64.0/19", publicCidr: "10.0.160.0/20" },
    ]);
  });

  it("gives each zone one private and one public subnet", () => {
    fc.assert(fc.property(vpc, zones, (range, count) => void expect(planZones(formatCidr(range), count)).to.have.length(count)));
  });

  it("lets no two subnets overlap", () => {
    fc.assert(
      fc.property(vpc, zones, (range, count) => {
        const all = blocks(planZones(formatCidr(range), count));
        all.forEach((a, i) => {
          for (const b of all.slice(i + 1)) expect(overlap(a, b), `${formatCidr(a)} and ${formatCidr(b)}`).to.equal(false);
        });
      }),
    );
  });

  it("keeps every subnet inside the VPC, and the VPC's last quarter free", () => {
    fc.assert(
      fc.property(vpc, zones, (range, count) => {
        const quarter = { base: range.base + (3 * size(range)) / 4, prefix: range.prefix + 2 };
        for (const subnet of blocks(planZones(formatCidr(range), count))) {
          expect(contains(range, subnet)).to.equal(true);
          expect(overlap(quarter, subnet)).to.equal(false);
        }
      }),
    );
  });

  it("aligns every subnet: an eighth of the VPC for the nodes, a sixteenth for the load balancer", () => {
    fc.assert(
      fc.property(vpc, zones, (range, count) => {
        for (const { privateCidr, publicCidr } of planZones(formatCidr(range), count)) {
          expect(size(block(privateCidr))).to.equal(size(range) / 8);
          expect(size(block(publicCidr))).to.equal(size(range) / 16);
        }
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(vpc, fc.integer({ min: 1, max: maxZones - 1 }), (range, count) => {
        const text = formatCidr(range);
        expect(planZones(text, count + 1).slice(0, count)).to.deep.equal(planZones(text, count));
      }),
    );
  });

  it("has room for four zones and no more", () => {
    expect(maxZones).to.equal(4);
    for (const count of [0, -1, maxZones + 1, 2.5, NaN, Infinity]) {
      expect(() => planZones("10.0.0.0/16", count)).to.throw(RangeError, `${count} zones: the plan holds 1 to 4`);
    }
  });

  it("refuses what is no range of /28 or larger", () => {
    for (const text of ["10.0.0.0/29", "10.0.0.0/32", "10.0.0.1/16", "10.0.0.0", "nonsense", ""]) {
      expect(() => planZones(text, 3)).to.throw(RangeError, `${text} is not an IPv4 range of /28 or larger`);
    }
    expect(planZones("10.0.0.0/28", 4)).to.have.length(4);
  });
});
