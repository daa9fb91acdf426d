import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";

import type { Aggregation, Metric } from "./azure-metrics";

/**
 * The tiles of a dashboard in Azure's portal: https://learn.microsoft.com/azure/azure-portal/azure-portal-dashboards-structure
 */
type Part = inputs.portal.DashboardPartsArgs;

/** What a tile shows, wherever it lies. */
type Tile = NonNullable<Part["metadata"]>;

/** Tiles beside each other, under a title. */
export interface Row {
  readonly title: string;
  readonly tiles: readonly Tile[];
}

/** Columns of a dashboard on a common screen. */
const columns = 18;
const titleHeight = 1;
const rowHeight = 4;

/** Puts rows below each other; the tiles of one share its width. */
export function layOut(rows: readonly Row[]): Part[] {
  return rows.flatMap(({ title, tiles }, row) => {
    const y = row * (titleHeight + rowHeight);
    const width = Math.floor(columns / tiles.length);
    return [
      { position: { x: 0, y, colSpan: columns, rowSpan: titleHeight }, metadata: text(`## ${title}`) },
      ...tiles.map((metadata, index) => ({
        position: { x: index * width, y: y + titleHeight, colSpan: width, rowSpan: rowHeight },
        metadata,
      })),
    ];
  });
}

/** @param content in Markdown */
export function text(content: pulumi.Input<string>): Tile {
  return {
    type: "Extension/HubsExtension/PartType/MarkdownPart",
    inputs: [],
    settings: { content: { settings: { content, title: "", subtitle: "", markdownSource: 1 } } },
  };
}

/** One line of a chart. */
export interface Line {
  readonly metric: Metric;
  readonly label: pulumi.Input<string>;
}

/** https://learn.microsoft.com/javascript/api/@azure/arm-monitor/aggregationtype, as the portal numbers them. */
const aggregations: Readonly<Record<Aggregation, number>> = { Total: 1, Maximum: 3, Average: 4 };

/**
 * A chart of metrics. A dimension of its lines filters it, or with `*` divides it; either way it is the whole chart's, so that all lines must
 * have the same or none.
 */
export function chart(title: string, lines: readonly [Line, ...Line[]]): Tile {
  const { dimension } = lines[0].metric;
  const divided = dimension?.values.includes("*") === true;
  return {
    type: "Extension/HubsExtension/PartType/MonitorChartPart",
    inputs: [
      { name: "options", isOptional: true },
      { name: "sharedTimeRange", isOptional: true },
    ],
    settings: {
      content: {
        options: {
          chart: {
            title,
            titleKind: 2,
            metrics: lines.map(({ metric, label }) => ({
              resourceMetadata: { id: metric.resourceId },
              namespace: metric.metricNamespace,
              name: metric.metricName,
              aggregationType: aggregations[metric.aggregation],
              metricVisualization: { displayName: label },
            })),
            ...(dimension === undefined || divided
              ? {}
              : { filterCollection: { filters: [{ key: dimension.name, operator: 0, values: [...dimension.values] }] } }),
            ...(divided ? { grouping: { dimension: dimension.name, sort: 2, top: 10 } } : {}),
            visualization: {
              chartType: 2,
              legendVisualization: { isVisible: true, position: 2, hideSubtitle: true },
              axisVisualization: { x: { isVisible: true, axisType: 2 }, y: { isVisible: true, axisType: 1 } },
            },
          },
        },
      },
    },
  };
}
