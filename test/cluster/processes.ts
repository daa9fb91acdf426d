/** The processes of one cluster test, in a directory of their own, none of which outlives it, however it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

/** How long a process may take to end by itself after SIGTERM. */
const TERM_SECONDS = 5;

/**
 * Reads process ids, one a line, until its input ends: with "done" when all was put in order, or without it when this Node process died in a way
 * it cannot handle (SIGKILL, a crash). Then it ends what is left and removes the directory. POSIX sh, so that it costs nothing.
 */
const GUARD = `pids=""; while read -r line; do [ "$line" = done ] && exit 0; pids="$pids $line"; done
kill -TERM $pids 2>/dev/null; sleep 2; kill -KILL $pids 2>/dev/null; rm -rf -- "$1"`;

class ProcessFailure extends Error {}

/** Programs started together and ended together. */
export class ProcessGroup {
  /** Temporary directory for everything the programs write. Removed by `stop`. */
  readonly directory: string;
  private readonly running = new Map<string, ChildProcess>();
  private readonly guard: ChildProcess;
  private readonly onExit = (): void => this.killNow();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.killNow();
    process.exit(128 + constants.signals[signal]);
  };
  private stopped = false;

  constructor(prefix: string) {
    this.directory = mkdtempSync(join(tmpdir(), prefix));
    // Detached: an interrupt from the terminal goes to the whole foreground group, and the guard must survive it.
    this.guard = spawn("sh", ["-c", GUARD, "guard", this.directory], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    this.guard.stdin?.on("error", () => undefined);
    this.guard.unref();
    process.on("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, this.onSignal);
  }

  /** Starts a program; its output goes to `<name>.log` in the directory. */
  start(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): ChildProcess {
    const log = openSync(join(this.directory, `${name}.log`), "a");
    const child = spawn(command, args, { stdio: ["ignore", log, log], env, cwd: this.directory });
    closeSync(log);
    this.running.set(name, child);
    if (child.pid !== undefined) this.guard.stdin?.write(`${child.pid}\n`);
    child.on("error", () => this.running.delete(name));
    return child;
  }

  /** Whether the named program is running. */
  isRunning(name: string): boolean {
    const child = this.running.get(name);
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** @throws ProcessFailure with the end of the log when the named program has ended. */
  assertRunning(name: string): void {
    if (!this.isRunning(name)) throw new ProcessFailure(`${name} ended early:\n${this.log(name, 15)}`);
  }

  /** The last lines that the named program wrote. */
  log(name: string, lines = Number.MAX_SAFE_INTEGER): string {
    try {
      return readFileSync(join(this.directory, `${name}.log`), "utf8")
        .trimEnd()
        .split("\n")
        .slice(-lines)
        .join("\n");
    } catch {
      return "(no output)";
    }
  }

  /** Ends one program and waits until it is gone. */
  async end(name: string): Promise<void> {
    const child = this.running.get(name);
    this.running.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill("SIGKILL"), TERM_SECONDS * 1000);
      child.once("exit", () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill("SIGTERM");
    });
  }

  /** Ends all programs, the latest first, and removes the directory. Safe to call twice. */
  async stop(): Promise<void> {
    if (this.stopped) return;
    for (const name of [...this.running.keys()].reverse()) await this.end(name);
    this.finish();
  }

  private killNow(): void {
    if (this.stopped) return;
    for (const child of this.running.values()) child.kill("SIGKILL");
    this.finish();
  }

  private finish(): void {
    this.stopped = true;
    process.off("exit", this.onExit);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, this.onSignal);
    this.guard.stdin?.end("done\n");
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** As many free ports of the loopback interface as asked for, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => {
            const address = server.address();
            if (address === null || typeof address === "string") reject(new Error("no port"));
            else resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Asks until the answer is not undefined.
 * @throws Error that says what was waited for, when the time is over.
 */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>, pauseMs = 200): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
