/** Something wrong with a policy document. */
export interface Problem {
  /** Which rule it breaks. */
  readonly rule: string;
  readonly document: string;
  /** What breaks it: an action, a condition key, a principal. */
  readonly subject: string;
  /** What is wrong, for whom has to repair it. */
  readonly text: string;
}

/** Where a program lives: what is its own, and what is a stranger's. */
export interface Surroundings {
  readonly account: string;
  /** Regions in which the stack has something. */
  readonly regions: readonly string[];
}

/** What a rule finds in one statement. */
export type Finding = Omit<Problem, "document">;
