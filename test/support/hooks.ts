import { setImmediate } from "node:timers/promises";

const event = "unhandledRejection";

/** Reasons; one of them may come several times, since mocha emits the event again, and Pulumi rejects several promises of one output. */
const rejections = new Set<unknown>();
/** Mocha's own listener and ours. Any other is a simulation's, which makes its own error of what it hears. */
let ours: ReadonlySet<unknown> = new Set();
let finished = false;

function collect(reason: unknown): void {
  // Too late for a hook: thrown here, it ends the process with an error.
  if (finished) throw reason;
  if (!othersListen()) rejections.add(reason);
}

function othersListen(): boolean {
  return process.listeners(event).some((listener) => !ours.has(listener));
}

/** Node reports a rejection when the turn is over in which it happened. */
async function rethrow(): Promise<void> {
  await setImmediate();
  const [first, ...more] = [...rejections].map((reason) => (reason instanceof Error ? reason : new Error(String(reason))));
  rejections.clear();
  if (first === undefined) return;
  first.message = `A promise that nobody waits for was rejected${more.length === 0 ? "" : `, and ${more.length} more`}: ${first.message}`;
  throw first;
}

/**
 * Fails the run on every promise that is rejected unheard. Mocha drops those of the code under test, and with them what is asserted or thrown
 * in an `apply` that nobody waits for.
 */
export const mochaHooks: Mocha.RootHookObject = {
  beforeAll() {
    process.on(event, collect);
    ours = new Set(process.listeners(event));
  },
  afterEach: rethrow,
  async afterAll() {
    finished = true;
    await rethrow();
    if (othersListen()) throw new Error("Somebody still listens to unhandled rejections, so that these hooks did not hear all of them.");
  },
};
