/** What a run judged, what it could not, and in which words it was refused. */
import type { StandIn } from "./stand-ins";

export type Outcome = "passed" | "failed" | "not judged";

export interface Finding {
  /** What was asked, in words that stay the same for every subject. */
  readonly check: string;
  /** Of which object. */
  readonly subject: string;
  readonly outcome: Outcome;
  /** Why it failed, in the words of who refused it; or why it could not be judged. */
  readonly words?: string;
}

/** Collects findings while a run goes on. */
export class Report {
  readonly findings: Finding[] = [];
  readonly standIns: StandIn[] = [];
  /** What the test made in place of a program that cannot be had, one line each. */
  readonly played = new Set<string>();
  /** What is worth knowing and no failure: warnings of the API server, nodes that had to be added. */
  readonly notes = new Set<string>();

  passed(check: string, subject: string): void {
    this.findings.push({ check, subject, outcome: "passed" });
  }

  failed(check: string, subject: string, words: string): void {
    this.findings.push({ check, subject, outcome: "failed", words });
  }

  notJudged(check: string, subject: string, why: string): void {
    this.findings.push({ check, subject, outcome: "not judged", words: why });
  }

  /** `passed` or `failed` by whether there are words. */
  judged(check: string, subject: string, words: string | undefined): void {
    if (words === undefined) this.passed(check, subject);
    else this.failed(check, subject, words);
  }

  /** Findings of one outcome. */
  of(outcome: Outcome): readonly Finding[] {
    return this.findings.filter((finding) => finding.outcome === outcome);
  }
}

/** The report as text: a table by check, then every failure, then by name what was not judged and what was invented. */
export function renderReport(title: string, report: Report, seconds: number): string {
  const lines = ["", `${title}: ${seconds.toFixed(0)} s`, "", ...table(report)];
  const failed = report.of("failed");
  if (failed.length > 0) {
    lines.push("", "Failed:");
    for (const { check, subject, words } of failed) lines.push(`  ${check}: ${subject}`, ...indent(words ?? ""));
  }
  const unjudged = report.of("not judged");
  if (unjudged.length > 0) {
    lines.push("", "Not judged:");
    for (const [words, subjects] of groupBy(
      unjudged,
      ({ check, words }) => `${check}: ${words ?? ""}`,
      ({ subject }) => subject,
    )) {
      lines.push(`  ${words}`, ...subjects.map((subject) => `    ${subject}`));
    }
  }
  if (report.standIns.length > 0) {
    lines.push("", "Stand-ins (the graph hides or cannot know these values, so they prove nothing):");
    const distinct = new Map(report.standIns.map((standIn) => [standIn.place, standIn]));
    for (const { place, reason, value } of distinct.values()) lines.push(`  ${place} (${reason}): ${JSON.stringify(value)}`);
  }
  if (report.played.size > 0)
    lines.push("", "Stand-ins for programs (they cannot be had here, and the test does what others wait for):", ...indented(report.played));
  if (report.notes.size > 0) lines.push("", "Notes:", ...indented(report.notes));
  return lines.join("\n");
}

/** The closing line that test runners and people look for. */
export function closingLine(reports: readonly Report[]): string {
  const count = (outcome: Outcome): number => reports.reduce((sum, report) => sum + report.of(outcome).length, 0);
  const skipped = count("not judged");
  return `${count("passed")} passed, ${count("failed")} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

function table(report: Report): readonly string[] {
  const checks = groupBy(
    report.findings,
    ({ check }) => check,
    ({ outcome }) => outcome,
  );
  const width = Math.max(5, ...[...checks.keys()].map((check) => check.length));
  const row = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(width) : cell.padStart(10))).join("  ");
  const head = row(["check", "passed", "failed", "not judged"]);
  const counts = (outcomes: readonly Outcome[]): readonly string[] =>
    (["passed", "failed", "not judged"] as const).map((outcome) => String(outcomes.filter((each) => each === outcome).length));
  return [head, "-".repeat(head.length), ...[...checks].map(([check, outcomes]) => row([check, ...counts(outcomes)]))];
}

function indented(lines: ReadonlySet<string>): readonly string[] {
  return [...lines].flatMap((line) => indent(line, "  "));
}

function indent(text: string, by = "    "): readonly string[] {
  return text.split("\n").map((line) => `${by}${line}`);
}

function groupBy<T, V>(items: readonly T[], key: (item: T) => string, value: (item: T) => V): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), value(item)]);
  return groups;
}
