import { expect } from "chai";

import { deploymentProblem, parseRelease, releaseProblem, runsOnReadOnlyRoot } from "../../../components/rocketchat/release";

/** Inputs of a Deployment that runs a release, as the engine has them. */
const running = (tag: string): Record<string, unknown> => ({
  spec: { template: { spec: { containers: [{ image: `registry.acme.io:5000/rocket.chat:${tag}` }] } } },
});

describe("a release of Rocket.Chat", () => {
  it("is three numbers, and nothing that moves or is not yet released", () => {
    expect(parseRelease("9.10.1")).to.deep.equal({ major: 9, minor: 10, patch: 1 });
    for (const text of ["9.0", "latest", "9.0.0-rc.8", "v9.0.0", ""]) expect(parseRelease(text), text).to.equal(undefined);
  });

  it("runs on a root that is read-only once its apps run on Node", () => {
    for (const version of ["8.9.0", "8.10.0", "9.0.0", "10.0.0"]) expect(runsOnReadOnlyRoot(version), version).to.equal(true);
    for (const version of ["8.8.9", "8.5.0", "7.10.0", "latest"]) expect(runsOnReadOnlyRoot(version), version).to.equal(false);
  });
});

describe("another release in place of one that is deployed", () => {
  const allowed: readonly [string, string, string][] = [
    ["the same", "9.0.0", "9.0.0"],
    ["a newer patch", "9.0.0", "9.0.3"],
    ["an older patch, to leave a bad one", "9.0.3", "9.0.2"],
    ["a newer line", "8.9.2", "8.10.0"],
    ["the next major, whatever the minor", "8.6.0", "9.4.1"],
    ["what cannot be judged", "9.0.0", "latest"],
    ["anything where it is not known what was there", "latest", "8.0.0"],
  ];
  for (const [what, before, wanted] of allowed) {
    it(`may be ${what}: ${wanted} after ${before}`, () => {
      expect(releaseProblem(before, wanted)).to.equal(undefined);
      expect(deploymentProblem(running(before), running(wanted))).to.equal(undefined);
    });
  }

  const older: readonly [string, string][] = [
    ["9.1.0", "9.0.9"],
    ["9.0.0", "8.10.0"],
    ["8.10.0", "8.9.5"],
  ];
  for (const [before, wanted] of older) {
    it(`is refused where its line is older: ${wanted} after ${before}`, () => {
      const line = before.split(".").slice(0, 2).join(".");
      expect(deploymentProblem(running(before), running(wanted))).to.deep.equal({
        key: "rocketchat:app.version",
        value: wanted,
        limit: `The database was migrated by ${before}, and Rocket.Chat cannot go back to an older line.`,
        cure: `Name ${line} or a newer line; to go back restore a backup made before the upgrade into a new stack.`,
      });
    });
  }

  it("is refused where it leaves out a major", () => {
    expect(deploymentProblem(running("7.10.0"), running("9.0.0"))).to.deep.equal({
      key: "rocketchat:app.version",
      value: "9.0.0",
      limit: "The chat runs 7.10.0, and a release migrates the database of the major before it, of none older.",
      cure: "Go to the newest release of 8 first.",
    });
  });

  it("is nobody's business where inputs say nothing of the kind", () => {
    for (const inputs of [{}, { spec: undefined }, { spec: { template: { spec: { containers: [] } } } }, { spec: "9.0.0" }])
      expect(deploymentProblem(inputs, running("1.0.0")), JSON.stringify(inputs)).to.equal(undefined);
  });
});
