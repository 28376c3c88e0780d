/** A time limit for a call, which each sign of life renews. `AbortSignal.timeout` cannot be renewed. */
export class Deadline {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastMs = 0;

  constructor(ms: number) {
    this.renew(ms);
  }

  /** Whether the time was up. */
  get hasPassed(): boolean {
    return this.controller.signal.aborted;
  }

  /** What was allowed last, in ms. */
  get allowedMs(): number {
    return this.lastMs;
  }

  /** Ends with the deadline, or with whatever else ends the call. */
  signalWith(other: AbortSignal | null | undefined): AbortSignal {
    const own = this.controller.signal;
    return other ? AbortSignal.any([own, other]) : own;
  }

  /** From now on so many ms more. */
  renew(ms: number): void {
    this.cancel();
    this.lastMs = ms;
    this.timer = setTimeout(() => this.controller.abort(), ms);
  }

  /** The call is over. */
  cancel(): void {
    clearTimeout(this.timer);
  }
}
