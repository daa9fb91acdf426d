import type { Scenario } from "../stage";
import { set } from "./changes";

/** A change that could only be made by replacing what holds the others, or holds data. */
interface RefusedChange {
  readonly what: string;
  readonly key: string;
  readonly path: string;
  readonly value: string;
  /** What the engine names as protected. */
  readonly names: RegExp;
}

const changes: readonly RefusedChange[] = [
  {
    what: "another range of the VPC",
    key: "rocketchat:network",
    path: "create.cidr",
    value: "10.8.0.0/16",
    names: /network-vpc/,
  },
  {
    what: "another range of the Services",
    key: "rocketchat:cluster",
    path: "serviceCidr",
    value: "172.28.0.0/16",
    names: /cluster-eks/,
  },
];

/** What cannot be changed in place. The engine says so before anything happens, and nothing is lost. */
export const refusedChange: Scenario = {
  name: "refused-change",
  description: "Another range of network or Services would replace what holds everything: the preview refuses it by name",
  stacks: ["aws-prod"],
  async play(stage) {
    await stage.up("first deployment");
    const before = stage.workspace.cloud.list().length;
    for (const { what, key, path, value, names } of changes) {
      const original = stage.section(key);
      await stage.edit(set(key, path, value)(stage));
      const words = await stage.refused(what, () => stage.preview(`preview: ${what}`));
      stage.promise(`${what}: the engine says what is protected`, /protect/i.test(words) && names.test(words), words);
      await stage.refused(what, () => stage.up(what));
      stage.promise(`${what}: nothing is gone`, stage.workspace.cloud.list().length >= before);
      await stage.edit({ [key]: original });
    }
    stage.promiseNothing(await stage.preview("back to where it was"));
  },
};
