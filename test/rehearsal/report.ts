import type { PlayResult } from "./play";

/** The rehearsal as a person reads it: a table of scenarios, and of each that failed what the engine said. */
export function renderResults(results: readonly PlayResult[]): string {
  const header = ["stack", "scenario", "steps", "resources", "result", "seconds"];
  const rows = results.map(({ stack, scenario, steps, resources, failure, seconds }) => [
    stack,
    scenario,
    String(steps.length),
    String(resources),
    failure === undefined ? "passed" : "FAILED",
    seconds.toFixed(1),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const failures = results.flatMap(({ stack, scenario, failure }) =>
    failure === undefined ? [] : [`\n${scenario} on ${stack}, ${failure}`],
  );
  const failed = failures.length;
  return [line(header), ...rows.map(line), ...failures, "", `${results.length - failed} passed, ${failed} failed`, ""].join("\n");
}
