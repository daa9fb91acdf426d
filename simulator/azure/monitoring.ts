import type * as alertsmanagement from "@pulumi/azure-native/alertsmanagement";
import type * as consumption from "@pulumi/azure-native/consumption";
import type * as monitor from "@pulumi/azure-native/monitor";
import type * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import type * as portal from "@pulumi/azure-native/portal";

import { digits, row, textInput, type Failure, type Inventory, type PackageTable, type Registration } from "../resource-type";
import { atPath, nameForm, placed, uuid } from "./ids";
import { lockable } from "./locks";
import { metricProblem } from "./metrics";

const settingType = "azure-native:monitor:DiagnosticSetting";

type Inputs = Readonly<Record<string, unknown>>;

/** Simulated Azure Monitor, its dashboards and budgets. */
export const monitoringTable: PackageTable = lockable({
  types: {
    "azure-native:alertsmanagement:AlertProcessingRuleByName": placed<alertsmanagement.AlertProcessingRuleByName>(
      "Microsoft.AlertsManagement/actionRules",
      ["alertProcessingRuleName"],
      { tags: "tags" },
    ),
    "azure-native:consumption:Budget": atPath(
      row<consumption.Budget>({
        nameProperty: "budgetName",
        autoName: nameForm,
        id: (r) => `${textInput(r, "scope")}/providers/Microsoft.Consumption/budgets/${ownName(r, "budgetName")}`,
        computed: (r) => ({ name: ownName(r, "budgetName"), timePeriod: wholePeriod(r.inputs) }),
        check: budgetFailures,
        refuse: (r) => movedStart(r),
      }),
      "scope",
      "budgetName",
    ),
    "azure-native:monitor:ActionGroup": placed<monitor.ActionGroup>("Microsoft.Insights/actionGroups", ["actionGroupName"], {
      tags: "tags",
      // https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups
      check: (inputs) =>
        textInput({ inputs }, "groupShortName").length > 12 ? [{ property: "groupShortName", reason: "it may have 12 characters" }] : [],
    }),
    "azure-native:monitor:DataCollectionRule": placed<monitor.DataCollectionRule>(
      "Microsoft.Insights/dataCollectionRules",
      ["dataCollectionRuleName"],
      {
        tags: "tags",
        computed: (r) => ({ immutableId: `dcr-${digits(32, r.seed)}` }),
        // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftinsights
        check: (inputs) =>
          textInput({ inputs }, "dataCollectionRuleName").length > 64
            ? [{ property: "dataCollectionRuleName", reason: "it may have 64 characters" }]
            : [],
      },
    ),
    "azure-native:monitor:DataCollectionRuleAssociation": atPath(
      row<monitor.DataCollectionRuleAssociation>({
        nameProperty: "associationName",
        autoName: nameForm,
        id: (r) =>
          `${textInput(r, "resourceUri")}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${ownName(r, "associationName")}`,
        computed: (r) => ({ name: ownName(r, "associationName") }),
      }),
      "resourceUri",
      "associationName",
    ),
    [settingType]: atPath(
      row<monitor.DiagnosticSetting>({
        nameProperty: "name",
        autoName: nameForm,
        id: (r) => `${textInput(r, "resourceUri")}/providers/Microsoft.Insights/diagnosticSettings/${ownName(r, "name")}`,
        computed: (r) => ({ name: ownName(r, "name") }),
        refuse: sentAlready,
      }),
      "resourceUri",
      "name",
    ),
    "azure-native:monitor:MetricAlert": placed<monitor.MetricAlert>("Microsoft.Insights/metricAlerts", ["ruleName"], {
      tags: "tags",
      check: metricAlertFailures,
    }),
    "azure-native:monitor:ScheduledQueryRule": placed<monitor.ScheduledQueryRule>("Microsoft.Insights/scheduledQueryRules", ["ruleName"], {
      tags: "tags",
      check: queryRuleFailures,
    }),
    "azure-native:operationalinsights:Workspace": placed<operationalinsights.Workspace>(
      "Microsoft.OperationalInsights/workspaces",
      ["workspaceName"],
      { tags: "tags", computed: (r) => ({ customerId: uuid(r.seed) }) },
    ),
    "azure-native:portal:Dashboard": placed<portal.Dashboard>("Microsoft.Portal/dashboards", ["dashboardName"], {
      tags: "tags",
      check: dashboardFailures,
    }),
  },
  functions: {},
});

function ownName(resource: Registration, property: string): string {
  return textInput(resource, property, `${resource.name}${digits(nameForm.digits, resource.seed)}`);
}

function part(whole: Inputs | undefined, property: string): Inputs {
  const value = whole?.[property];
  return typeof value === "object" && value !== null ? (value as Inputs) : {};
}

function list(whole: Inputs, property: string): readonly Inputs[] {
  const value = whole[property];
  return Array.isArray(value) ? (value as Inputs[]) : [];
}

/** Azure ends a budget that does not say when after ten years: https://learn.microsoft.com/rest/api/consumption/budgets/create-or-update */
function wholePeriod(inputs: Inputs): { startDate: string; endDate: string } {
  const startDate = textInput({ inputs: part(inputs, "timePeriod") }, "startDate");
  return { startDate, endDate: startDate.replace(/^\d{4}/, (year) => String(Number(year) + 10)) };
}

function budgetFailures(inputs: Inputs): Failure[] {
  const { startDate } = part(inputs, "timePeriod");
  const notifications = Object.values(part(inputs, "notifications")) as Inputs[];
  return [
    ...(typeof startDate === "string" && !/^\d{4}-(0[1-9]|1[0-2])-01T00:00:00Z$/.test(startDate)
      ? [{ property: "timePeriod.startDate", reason: `${startDate} is not the first of a month` }]
      : []),
    ...(notifications.length > 5 ? [{ property: "notifications", reason: "a budget has at most five" }] : []),
  ];
}

/** https://github.com/Azure/azure-quickstart-templates/issues/7095 */
function movedStart({ inputs, previous }: Registration): Failure[] {
  const before = part(previous, "timePeriod")["startDate"];
  const after = part(inputs, "timePeriod")["startDate"];
  if (before === undefined || before === after) return [];
  return [{ property: "timePeriod.startDate", reason: "Start date of budgets cannot be updated" }];
}

/** A sink takes a category of a resource once: https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings */
function sentAlready({ inputs }: Registration, inventory: Inventory): Failure[] {
  const categories = (setting: Inputs): unknown[] => list(setting, "logs").map(({ category }) => category);
  const same = inventory
    .all(settingType)
    .filter(({ resourceUri, workspaceId }) => resourceUri === inputs["resourceUri"] && workspaceId === inputs["workspaceId"]);
  const twice = categories(inputs).filter((category) => same.some((setting) => categories(setting).includes(category)));
  return twice.map((category) => ({ property: "logs", reason: `${String(category)} goes to this workspace already` }));
}

/** Minutes, by how Azure writes them: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-metric-alert-rule */
const minutes: Readonly<Record<string, number>> = { PT1M: 1, PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60, PT6H: 360, PT12H: 720, P1D: 1440 };

function metricAlertFailures(inputs: Inputs): Failure[] {
  const failures: Failure[] = [];
  const refuse = (property: string, reason: string): void => void failures.push({ property, reason });
  const { windowSize, evaluationFrequency, severity } = inputs;
  const [window = 0, frequency = 0] = [windowSize, evaluationFrequency].map((period) => minutes[String(period)]);
  if (window === 0) refuse("windowSize", `${String(windowSize)} is none of ${Object.keys(minutes).join(", ")}`);
  if (frequency === 0 || frequency > 60) refuse("evaluationFrequency", `${String(evaluationFrequency)} is none of Azure's`);
  if (window < frequency) refuse("windowSize", "it is shorter than the time from one evaluation to the next");
  if (typeof severity !== "number" || severity < 0 || severity > 4) refuse("severity", `${String(severity)} is not 0 to 4`);
  const [resourceId] = Array.isArray(inputs["scopes"]) ? (inputs["scopes"] as unknown[]) : [];
  for (const [index, criterion] of list(part(inputs, "criteria"), "allOf").entries()) {
    const problem = metricProblem({
      resourceId,
      namespace: criterion["metricNamespace"],
      name: criterion["metricName"],
      aggregation: criterion["timeAggregation"],
      dimensions: list(criterion, "dimensions").map(({ name }) => name),
    });
    if (problem !== undefined) refuse(`criteria.allOf[${index}]`, problem);
  }
  return failures;
}

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule */
function queryRuleFailures(inputs: Inputs): Failure[] {
  return list(part(inputs, "criteria"), "allOf").flatMap((condition, index) => {
    const { numberOfEvaluationPeriods: periods, minFailingPeriodsToAlert: failing } = part(condition, "failingPeriods");
    const sound = typeof periods === "number" && typeof failing === "number" && failing <= periods && periods <= 6;
    return sound ? [] : [{ property: `criteria.allOf[${index}].failingPeriods`, reason: "of at most six periods some fail" }];
  });
}

/** How the portal numbers aggregations. */
const aggregations: Readonly<Record<number, string>> = { 1: "Total", 2: "Minimum", 3: "Maximum", 4: "Average" };

/** A chart of a metric that is not there stays empty, and two tiles in one place hide each other. */
function dashboardFailures(inputs: Inputs): Failure[] {
  const parts = list(part(inputs, "properties"), "lenses").flatMap((lens) => list(lens, "parts"));
  const at = (index: number): string => `properties.lenses[0].parts[${index}]`;
  return parts.flatMap((tile, index) => {
    const { x = 0, y = 0, colSpan = 0, rowSpan = 0 } = part(tile, "position") as Readonly<Record<string, number>>;
    const hidden = parts.slice(0, index).some((other) => {
      const before = part(other, "position") as Readonly<Record<"x" | "y" | "colSpan" | "rowSpan", number>>;
      return before.x < x + colSpan && x < before.x + before.colSpan && before.y < y + rowSpan && y < before.y + before.rowSpan;
    });
    return [
      ...(hidden ? [{ property: `${at(index)}.position`, reason: "another tile lies there" }] : []),
      ...chartProblems(tile).map((reason) => ({ property: `${at(index)}.metadata`, reason })),
    ];
  });
}

function chartProblems(tile: Inputs): string[] {
  const options = part(part(part(part(tile, "metadata"), "settings"), "content"), "options");
  const chart = part(options, "chart");
  const filters = list(part(chart, "filterCollection"), "filters").map(({ key }) => key);
  const { dimension } = part(chart, "grouping");
  return list(chart, "metrics").flatMap((metric) => {
    const problem = metricProblem({
      resourceId: part(metric, "resourceMetadata")["id"],
      namespace: metric["namespace"],
      name: metric["name"],
      aggregation: aggregations[Number(metric["aggregationType"])],
      dimensions: [...filters, ...(dimension === undefined ? [] : [dimension])],
    });
    return problem === undefined ? [] : [problem];
  });
}
