/** What a person sees while tools are being built: one line that is rewritten on a terminal, a few plain lines anywhere else. */

import type { WriteStream } from "node:tty";

/** A stream that may or may not be a terminal. */
export type Output = Pick<WriteStream, "write"> & Partial<Pick<WriteStream, "isTTY" | "columns">>;

/** How often a terminal's line is rewritten, in milliseconds. */
const terminalInterval = 500;

/** How often a log gets another line, in milliseconds: often enough for a CI system that ends silent jobs, rarely enough to be read. */
const logInterval = 60_000;

/** Milliseconds as minutes and seconds, for example `3:07`. */
function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Progress of one build. Starts its clock when constructed; exactly one of `done` and `stop` ends it. */
export class BuildProgress {
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly expected: number;
  private activity = "starting";

  /**
   * @param title what is being built, for example `[2/11] etcd 3.6.5`.
   * @param expectedMinutes how long it takes on 2 cores.
   */
  constructor(
    private readonly output: Output,
    private readonly title: string,
    expectedMinutes: number,
  ) {
    // Whole minutes, rounded up: the measured machine is not the reader's.
    this.expected = Math.ceil(expectedMinutes);
    if (this.isTerminal) {
      this.rewrite();
    } else {
      this.output.write(`${this.title}: building, about ${this.expected} min\n`);
    }
    this.timer = this.isTerminal
      ? setInterval(() => this.rewrite(), terminalInterval)
      : setInterval(
          () => this.output.write(`${this.title}: ${this.elapsed} of about ${this.expected} min, ${this.activity}\n`),
          logInterval,
        );
  }

  /** What the build is doing now; shown at the next rewrite. */
  report(activity: string): void {
    this.activity = activity;
  }

  /** The build succeeded and its result is at `path`. */
  done(path: string): void {
    this.stop();
    this.output.write(`${this.title}: built in ${this.elapsed}, ${path}\n`);
  }

  /** Ends the progress and clears its line, without saying how the build went. */
  stop(): void {
    clearInterval(this.timer);
    if (this.isTerminal) {
      this.output.write("\r\x1b[K");
    }
  }

  private get isTerminal(): boolean {
    return this.output.isTTY === true;
  }

  private get elapsed(): string {
    return minutesAndSeconds(performance.now() - this.started);
  }

  private rewrite(): void {
    const line = `${this.title}  ${this.elapsed} of about ${this.expected} min  ${this.activity}`;
    // A line that wraps could not be rewritten.
    this.output.write(`\r\x1b[K${line.slice(0, (this.output.columns ?? 80) - 1)}`);
  }
}
