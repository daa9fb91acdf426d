import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import type { DatabaseArgs } from "../../../../components/rocketchat/database";
import { changeProblem, membersProblem, storageProblem, versionProblem } from "../../../../components/rocketchat/database/changes";
import { named, simulateComponent } from "../../../support/simulated";
import { database } from "./fixture";

type Change = Partial<DatabaseArgs>;

/** Inputs of the custom resource of such a database. */
async function inputs(change: Change): Promise<Record<string, unknown>> {
  return { ...named(await simulateComponent(() => database(change)), "chat-database-cluster").inputs };
}

async function problem(before: Change, wanted: Change) {
  return changeProblem(await inputs(before), await inputs(wanted));
}

describe("a change of the deployed database", () => {
  it("is refused where volumes would shrink: the operator would stop at it", async () => {
    expect(await problem({ storageGiB: 50 }, { storageGiB: 20 })).to.deep.equal({
      key: "rocketchat:mongodb.storageGiB",
      value: "20",
      limit: "The volumes have 50 GiB, and a volume never shrinks.",
      cure: "Set it to 50 or more; for smaller volumes make a new stack and restore a backup into it.",
    });
  });

  it("is refused where members would go", async () => {
    expect(await problem({ members: 3 }, { members: 1 })).to.deep.equal({
      key: "rocketchat:mongodb.members",
      value: "1",
      limit: "The replica set has 3 members: taking some away could leave the rest without a majority, and nobody could write.",
      cure: "Leave it at 3; for fewer members make a new stack and restore a backup into it.",
    });
  });

  it("is refused where MongoDB would be older", async () => {
    expect(await problem({ version: "8.0.19-7" }, { version: "7.0.24-13" })).to.deep.equal({
      key: "rocketchat:mongodb.version",
      value: "7.0.24-13",
      limit: "The database runs 8.0.19-7, and MongoDB opens no data of a newer release line.",
      cure: "Name a release of MongoDB 8.0 or newer; to go back restore a backup made before the upgrade into a new stack.",
    });
  });

  it("is refused where MongoDB would leave a major release out", async () => {
    expect(await problem({ version: "6.0.27-21" }, { version: "8.0.19-7" })).to.deep.equal({
      key: "rocketchat:mongodb.version",
      value: "8.0.19-7",
      limit: "The database runs 6.0.27-21, and MongoDB takes one major release after another, each by its .0.",
      cure: "Go to a release of MongoDB 7.0 first.",
    });
  });

  it("is let pass in everything else", async () => {
    const harmless: [Change, Change][] = [
      [{}, {}],
      [{ storageGiB: 20 }, { storageGiB: 21 }],
      [{ members: 1 }, { members: 3 }],
      [{ version: "8.0.19-7" }, { version: "8.0.20-8" }],
      [{ version: "8.0.20-8" }, { version: "8.0.19-7" }],
      [{ passwordRevision: 1 }, { passwordRevision: 2, backup: { retentionDays: 1 } }],
    ];
    for (const [before, wanted] of harmless) expect(await problem(before, wanted)).to.equal(undefined);
  });

  it("is judged by what the resource says, and by nothing where it says nothing", async () => {
    const now = await inputs({});
    expect(changeProblem({}, now)).to.equal(undefined);
    expect(changeProblem(now, {})).to.equal(undefined);
    expect(changeProblem({ spec: { image: "somebody/else", replsets: [] } }, now)).to.equal(undefined);
  });

  it("is put to the guard by the engine before every update", async () => {
    const bound: pulumi.ResourceHookBinding[] = [];
    const look: pulumi.ResourceTransformation = ({ name, opts }) => {
      if (name === "chat-database-cluster" && opts.hooks !== undefined) bound.push(opts.hooks);
      return undefined;
    };
    await simulateComponent(() => database({}, { transformations: [look] }));
    const [hooks] = bound;
    expect(Object.keys(hooks ?? {})).to.deep.equal(["beforeUpdate"]);
    const [hook, ...more] = (hooks?.beforeUpdate ?? []) as pulumi.ResourceHook[];
    expect(more).to.deep.equal([]);
    const update = { urn: "urn", id: "id", name: "cluster", type: "type" };
    const [oldInputs, newInputs] = [await inputs({ storageGiB: 50 }), await inputs({ storageGiB: 20 })];
    expect(() => hook?.callback({ ...update, oldInputs, newInputs })).to.throw(/rocketchat:mongodb\.storageGiB is 20/);
    expect(hook?.callback({ ...update, oldInputs: newInputs, newInputs: oldInputs })).to.equal(undefined);
    expect(hook?.opts).to.deep.equal({ onDryRun: true });
  });
});

describe("judges of a change", () => {
  it("let volumes and members stay or grow", () => {
    expect([storageProblem(20, 20), storageProblem(20, 4096), membersProblem(3, 3), membersProblem(1, 3)]).to.deep.equal(
      Array.from({ length: 4 }, () => undefined),
    );
  });

  const steps: readonly (readonly [before: string, wanted: string, allowed: boolean])[] = [
    ["7.0.24-13", "8.0.19-7", true],
    ["8.0.19-7", "8.2.1-1", true],
    ["8.2.1-1", "9.0.0-1", true],
    ["8.0.19-7", "9.0.0-1", true],
    ["7.0.24-13", "8.2.1-1", false],
    ["7.0.24-13", "9.0.0-1", false],
    ["8.2.1-1", "8.0.19-7", false],
    ["10.0.0-1", "9.0.0-1", false],
    ["9.0.0-1", "10.0.0-1", true],
  ];
  for (const [before, wanted, allowed] of steps) {
    it(`${allowed ? "let" : "do not let"} MongoDB go from ${before} to ${wanted}`, () => {
      expect(versionProblem(before, wanted) === undefined).to.equal(allowed);
    });
  }
});
