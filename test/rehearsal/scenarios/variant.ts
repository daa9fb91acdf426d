import { variants } from "../../support/variants";
import type { Scenario } from "../stage";
import { destroy } from "./destroy";
import { firstDeployment } from "./first-deployment";

/** The whole life of a stack whose operator chose otherwise: first deployment, nothing to do, destroy. */
export const variantScenarios: readonly Scenario[] = variants.map(({ name, stack, description, change }) => ({
  name: `variant-${name}`,
  description: `${description}: first deployment, nothing to do, destroy`,
  stacks: [stack],
  change,
  async play(stage) {
    await firstDeployment.play(stage);
    await destroy.play(stage);
  },
}));
