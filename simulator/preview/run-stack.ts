import { relative } from "node:path";

import { deferPackages } from "./defer-packages";

/**
 * Runs the program for one stack against simulated clouds and sends what came of it to the parent process. A process to a stack: they run side
 * by side, and each loads only its own cloud's code.
 */
deferPackages();

import type { Problem } from "../../config";
import type { ResourceGraph } from "../graph";
import type { StackFile } from "../stack-files";

/** What a stack's process answers. */
export type StackResult =
  | { readonly kind: "graph"; readonly graph: ResourceGraph; readonly placeholders: readonly Problem[]; readonly region: string }
  | { readonly kind: "configuration"; readonly message: string }
  | {
      readonly kind: "program";
      /** The component, and where in the project's files; known only where traces are on. */
      readonly place: string | undefined;
      readonly reason: string;
    };

async function run(file: StackFile): Promise<StackResult> {
  const [{ ConfigurationError, placeholdersIn }, { regionOf, simulate, SimulationError, ProgramError }, program] = await Promise.all([
    import("../../config"),
    import("../simulate"),
    import("../../index"),
  ]);
  try {
    const { graph } = await simulate({ ...file, preview: true, program: program.default });
    return {
      kind: "graph",
      graph,
      placeholders: placeholdersIn(file.config),
      region: regionOf(file.config),
    };
  } catch (error) {
    const cause = error instanceof ProgramError ? error.cause : error;
    if (cause instanceof ConfigurationError) return { kind: "configuration", message: cause.message };
    if (cause instanceof SimulationError) return { kind: "program", place: undefined, reason: cause.message };
    return { kind: "program", place: placeOf(cause), reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** Where in the project an error came from: the component that was being built, and the line. */
function placeOf(error: unknown): string | undefined {
  const frames = (error instanceof Error ? (error.stack ?? "") : "")
    .split("\n")
    .filter((line) => /\.ts:\d+/.test(line) && !line.includes("node_modules"));
  const line = frames[0]?.match(/([^\s(]+\.ts:\d+)/)?.[1];
  if (line === undefined) return undefined;
  const component = frames.map((frame) => /at new (\w+)/.exec(frame)?.[1]).find((name) => name !== undefined);
  return `${component === undefined ? "" : `${component}, `}${relative(process.cwd(), line)}`;
}

function send(result: StackResult): void {
  process.send?.(result, () => process.exit(0));
}

process.once("message", (file: StackFile) => {
  void run(file).then(send);
});
