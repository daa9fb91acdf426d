import { fork } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { toDocument } from "../../simulator/graph";
import { stacksIn } from "../../simulator/stack-files";
import { decidedStack, simulateStack, stacks, type StackName } from "../support/simulated";
import { locateTool, requireTools } from "../tools/locate";
import type { PlayRequest, PlayResult } from "./play";
import { renderResults } from "./report";
import { scenarios } from "./scenarios";

const usage = `Usage: npm run rehearse [-- --stack NAME] [-- --scenario NAME] [-- --cluster] [-- --json]

Plays the life of the stacks on the real Pulumi engine against simulated clouds: no account, no network, nothing of yours touched.

  --stack NAME     only this stack: ${stacks.join(", ")}
  --scenario NAME  only this scenario: ${scenarios.map(({ name }) => name).join(", ")}
  --cluster        Kubernetes objects go to a real API server on loopback, with nodes of the stack's sizes
  --json           one document for machines instead of the table
`;

const exitCodes = { done: 0, failed: 1, badInput: 2 } as const;

/** Scenarios played at once: an engine and a program keep about one processor busy. */
const atOnce = 2;

async function main(): Promise<number> {
  let options: {
    stack?: string | undefined;
    scenario?: string | undefined;
    cluster?: boolean | undefined;
    json?: boolean | undefined;
    help?: boolean | undefined;
  };
  try {
    const known = {
      stack: { type: "string" },
      scenario: { type: "string" },
      cluster: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    } as const;
    options = parseArgs({ options: known }).values;
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${usage}`, exitCodes.badInput);
  }
  if (options.help === true) {
    process.stdout.write(usage);
    return exitCodes.done;
  }
  const chosenStacks = stacks.filter((stack) => (options.stack ?? stack) === stack);
  if (chosenStacks.length === 0)
    return fail(
      `There is no stack ${options.stack ?? ""} to rehearse. Stacks: ${stacks.join(", ")}; here: ${stacksIn(process.cwd()).join(", ")}.`,
      exitCodes.badInput,
    );
  // What a variant is about lies in the cloud; its Kubernetes objects are those of the delivered stack.
  const chosenScenarios = scenarios.filter(
    ({ name, change }) => (options.scenario ?? name) === name && !(options.cluster === true && change !== undefined),
  );
  if (chosenScenarios.length === 0)
    return fail(
      `There is no scenario ${options.scenario ?? ""}. Scenarios: ${scenarios.map(({ name }) => name).join(", ")}.`,
      exitCodes.badInput,
    );
  const cli = locateTool("pulumi");
  if (cli === undefined)
    return fail(
      "The rehearsal needs the Pulumi CLI, and there is none of the right version: `npm run tools -- --only pulumi` builds it.",
      exitCodes.badInput,
    );

  const clusters = options.cluster === true ? await clustersOf(chosenStacks) : {};
  // The longest first, so that none is left to run alone at the end.
  const requests = [...chosenScenarios]
    .reverse()
    .flatMap(({ name, stacks: about = stacks }) =>
      chosenStacks
        .filter((stack) => about.includes(stack))
        .map((stack): PlayRequest => ({ stack, scenario: name, cli, ...clusters[stack] })),
    );
  if (requests.length === 0)
    return fail(`Scenario ${options.scenario ?? ""} is not about stack ${options.stack ?? ""}.`, exitCodes.badInput);
  const results = await playAll(requests);
  process.stdout.write(options.json === true ? `${JSON.stringify({ results }, undefined, 2)}\n` : renderResults(results));
  return results.some(({ failure }) => failure !== undefined) ? exitCodes.failed : exitCodes.done;
}

/** What each stack's real cluster has to look like. */
async function clustersOf(chosen: readonly StackName[]): Promise<Partial<Record<StackName, Pick<PlayRequest, "cluster">>>> {
  requireTools(["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "kwok"]);
  const clusters: Partial<Record<StackName, Pick<PlayRequest, "cluster">>> = {};
  for (const stack of chosen) {
    const { graph } = await simulateStack(stack, { preview: false });
    const { serviceCidr } = JSON.parse(decidedStack(stack).config["rocketchat:cluster"] ?? "{}") as { serviceCidr?: string };
    clusters[stack] = { cluster: { document: toDocument([graph]), serviceCidr: serviceCidr ?? "172.20.0.0/16" } };
  }
  return clusters;
}

/** Plays scenarios in processes of their own, a few at a time. */
async function playAll(requests: readonly PlayRequest[]): Promise<PlayResult[]> {
  const waiting = [...requests];
  const results: PlayResult[] = [];
  const worker = async (): Promise<void> => {
    for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
      progress(`playing ${request.scenario} on ${request.stack}, ${results.length} of ${requests.length} done`);
      results.push(await playOne(request));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  progress("");
  const order = (result: PlayResult): number =>
    stacks.findIndex((stack) => stack === result.stack) * scenarios.length + scenarios.findIndex(({ name }) => name === result.scenario);
  return results.sort((a, b) => order(a) - order(b));
}

function playOne(request: PlayRequest): Promise<PlayResult> {
  return new Promise((resolve) => {
    const child = fork(join(__dirname, "play.js"), { execArgv: ["--stack-trace-limit=0"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.once("message", (result) => resolve(result as PlayResult));
    child.once("exit", (code) =>
      resolve({
        ...request,
        steps: [],
        resources: 0,
        seconds: 0,
        failure: `its process ended with code ${code ?? "none"} before it answered`,
      }),
    );
    child.send(request);
  });
}

/** One line that is rewritten, where a person looks. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message.trimEnd()}\n`);
  return code;
}

void main().then((code) => {
  process.exitCode = code;
});
