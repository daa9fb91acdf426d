import { expect } from "chai";

import { compareVersions } from "../../config/azure-rules";
import { warnings } from "../../config/warnings";
import { accepted, clouds } from "./cases";

describe("a configuration that is allowed and still worth a word", () => {
  for (const cloud of clouds) {
    it(`is not the default on ${cloud}`, () => {
      expect(warnings(accepted(cloud, {}))).to.deep.equal([]);
    });

    it(`warns of Promtail, which nobody maintains, on ${cloud}`, () => {
      const [warning, ...others] = warnings(accepted(cloud, { "observability.logAgent": "promtail" }));
      expect(warning).to.match(/^rocketchat:observability\.logAgent is promtail, .*end of life on 2026-03-02; alloy replaces it\.$/);
      expect(others).to.deep.equal([]);
    });

    it(`warns of a database with one member on ${cloud}`, () => {
      const [warning, ...others] = warnings(accepted(cloud, { "mongodb.members": 1 }));
      expect(warning).to.match(/^rocketchat:mongodb\.members is 1: the database survives no node/);
      expect(others).to.deep.equal([]);
    });

    it(`gives every warning at once on ${cloud}`, () => {
      expect(warnings(accepted(cloud, { "mongodb.members": 1, "observability.logAgent": "promtail" }))).to.have.length(2);
    });
  }

  for (const version of ["1.31", "1.31.11", "1.34.3"]) {
    it(`warns of Kubernetes ${version} on azure, whose minor is out of standard support`, () => {
      const [warning, ...others] = warnings(accepted("azure", { "cluster.version": version }));
      expect(warning).to.equal(
        `rocketchat:cluster.version is ${version}: that minor is out of standard support; 1.36 is supported until 2027-06-30.`,
      );
      expect(others).to.deep.equal([]);
    });
  }

  it("warns of a Kubernetes that nobody has tried the program with", () => {
    const [warning, ...others] = warnings(accepted("azure", { "cluster.version": "1.99" }));
    expect(warning).to.match(
      /^rocketchat:cluster\.version is 1\.99: that minor is newer than any that this program was tried with; 1\.36 is/,
    );
    expect(others).to.deep.equal([]);
  });

  it("does not warn of a patch of a minor that azure supports", () => {
    for (const version of ["1.35", "1.35.0", "1.36.2"])
      expect(warnings(accepted("azure", { "cluster.version": version }))).to.deep.equal([]);
  });

  it("warns of a line of Rocket.Chat that loses its support before the default does, and of no other", () => {
    const warned = (version: string): string[] => warnings(accepted("aws", { "app.version": version }));
    expect(warned("8.7.2")).to.deep.equal([
      "rocketchat:app.version is 8.7.2: its line is supported until about 2027-02-07, and then sends no push notifications; 9.0.0 is until 2027-05-10.",
    ]);
    expect(warned("8.9.1")).to.deep.equal([]);
    expect(warned("9.0.3")).to.deep.equal([]);
  });

  it("compares versions as numbers, and a minor as its newest patch", () => {
    const ascending = ["1.9.1", "1.31.2", "1.31.11", "1.31", "1.32.0", "1.32"];
    ascending.forEach((a, i) => {
      ascending.forEach((b, j) => {
        expect(Math.sign(compareVersions(a, b)), `${a} and ${b}`).to.equal(Math.sign(i - j));
      });
    });
  });
});
