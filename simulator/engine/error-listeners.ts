const events = ["uncaughtException", "unhandledRejection"] as const;

/** Who hears of the errors that nobody caught, remembered as it was: Pulumi's SDK adds listeners of its own, and does not always take them back. */
export class ErrorListeners {
  private readonly before = events.map((event) => new Set(process.listeners(event as "unhandledRejection")));

  /** Whether somebody was added since. */
  get areMore(): boolean {
    return events.some((_, index) => this.added(index).length > 0);
  }

  /** Removes whoever was added since. */
  dropNew(): void {
    events.forEach((event, index) => {
      for (const listener of this.added(index)) process.off(event, listener);
    });
  }

  private added(index: number) {
    return process.listeners(events[index] as "unhandledRejection").filter((listener) => !this.before[index]?.has(listener));
  }
}
