import { setImmediate as turnOver } from "node:timers/promises";

import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";
import * as state from "@pulumi/pulumi/runtime/state";

import { refusedInputs } from "./checks";
import type { GraphResource, ResourceGraph } from "./graph";
import { regionOfResource, type Failure, type Registration } from "./resource-type";
import { functionTypes, resourceTypes } from "./tables";
import { opened, readable, secretEnvelope, secretsIn } from "./values";

/** A stack to simulate: which program, with which configuration, and whether as a preview or as a deployment. */
export interface SimulationArgs {
  readonly project: string;
  readonly stack: string;
  /** Configuration by full key, as Pulumi hands it to a program. */
  readonly config: Readonly<Record<string, string>>;
  /** Full keys under which something is stored encrypted. */
  readonly secretKeys?: readonly string[];
  /** In a preview nobody knows yet what the clouds compute; in a deployment everything is known. */
  readonly preview: boolean;
  /** The program: what an `index.ts` exports. */
  readonly program: () => Promise<Record<string, unknown>>;
}

/** What a simulated run left behind. */
export interface Simulation {
  readonly graph: ResourceGraph;
  /** The plain text of every secret that the run knew. */
  readonly secrets: ReadonlySet<string>;
}

/** What the simulated clouds refused, all of it. */
export class SimulationError extends Error {
  constructor(readonly failures: readonly { readonly urn: string; readonly reason: string }[]) {
    super(failures.map(({ urn, reason }) => `${urn}\n  ${reason}`).join("\n"));
    this.name = "SimulationError";
  }
}

/** What the program threw. */
export class ProgramError extends Error {
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = "ProgramError";
  }
}

// Parts of the runtime that its published types leave out. They are what Pulumi's own engine drives a program with.
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: (error: unknown, response: unknown) => void): Promise<void>;
  registerResourceOutputs(request: RegisterResourceOutputsRequest, callback: (error: unknown, response: unknown) => void): void;
  newUrn(parent: string, type: string, name: string): string;
}
const runtime = pulumi.runtime as unknown as {
  getMonitor(): Monitor;
  waitForRPCs(): Promise<void>;
  setAllConfig(values: Record<string, string>, secretKeys: string[]): void;
};

const { leakedPromises } = debuggable as unknown as { leakedPromises: () => unknown };
const { getStore } = state as unknown as { getStore: () => { callbacks?: typeof noCallbacks } };

/** Hooks are the engine's to call, and here is none: the SDK would start a server for them, and register them with a monitor that takes none. */
const noCallbacks = {
  registerResourceHook: () => Promise.resolve(),
  awaitStackRegistrations: () => Promise.resolve(),
  shutdown: () => undefined,
};

const stackType = "pulumi:pulumi:Stack";

/** Region of a stack, which each cloud's provider reads under a key of its own. */
export function regionOf(config: Readonly<Record<string, string>>): string {
  return config["aws:region"] ?? config["azure-native:location"] ?? "";
}

/**
 * Runs a program against simulated clouds, in this process and without a network, and returns what it registered.
 *
 * @throws {@link ProgramError} with whatever the program throws as its cause, also in a callback that nobody waits for; {@link SimulationError}
 *   where a cloud refuses a resource
 */
export async function simulate(args: SimulationArgs): Promise<Simulation> {
  const { project, stack, config, preview } = args;
  const recorder = new Recorder(regionOf(config));
  runtime.setAllConfig({ ...config }, [...(args.secretKeys ?? [])]);
  await pulumi.runtime.setMocks(
    { newResource: (resource) => recorder.create(resource, preview), call: (call) => recorder.call(call) },
    project,
    stack,
    preview,
  );
  recorder.listen(runtime.getMonitor());
  getStore().callbacks = noCallbacks;
  // A rejection that nobody hears leaves its resource, and with it the run, waiting for ever.
  let reject: (error: unknown) => void = () => undefined;
  const unheard = new Promise<never>((_, settle) => {
    reject = (error) => {
      settle(new ProgramError(error));
    };
  });
  process.on("unhandledRejection", reject);
  const run = async (): Promise<void> => {
    await pulumi.runtime.runInPulumiStack(() => {
      pulumi.runtime.registerStackTransformation(withoutVersionAliases);
      return args.program();
    });
    await runtime.waitForRPCs();
    await turnOver();
  };
  try {
    await Promise.race([run(), unheard]);
  } catch (error) {
    // What still waits waits in vain: the SDK would complain of it when the process ends.
    leakedPromises();
    throw error instanceof ProgramError ? error : new ProgramError(error);
  } finally {
    // Node reports a rejection when the turn is over in which it happened.
    await turnOver();
    process.off("unhandledRejection", reject);
  }
  return recorder.finish(stack, config["rocketchat:cloud"] ?? "");
}

/** Names of a type under Azure's other API versions, up to hundreds: a quarter of a preview goes into them, and here is no state that has one. */
function withoutVersionAliases({ type, props, opts }: pulumi.ResourceTransformationArgs): pulumi.ResourceTransformationResult | undefined {
  return type.startsWith("azure-native:") ? { props, opts: { ...opts, aliases: [] } } : undefined;
}

/** Listens to what a program registers, and answers for the clouds. */
class Recorder {
  /** URNs that the program asked for, answered or not. */
  private readonly requested = new Set<string>();
  private readonly resources = new Map<string, GraphResource>();
  private readonly failures: { urn: string; reason: string }[] = [];
  private readonly secrets = new Set<string>();
  private stackUrn = "";
  private stackOutputs: Record<string, unknown> = {};
  /** What the request that is being answered carries in full; the mocks get only a part of it. */
  private pending: { urn: string; inputs: Record<string, unknown> } | undefined;

  constructor(private readonly region: string) {}

  /** Puts itself between the program and the monitor that answers it: only the requests say who owns what and what waits for what. */
  listen(monitor: Monitor): void {
    monitor.newUrn = engineUrn;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = async (request, callback) => {
      const urn = engineUrn(request.getParent(), request.getType(), request.getName());
      const inputs = (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
      this.collectSecrets(inputs);
      if (this.requested.has(urn))
        this.failures.push({ urn, reason: "it is registered twice: two resources of one type have the same name" });
      this.requested.add(urn);
      this.pending = { urn, inputs };
      // The monitor asks `create` before it first waits for anything, so that one field is enough.
      const answered = register(request, (error, response) => {
        const outputs =
          (response as { getObject(): { toJavaScript(): Record<string, unknown> } | undefined } | undefined)?.getObject()?.toJavaScript() ??
          {};
        this.collectSecrets(outputs);
        this.resources.set(urn, graphResource(urn, request, inputs, outputs));
        callback(error, response);
      });
      await answered;
    };
    const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
    monitor.registerResourceOutputs = (request, callback) => {
      const outputs = (request.getOutputs()?.toJavaScript() ?? {}) as Record<string, unknown>;
      this.collectSecrets(outputs);
      if (request.getUrn() === this.stackUrn) this.stackOutputs = readable(outputs) as Record<string, unknown>;
      const resource = this.resources.get(request.getUrn());
      if (resource !== undefined) this.resources.set(resource.urn, { ...resource, outputs: readable(outputs) as Record<string, unknown> });
      registerOutputs(request, callback);
    };
  }

  create(mock: pulumi.runtime.MockResourceArgs, preview: boolean): pulumi.runtime.MockResourceResult {
    const { urn, inputs } = this.pending ?? { urn: "", inputs: {} };
    if (mock.type === stackType) this.stackUrn = urn;
    const row = resourceTypes.get(mock.type);
    if (row === undefined) {
      // A component is the program's own; everything else has to be in the table.
      if (mock.custom === true || isRemote(mock.type)) this.failures.push({ urn, reason: unknownType("type", mock.type) });
      return { id: undefined, state: inputs };
    }
    const plain = opened(inputs) as Record<string, unknown>;
    const region = regionOfResource(mock.type, plain, this.region);
    const registration: Registration = { seed: urn, type: mock.type, name: mock.name, inputs: plain, region };
    for (const failure of refusedInputs(row, inputs)) this.refuse(urn, failure);
    const computed = Object.entries(row.computed?.(registration) ?? {}).map(([property, value]) => {
      const known = !preview || row.knownAtPreview === true ? value : pulumi.runtime.unknownValue;
      return [property, row.secrets?.includes(property) === true ? secretEnvelope(known) : known] as const;
    });
    return { id: preview ? undefined : row.id(registration), state: { ...inputs, ...Object.fromEntries(computed) } };
  }

  call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    const answer = functionTypes.get(token);
    if (answer !== undefined) {
      try {
        return answer(opened(inputs) as Record<string, unknown>, { region: this.region });
      } catch (error) {
        // The SDK passes on nothing but the details that a provider's answer over gRPC would have.
        throw Object.assign(error as Error, { details: (error as Error).message });
      }
    }
    this.failures.push({ urn: token, reason: unknownType("function", token) });
    return {};
  }

  finish(stack: string, cloud: string): Simulation {
    if (this.failures.length > 0) throw new SimulationError(this.failures);
    const resources = [...this.resources.values()].filter(({ type }) => type !== stackType).sort((a, b) => (a.urn < b.urn ? -1 : 1));
    return { graph: { stack, cloud, resources, outputs: this.stackOutputs }, secrets: this.secrets };
  }

  private refuse(urn: string, { property, reason }: Failure): void {
    this.failures.push({ urn, reason: `the simulated cloud refuses ${property}: ${reason}` });
  }

  private collectSecrets(value: unknown): void {
    // Short texts are words such as "admin"; a search for them would find them everywhere.
    for (const text of secretsIn(value)) if (text.length >= 8 && text !== pulumi.runtime.unknownValue) this.secrets.add(text);
  }
}

/** As the engine makes it, where the mocks know one level of parents only: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
function engineUrn(parent: string, type: string, name: string): string {
  const parentType = parent === "" ? stackType : (parent.split("::")[2] ?? stackType);
  const qualified = parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualified}::${name}`;
}

function graphResource(
  urn: string,
  request: RegisterResourceRequest,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown>,
): GraphResource {
  const parent = request.getParent();
  // The reference is `urn::id`, and an id that is not known yet is empty.
  const provider = /^(urn:pulumi:.*)::[^:]*$/.exec(request.getProvider())?.[1];
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    parent: parent === "" ? undefined : parent,
    provider,
    custom: request.getCustom(),
    inputs: readable(inputs) as Record<string, unknown>,
    outputs: readable(outputs) as Record<string, unknown>,
    dependencies: [...new Set(request.getDependenciesList())].sort(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: [...request.getIgnorechangesList()],
  };
}

/** Components of other people's packages, which run in a process of their own. The program's own are `rocketchat:…`. */
function isRemote(type: string): boolean {
  return !type.startsWith("rocketchat:") && type !== stackType;
}

function unknownType(what: "type" | "function", token: string): string {
  const pkg = /^(?:pulumi:providers:)?([^:]*)/.exec(token)?.[1] ?? "";
  return `the simulator does not know the ${what} ${token}: add a row for it to simulator/${pkg.replace("azure-native", "azure")}`;
}
