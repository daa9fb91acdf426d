import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";

export interface BudgetArgs {
  readonly monthlyBudgetUsd?: number | undefined;
  readonly email: string;
  readonly tags: Tags;
}

/** Mails when the month's bill of the whole account, not only of this stack, has reached 80 % of the budget or is forecast to pass it. */
export function createBudget(parent: pulumi.Resource, name: string, { monthlyBudgetUsd, email, tags }: BudgetArgs): void {
  if (monthlyBudgetUsd === undefined) return;
  const tell = { comparisonOperator: "GREATER_THAN", thresholdType: "PERCENTAGE", subscriberEmailAddresses: [email] };
  new aws.budgets.Budget(
    `${name}-budget`,
    {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyBudgetUsd),
      limitUnit: "USD",
      notifications: [
        { ...tell, notificationType: "ACTUAL", threshold: 80 },
        { ...tell, notificationType: "FORECASTED", threshold: 100 },
      ],
      tags: { ...tags, Name: `${name}-budget` },
    },
    { parent },
  );
}
