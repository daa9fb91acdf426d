import type { Scenario } from "../stage";

/** What an operator does at the end, by mistake and on purpose. */
export const destroy: Scenario = {
  name: "destroy",
  description: "Refused while something is protected; after the explicit switch everything goes, in an order that a cloud accepts",
  async play(stage) {
    await stage.up("first deployment");
    const before = stage.workspace.cloud.list().length;
    const words = await stage.refused("a stack with protected resources is destroyed", () => stage.destroy("destroy by mistake"));
    stage.promise("the engine says what is protected", /protect/i.test(words), words);
    const lost = before - stage.workspace.cloud.list().length;
    stage.promise("nothing is gone", lost === 0, `${lost} resources`);

    await stage.edit({ "rocketchat:deletionProtection": false });
    await stage.up("deletion protection off");
    await stage.destroy("destroy");
    const left = stage.workspace.cloud.list().map(({ type, id }) => `${type} ${id}`);
    stage.promise("nothing is left behind", left.length === 0, left);
  },
};
