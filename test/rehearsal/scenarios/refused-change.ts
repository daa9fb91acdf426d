import type { StackName } from "../../support/simulated";
import type { Scenario } from "../stage";
import { set } from "./changes";

/** A change that could only be made by replacing what holds the others, or holds data. */
interface RefusedChange {
  readonly what: string;
  readonly key: string;
  readonly path: string;
  readonly value: string;
  /** What the engine names as protected, by stack; one that is left out has no such change. */
  readonly names: Readonly<Partial<Record<StackName, RegExp>>>;
}

const changes: readonly RefusedChange[] = [
  {
    what: "another range of the VPC",
    key: "rocketchat:network",
    path: "create.cidr",
    value: "10.8.0.0/16",
    names: { "aws-prod": /network-vpc/ },
  },
  {
    what: "another range of the Services",
    key: "rocketchat:cluster",
    path: "serviceCidr",
    value: "172.28.0.0/16",
    names: { "aws-prod": /cluster-eks/, "azure-prod": /cluster-aks/ },
  },
  {
    what: "another range of the pods",
    key: "rocketchat:cluster",
    path: "podCidr",
    value: "10.200.0.0/16",
    names: { "azure-prod": /cluster-aks/ },
  },
];

/** What cannot be changed in place. The engine says so before anything happens, and nothing is lost. */
export const refusedChange: Scenario = {
  name: "refused-change",
  description: "Another range of network, Services or pods would replace what holds everything: the preview refuses it by name",
  async play(stage) {
    await stage.up("first deployment");
    const before = stage.workspace.cloud.list().length;
    for (const { what, key, path, value, names } of changes) {
      const named = names[stage.stack];
      if (named === undefined) continue;
      const original = stage.section(key);
      await stage.edit(set(key, path, value)(stage));
      const words = await stage.refused(what, () => stage.preview(`preview: ${what}`));
      stage.promise(`${what}: the engine says what is protected`, /protect/i.test(words) && named.test(words), words);
      await stage.refused(what, () => stage.up(what));
      stage.promise(`${what}: nothing is gone`, stage.workspace.cloud.list().length >= before);
      await stage.edit({ [key]: original });
    }
    // What the engine did before it came to the protected resource is taken back, and that is all.
    stage.promiseNothingLost(await stage.up("back to where it was"));
    stage.promiseNothing(await stage.preview("after it was taken back"));
  },
};
