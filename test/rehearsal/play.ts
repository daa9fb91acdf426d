import type { StackName } from "../support/simulated";
import { startRehearsalCluster } from "./live-cluster";
import { scenarios } from "./scenarios";
import { settling } from "../../components/cluster/azure-settling";
import { Stage, type PlayedStep } from "./stage";

/** What the parent process asks for. */
export interface PlayRequest {
  readonly stack: StackName;
  readonly scenario: string;
  /** Path of the Pulumi CLI. */
  readonly cli: string;
  /** Where the Kubernetes objects go to a real API server: the stack's graph, for its nodes, and the range of its Services. */
  readonly cluster?: { readonly document: string; readonly serviceCidr: string };
}

/** What came of a scenario. */
export interface PlayResult {
  readonly stack: string;
  readonly scenario: string;
  readonly steps: readonly PlayedStep[];
  /** Resources that existed in the simulated clouds at the height of it. */
  readonly resources: number;
  readonly seconds: number;
  /** The engine's own words, or the promise that was broken; missing where all went well. */
  readonly failure?: string;
}

// A simulated cloud settles at once.
settling.sleep = () => Promise.resolve();

/** Plays one scenario on one stack. */
async function play({ stack, scenario: name, cli, cluster: wanted }: PlayRequest): Promise<PlayResult> {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const began = performance.now();
  const cluster = wanted === undefined ? undefined : await startRehearsalCluster(wanted.document, wanted.serviceCidr);
  const stage = await Stage.open(stack, { cli, cluster }, scenario.change);
  let failure: string | undefined;
  try {
    await scenario.play(stage);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  const last = stage.played.at(-1);
  try {
    await stage.close();
  } catch (error) {
    failure ??= error instanceof Error ? error.message : String(error);
  }
  await cluster?.stop();
  const resources = Math.max(0, ...stage.played.map(({ operations }) => Object.values(operations).reduce((sum, count) => sum + count, 0)));
  const words =
    failure === undefined ? {} : { failure: `${last === undefined ? "before the first step" : `after "${last.what}"`}: ${failure}` };
  return { stack, scenario: name, steps: stage.played, resources, seconds: (performance.now() - began) / 1000, ...words };
}

process.once("message", (request: PlayRequest) => {
  void play(request)
    .catch((error: unknown) => ({
      ...request,
      steps: [],
      resources: 0,
      seconds: 0,
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }))
    .then((result) => process.send?.(result, () => process.exit(0)));
});
