import { expect } from "chai";
import * as fc from "fast-check";

import { dnsPrefix, shortHash } from "../../../components/cluster/azure-names";

/** What Pulumi lets projects and stacks be called: https://www.pulumi.com/docs/iac/concepts/stacks/#create-stack */
const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);

describe("the DNS prefix of a cluster on Azure", () => {
  it("is project and stack, where Azure takes them", () => {
    expect(dnsPrefix("rocketchat", "azure-prod")).to.equal("rocketchat-azure-prod");
    const longest = "s".repeat(54 - "rocketchat-".length);
    expect(dnsPrefix("rocketchat", longest)).to.equal(`rocketchat-${longest}`);
  });

  it("is what Azure takes of them, and a hash, where it does not: the same today and in every later release", () => {
    // A change here would give a running stack another cluster.
    expect(dnsPrefix("rocketchat", "azure.prod")).to.equal("rocketchat-azure-prod-709a22");
    expect(dnsPrefix("_._", "-")).to.match(/^[0-9a-f]{6}$/);
    expect(dnsPrefix("rocketchat", "s".repeat(44))).to.match(/^rocketchat-s{36}-[0-9a-f]{6}$/);
  });

  it("is legal for whatever project and stack are called", () => {
    fc.assert(
      fc.property(name, name, (project, stack) => {
        expect(dnsPrefix(project, stack)).to.match(/^[A-Za-z0-9]([A-Za-z0-9-]{0,52}[A-Za-z0-9])?$/);
      }),
      { numRuns: 1000 },
    );
  });

  it("is another one for another stack, however alike", () => {
    const stacks = ["a.b", "a_b", "a-b", "a..b", "a-.b", ".a.b", "s".repeat(60), "s".repeat(61)];
    expect(new Set(stacks.map((stack) => dnsPrefix("p", stack))).size).to.equal(stacks.length);
  });
});

describe("a short hash", () => {
  it("is six letters and digits that follow from the text alone", () => {
    expect(shortHash("")).to.equal("e3b0c4");
    fc.assert(fc.property(fc.string(), (text) => /^[0-9a-f]{6}$/.test(shortHash(text)) && shortHash(text) === shortHash(text)));
  });
});
