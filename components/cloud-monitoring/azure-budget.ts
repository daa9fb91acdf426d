import * as consumption from "@pulumi/azure-native/consumption";
import type * as pulumi from "@pulumi/pulumi";

/** What a stack may cost. */
export interface Budget {
  /** A month's cost, in the subscription's currency. */
  readonly amount: number;
  /** The month in which it was switched on, as YYYY-MM: Azure takes none that is past, and never changes it. */
  readonly firstMonth: string;
  /** Names of the resource groups whose cost counts. */
  readonly resourceGroups: readonly pulumi.Input<string>[];
}

export interface BudgetArgs {
  readonly budget?: Budget | undefined;
  /** Id of any resource group of the subscription. */
  readonly resourceGroupId: pulumi.Output<string>;
  readonly email: string;
}

/**
 * Mails when the month's cost of the stack's groups has reached 80 % of the budget or is forecast to pass it. It belongs to the subscription, the
 * only place that sees several groups at once.
 */
export function createBudget(parent: pulumi.Resource, name: string, { budget, resourceGroupId, email }: BudgetArgs): void {
  if (budget === undefined) return;
  const tell = { enabled: true, operator: "GreaterThan", contactEmails: [email] };
  new consumption.Budget(
    `${name}-budget`,
    {
      scope: resourceGroupId.apply((id) => id.split("/").slice(0, 3).join("/")),
      category: "Cost",
      amount: budget.amount,
      timeGrain: "Monthly",
      timePeriod: { startDate: `${budget.firstMonth}-01T00:00:00Z` },
      filter: { dimensions: { name: "ResourceGroupName", operator: "In", values: [...budget.resourceGroups] } },
      notifications: {
        actual: { ...tell, thresholdType: "Actual", threshold: 80 },
        forecast: { ...tell, thresholdType: "Forecasted", threshold: 100 },
      },
    },
    // "Start date of budgets cannot be updated": https://github.com/Azure/azure-quickstart-templates/issues/7095
    { parent, ignoreChanges: ["timePeriod"] },
  );
}
