import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with a stack's configuration, in the words of whoever has to mend it. */
export interface Problem {
  /** Full key as it stands in the stack's file: `rocketchat:cluster.nodes.min`. */
  readonly key: string;
  /** The value found there, as text; `undefined` where there is none. Secrets never come here. */
  readonly value?: string;
  /** What the value has to be. */
  readonly limit: string;
  /** What to do about it. */
  readonly cure: string;
}

/** All that is wrong with a stack's configuration. Pulumi prints the message of a `RunError` as it is, without a stack trace. */
export class ConfigurationError extends pulumi.RunError {
  constructor(
    stack: string,
    readonly problems: readonly Problem[],
  ) {
    super(describe(stack, problems));
    this.name = "ConfigurationError";
    // Whoever else prints an unhandled error prints its stack: here the message is the whole story.
    this.stack = this.message;
  }
}

function describe(stack: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return `The configuration of stack ${stack} has ${count}; nothing was created.\n\n${problems.map(describeProblem).join("\n\n")}\n`;
}

/** A problem in three lines: what is, what has to be, what to do. */
export function describeProblem({ key, value, limit, cure }: Problem): string {
  return `  ${key}${value === undefined ? " is missing" : ` is ${value}`}\n    ${limit}\n    ${cure}`;
}

/** Shortens a value to what fits a line. */
export function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
