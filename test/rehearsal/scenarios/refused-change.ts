import type { StackName } from "../../support/simulated";
import type { Scenario } from "../stage";
import { set } from "./changes";

/** A change that could only be made by replacing what holds the others or holds data, or that would be lost without a word. */
interface RefusedChange {
  readonly what: string;
  readonly key: string;
  readonly path: string;
  readonly value: unknown;
  /** What is said of it, by stack; one that is left out has no such change. */
  readonly says: Readonly<Partial<Record<StackName, RegExp>>>;
}

const onBoth = (says: RegExp): RefusedChange["says"] => ({ "aws-prod": says, "azure-prod": says });

/** The engine's own words about a protected resource. */
const isProtected = (name: string): RegExp => new RegExp(`${name}.*protect`, "is");

const changes: readonly RefusedChange[] = [
  {
    what: "another range of the VPC",
    key: "rocketchat:network",
    path: "create.cidr",
    value: "10.8.0.0/16",
    says: { "aws-prod": isProtected("network-vpc") },
  },
  {
    what: "another range of the Services",
    key: "rocketchat:cluster",
    path: "serviceCidr",
    value: "172.28.0.0/16",
    says: { "aws-prod": isProtected("cluster-eks"), "azure-prod": isProtected("cluster-aks") },
  },
  {
    what: "another range of the pods",
    key: "rocketchat:cluster",
    path: "podCidr",
    value: "10.200.0.0/16",
    says: { "azure-prod": isProtected("cluster-aks") },
  },
  {
    what: "an older line of Rocket.Chat",
    key: "rocketchat:app",
    path: "version",
    value: "8.9.0",
    says: onBoth(/rocketchat:app\.version is 8\.9\.0\n.*cannot go back/s),
  },
  {
    what: "smaller volumes of the database",
    key: "rocketchat:mongodb",
    path: "storageGiB",
    value: 10,
    says: onBoth(/rocketchat:mongodb\.storageGiB is 10\n.*never shrinks/s),
  },
  {
    what: "another master key of the database",
    key: "rocketchat:mongodb",
    path: "masterKey",
    value: "anotherKey".repeat(7).slice(0, 64),
    says: onBoth(isProtected("chat-database-")),
  },
];

/** What cannot be changed in place. The engine says so before anything happens, and nothing is lost. */
export const refusedChange: Scenario = {
  name: "refused-change",
  description:
    "Another range of network, Services or pods, an older release, a smaller volume, another key: the preview refuses it by name",
  async play(stage) {
    await stage.up("first deployment");
    const before = stage.workspace.cloud.list().length;
    for (const { what, key, path, value, says } of changes) {
      const words = says[stage.stack];
      if (words === undefined) continue;
      const original = stage.section(key);
      await stage.edit(set(key, path, value)(stage));
      const said = await stage.refused(what, () => stage.preview(`preview: ${what}`));
      stage.promise(`${what}: the preview says why`, words.test(said), said);
      await stage.refused(what, () => stage.up(what));
      stage.promise(`${what}: nothing is gone`, stage.workspace.cloud.list().length >= before);
      await stage.edit({ [key]: original });
    }
    // What the engine did before it came to the protected resource is taken back, and that is all.
    stage.promiseNothingLost(await stage.up("back to where it was"));
    stage.promiseNothing(await stage.preview("after it was taken back"));
  },
};
