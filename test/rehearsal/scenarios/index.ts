import type { Scenario } from "../stage";
import { destroy } from "./destroy";
import { everydayChange } from "./everyday-change";
import { firstDeployment } from "./first-deployment";

/** Every scenario, in the order of a stack's life. */
export const scenarios: readonly Scenario[] = [firstDeployment, everydayChange, destroy];
