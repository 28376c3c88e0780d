/** The volunteer's switches: pause and resume at once, or finish the task in hand and stop. */
export class VolunteerControl {
  /** Aborted by `stop`: the lease in hand is given back. */
  readonly stopped: AbortSignal;
  private readonly stopper = new AbortController();
  private isPaused = false;
  private isLast = false;
  private wake: () => void = () => {};
  private pauseLease: () => void = () => {};

  constructor() {
    this.stopped = this.stopper.signal;
  }

  /** The lease in hand is given back, nothing else is lost. */
  pause(): void {
    this.isPaused = true;
    this.pauseLease();
  }

  resume(): void {
    this.isPaused = false;
    this.isLast = false;
    this.wake();
  }

  /** Finishes the lease in hand, then stops; a second thought is `resume`. */
  finishThenStop(): void {
    this.isLast = true;
    this.isPaused = false;
    this.wake();
  }

  stop(): void {
    this.stopper.abort();
    this.pauseLease();
    this.wake();
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** Whether another lease may be taken. */
  get isDone(): boolean {
    return this.isLast || this.stopped.aborted;
  }

  /** A signal for one lease: aborted by pause and stop. */
  leaseSignal(): AbortSignal {
    const controller = new AbortController();
    this.pauseLease = () => controller.abort();
    if (this.isPaused || this.stopped.aborted) controller.abort();
    return controller.signal;
  }

  /** Resolves after `ms`, or as soon as `nudge` or any switch says so; `Infinity` waits for those alone. */
  sleep(ms: number): Promise<void> {
    if (this.isDone) return Promise.resolve();
    return new Promise(resolve => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.wake(), ms) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  /** Ends the present sleep: there may be work. */
  nudge(): void {
    this.wake();
  }
}
