import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";

import { assignRole, roles } from "../../../components/cluster/azure-roles";
import { settled, settling, waitForNew } from "../../../components/cluster/azure-settling";
import { unknownText, type ResourceGraph } from "../../../simulator/graph";
import { region } from "../../support/azure";
import { named, simulateComponent, waitedFor } from "../../support/simulated";

const principalId = "11111111-2222-4333-8444-555555555555";

describe("role assignments that have to settle", () => {
  const slept: number[] = [];
  const { sleep } = settling;
  beforeEach(() => {
    slept.length = 0;
    settling.sleep = (seconds) => Promise.resolve(void slept.push(seconds));
  });
  afterEach(() => {
    settling.sleep = sleep;
  });

  /** A group, two assignments on it, what waits for them, and the hooks that the engine would call. */
  async function build(preview: boolean): Promise<{ graph: ResourceGraph; hooks: pulumi.ResourceHookBinding | undefined }> {
    let hooks: pulumi.ResourceHookBinding | undefined;
    const graph = await simulateComponent(
      () => {
        pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
          if (name === "group-settled") hooks = opts.hooks;
          return { props, opts };
        });
        const group = new resources.ResourceGroup("group", { location: region });
        const grants = [roles.contributor, roles.reader].map((role) =>
          assignRole(group, `grant-${role}`, { role, scope: group.id, principalId, principalType: "ServicePrincipal" }),
        );
        new resources.ResourceGroup("user", { location: region }, { dependsOn: [settled(group, "group", grants)] });
      },
      { preview },
    );
    return { graph, hooks };
  }

  for (const preview of [true, false]) {
    it(`are one more resource after them, which whatever uses them waits for, in a ${preview ? "preview" : "deployment"}`, async () => {
      const { graph } = await build(preview);
      const grants = [roles.contributor, roles.reader].map((role) => named(graph, `grant-${role}`));
      const stash = named(graph, "group-settled", "pulumi:index:Stash");
      const ids = grants.map(
        ({ inputs }) =>
          `${String(inputs["scope"])}/providers/Microsoft.Authorization/roleAssignments/${String(inputs["roleAssignmentName"])}`,
      );
      expect(stash.inputs).to.deep.equal({ input: preview ? unknownText : ids });
      expect(waitedFor(graph, stash)).to.deep.equal(grants.map(({ name }) => name).sort());
      expect(waitedFor(graph, named(graph, "user"))).to.deep.equal(["group-settled"]);
      expect(slept, "there is no engine here that would call a hook").to.deep.equal([]);
    });
  }

  it("are waited for when they are made and when others join them, at no other time", async () => {
    const { hooks } = await build(false);
    expect(hooks).to.deep.equal({ afterCreate: [waitForNew], afterUpdate: [waitForNew] });
  });

  it("get two minutes, and none where no assignment is new", async () => {
    const ids = (...input: string[]): Record<string, unknown> => ({ input });
    for (const [newInputs, oldInputs, expected] of [
      [ids("a", "b"), undefined, [120]],
      [ids("a", "b"), ids("a"), [120]],
      [ids("c"), ids("a"), [120]],
      [ids("a"), ids("a", "b"), []],
      [ids("b", "a"), ids("a", "b"), []],
      [ids(), undefined, []],
    ] as const) {
      slept.length = 0;
      await waitForNew({ newInputs, ...(oldInputs === undefined ? {} : { oldInputs }) });
      expect(slept, JSON.stringify([newInputs, oldInputs])).to.deep.equal(expected);
    }
  });

  it("let real time pass where nothing stands in for it", async () => {
    const began = performance.now();
    await sleep(0.05);
    expect(performance.now() - began).to.be.within(40, 5_000);
  });
});
