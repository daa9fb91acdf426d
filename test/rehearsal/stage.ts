import type { StackFile } from "../../simulator/stack-files";
import { decidedStack, type StackName } from "../support/simulated";
import { findSecrets, secretsIn } from "./secrets";
import { EngineError, Workspace, type Run, type Step, type WorkspaceOptions } from "./workspace";

/** One thing that a scenario did, as the report shows it. */
export interface PlayedStep {
  readonly what: string;
  readonly seconds: number;
  /** Resources by what the engine did with them. */
  readonly operations: Readonly<Record<string, number>>;
}

/** Something that a scenario promises and the engine did not keep. */
class BrokenPromise extends Error {
  override name = "BrokenPromise";
}

/** A story that the real engine plays: what an operator does, and what must come of it. */
export interface Scenario {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** The stacks that it is about. @default all */
  readonly stacks?: readonly StackName[];
  /** What the stack's file says from the first day on. @default what is delivered */
  readonly change?: Change;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Changes of a stack's configuration, by full key. */
export type Change = Readonly<Record<string, unknown>>;

/** Operations of the engine that leave a resource as it is, and those that take one away. */
export const untouched = ["same", "read"];
const takesAway = ["delete", "delete-replaced", "replace", "create-replacement", "discard-replaced"];

/** Secrets that an operator has set in the stack's file. */
const configured = { mail: "password-of-the-mail-account", registration: "token-of-the-registration", licence: "key-of-the-licence" };

/** What a scenario is played on: one stack, from nothing, with the words for what an operator does. */
export class Stage {
  readonly played: PlayedStep[] = [];
  /** The plain text of every secret that the stack has known so far. */
  private readonly secrets = new Set<string>(Object.values(configured));

  private constructor(
    readonly stack: StackName,
    readonly workspace: Workspace,
    private change: Change,
  ) {}

  static async open(stack: StackName, options: WorkspaceOptions, change: Change = {}): Promise<Stage> {
    return new Stage(stack, await Workspace.open(withSecrets(decidedStack(stack, change)), options), change);
  }

  /** The configuration that the stack has now. */
  get file(): StackFile {
    return withSecrets(decidedStack(this.stack, this.change));
  }

  /** A section of it, parsed. */
  section(key: string): Record<string, unknown> {
    return JSON.parse(this.file.config[key] ?? "{}") as Record<string, unknown>;
  }

  /** Edits the stack's file. */
  async edit(change: Change): Promise<void> {
    this.change = { ...this.change, ...change };
    await this.workspace.configure(this.file);
  }

  preview(what: string): Promise<Run> {
    return this.engine(what, () => this.workspace.preview());
  }

  up(what: string): Promise<Run> {
    return this.engine(what, () => this.workspace.up());
  }

  destroy(what: string): Promise<Run> {
    return this.engine(what, () => this.workspace.destroy());
  }

  /** A run that must end with an error; returns the engine's words. */
  async refused(what: string, run: () => Promise<Run>): Promise<string> {
    try {
      await run();
    } catch (error) {
      if (error instanceof EngineError) return error.message;
      throw error;
    }
    throw new BrokenPromise(`${what}: the engine accepted it`);
  }

  /** Holds the scenario to something. */
  promise(what: string, kept: boolean, found: unknown = ""): void {
    if (!kept)
      throw new BrokenPromise(`${what}${found === "" ? "" : `; found ${typeof found === "string" ? found : JSON.stringify(found)}`}`);
  }

  /** Holds a run to leaving everything as it is. */
  promiseNothing(run: Run): void {
    const changed = run.steps.filter(({ op }) => !untouched.includes(op));
    this.promise("nothing changes", changed.length === 0, changed.map(shown));
  }

  /**
   * Holds a run to taking nothing away: what holds data or serves traffic least of all.
   *
   * @param but what may go or be made anew, by name
   */
  promiseNothingLost(run: Run, but?: RegExp): void {
    const lost = run.steps.filter(({ op, urn }) => takesAway.includes(op) && but?.test(urn.split("::").at(-1) ?? "") !== true);
    this.promise("nothing is replaced or deleted", lost.length === 0, lost.map(shown));
  }

  /** Ends the scenario: no secret may be found in anything that it left. */
  async close(): Promise<void> {
    try {
      const leaks = findSecrets(await this.workspace.traces(), this.secrets);
      this.promise("no secret stands in plain text in state, events or output", leaks.length === 0, leaks);
    } finally {
      this.workspace.close();
    }
  }

  private async engine(what: string, run: () => Promise<Run>): Promise<Run> {
    const began = performance.now();
    const result = await run();
    for (const secret of secretsIn(this.workspace.cloud)) this.secrets.add(secret);
    const operations: Record<string, number> = {};
    for (const { op } of result.steps) operations[op] = (operations[op] ?? 0) + 1;
    this.played.push({ what, seconds: (performance.now() - began) / 1000, operations });
    return result;
  }
}

/** The stack's file after `pulumi config set --secret --path`: the section that holds a secret is encrypted as a whole. */
function withSecrets(file: StackFile): StackFile {
  const key = "rocketchat:app";
  const app = JSON.parse(file.config[key] ?? "{}") as { readonly licence?: { readonly source?: string } };
  const smtp = { host: "smtp.acme.io", port: 587, from: "chat@acme.io", username: "chat", password: configured.mail };
  const { source = "registration" } = app.licence ?? {};
  const secrets: Readonly<Record<string, object>> = {
    registration: { registrationToken: configured.registration },
    secret: { key: configured.licence },
  };
  const licence = { source, ...secrets[source] };
  const database = "rocketchat:mongodb";
  const hasMasterKey = file.config[database]?.includes('"masterKey"') === true;
  return {
    ...file,
    config: { ...file.config, [key]: JSON.stringify({ ...app, smtp, licence }) },
    secretKeys: hasMasterKey ? [key, database] : [key],
  };
}

/** A step as a sentence shows it. */
export function shown({ op, urn, diffs }: Step): string {
  return `${op} ${urn.split("::").slice(2).join(" ")}${diffs.length === 0 ? "" : ` (${diffs.join(", ")})`}`;
}
