import { locateTool } from "../tools/locate";
import { Workspace } from "../rehearsal/workspace";
import { decidedStack, type StackName } from "../support/simulated";

/** Seconds that each run of the engine took, for one program. */
export interface EngineTimes {
  readonly preview: number[];
  readonly up: number[];
  readonly unchanged: number[];
  /** Resources of the stack. */
  resources: number;
}

const nothing = (): Promise<Record<string, unknown>> => Promise.resolve({});

/**
 * Times preview, deployment and unchanged preview of a stack's program on the real engine, and of a program that registers nothing on the same
 * engine and against the same provider server, in turns.
 *
 * @returns nothing where there is no Pulumi CLI
 */
export async function timeEngine(stack: StackName, runs: number): Promise<{ program: EngineTimes; empty: EngineTimes } | undefined> {
  const cli = locateTool("pulumi");
  if (cli === undefined) return undefined;
  const times = (): EngineTimes => ({ preview: [], up: [], unchanged: [], resources: 0 });
  const [program, empty] = [times(), times()];
  for (let run = 0; run < runs; run++) {
    for (const [of, play] of [
      [program, undefined],
      [empty, nothing],
    ] as const) {
      const workspace = await Workspace.open(decidedStack(stack), { cli, ...(play === undefined ? {} : { play }) });
      try {
        of.preview.push((await workspace.preview()).seconds);
        const up = await workspace.up();
        of.up.push(up.seconds);
        of.resources = up.steps.length;
        of.unchanged.push((await workspace.preview()).seconds);
      } finally {
        workspace.close();
      }
    }
  }
  return { program, empty };
}
