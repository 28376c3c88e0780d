/** A volunteer's wait, which a signal may end before its time. */
export class Waiter {
  private end: ((afterMs: number) => void) | null = null;

  /** Resolves after so many ms, or so many ms after a nudge. */
  rest(ms: number, wakeMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.end = afterMs => {
        this.end = null;
        clearTimeout(timer);
        setTimeout(resolve, Math.min(afterMs, wakeMs));
      };
    });
  }

  /** Something happened that may bring work. */
  nudge(): void {
    this.end?.(Number.POSITIVE_INFINITY);
  }

  /** The run is over. */
  stop(): void {
    this.end?.(0);
  }
}
