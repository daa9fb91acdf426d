import type * as pulumi from "@pulumi/pulumi";

import type { Metric } from "./aws-metrics";

/**
 * The parts of a CloudWatch dashboard, as its JSON has them:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export interface DashboardBody {
  /** How far back it looks when it is opened. */
  readonly start: string;
  /** `inherit`: each graph keeps the period that it was given, whatever time is looked at. */
  readonly periodOverride: "inherit";
  readonly widgets: readonly PlacedWidget[];
}

export interface Widget {
  readonly type: "alarm" | "metric" | "text";
  readonly properties: Readonly<Record<string, unknown>>;
}

type PlacedWidget = Widget & { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Widgets beside each other, under a title. */
export interface Row {
  readonly title: string;
  readonly widgets: readonly Widget[];
}

/** Columns of every dashboard. */
const columns = 24;
const titleHeight = 1;
const rowHeight = 6;

/** Puts rows below each other; the widgets of one share its width. */
export function layOut(rows: readonly Row[]): DashboardBody {
  const widgets = rows.flatMap(({ title, widgets: beside }, row) => {
    const y = row * (titleHeight + rowHeight);
    const width = Math.floor(columns / beside.length);
    const heading: Widget = { type: "text", properties: { markdown: `## ${title}` } };
    return [
      { ...heading, x: 0, y, width: columns, height: titleHeight },
      ...beside.map((widget, index) => ({ ...widget, x: index * width, y: y + titleHeight, width, height: rowHeight })),
    ];
  });
  return { start: "-PT12H", periodOverride: "inherit", widgets };
}

/** The state of alarms, worst first. */
export function alarmStatus(alarmArns: readonly pulumi.Input<string>[]): Widget {
  return { type: "alarm", properties: { sortBy: "stateUpdatedTimestamp", alarms: alarmArns } };
}

/** One line of a graph, as CloudWatch writes it: namespace, metric, dimensions, settings. */
export type Line = readonly unknown[];

export function line({ namespace, metricName, dimensions }: Metric, label: pulumi.Input<string>, stat?: string): Line {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { label, ...(stat === undefined ? {} : { stat }) }];
}

/** @param id unique in the graph, and begins with a small letter */
export function queryLine(id: string, expression: pulumi.Input<string>, label: string): Line {
  return [{ id, expression, label }];
}

export interface GraphArgs {
  readonly title: string;
  readonly region: string;
  /** How the values of a period become one, where a line does not say otherwise. */
  readonly stat: string;
  /** Seconds to a point; by default five minutes. */
  readonly period?: number;
  readonly lines: readonly Line[];
}

export function graph({ title, region, stat, period = 300, lines }: GraphArgs): Widget {
  return {
    type: "metric",
    properties: { title, region, stat, period, view: "timeSeries", yAxis: { left: { min: 0, showUnits: false } }, metrics: lines },
  };
}
