import type { Scenario } from "../stage";
import { destroy } from "./destroy";
import { everydayChange } from "./everyday-change";
import { firstDeployment } from "./first-deployment";
import { refusedChange } from "./refused-change";
import { variantScenarios } from "./variant";

/** Every scenario, in the order of a stack's life; then the same for other choices on the first day. */
export const scenarios: readonly Scenario[] = [firstDeployment, everydayChange, refusedChange, destroy, ...variantScenarios];
