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
  | { readonly kind: "program"; readonly component: string | undefined; readonly reason: string };

async function run(file: StackFile): Promise<StackResult> {
  const [{ ConfigurationError, placeholdersIn }, { simulate, SimulationError, ProgramError }, program] = await Promise.all([
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
      region: file.config["aws:region"] ?? file.config["azure-native:location"] ?? "",
    };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: "configuration", message: error.message };
    if (error instanceof SimulationError) return { kind: "program", component: undefined, reason: error.message };
    if (error instanceof ProgramError) return { kind: "program", component: error.component, reason: describe(error.cause) };
    return { kind: "program", component: undefined, reason: describe(error) };
  }
}

/** The message, and where traces are on, the place in the project that it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split("\n").find((line) => /\((?!.*node_modules).*\.ts:\d+/.test(line));
  return place === undefined ? error.message : `${error.message}\n${place.trim()}`;
}

function send(result: StackResult): void {
  process.send?.(result, () => process.exit(0));
}

process.once("message", (file: StackFile) => {
  void run(file).then(send);
});
