/** The volunteer's switches: pause and resume at once, or finish the task in hand and stop. */
export class VolunteerControl {
  /** Aborted by `stop`: the lease in hand is given back. */
  readonly stopped: AbortSignal;
  private readonly stopper = new AbortController();
  private isPaused = false;
  private isLast = false;
  private nudgeCount = 0;
  private wake: () => void = () => {};
  private readonly leases = new Set<AbortController>();

  constructor() {
    this.stopped = this.stopper.signal;
  }

  /** The leases in hand are given back, nothing else is lost. */
  pause(): void {
    this.isPaused = true;
    this.endLeases();
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
    this.endLeases();
    this.wake();
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** Whether another lease may be taken. */
  get isDone(): boolean {
    return this.isLast || this.stopped.aborted;
  }

  /** A switch for one lease, which pause and stop turn too; `forgetLease` when it is over. */
  leaseSwitch(): AbortController {
    const lease = new AbortController();
    this.leases.add(lease);
    if (this.isPaused || this.stopped.aborted) lease.abort();
    return lease;
  }

  forgetLease(lease: AbortController): void {
    this.leases.delete(lease);
  }

  /** Nudges so far: what is asked now may be answered from before the next one. */
  get nudges(): number {
    return this.nudgeCount;
  }

  /**
   * Resolves after `ms`, or as soon as `nudge` or any switch says so; `Infinity` waits for those alone.
   * @param heard nudges when the question was asked that led to this sleep: one that came meanwhile counts
   */
  sleep(ms: number, heard = this.nudgeCount): Promise<void> {
    if (this.isDone || heard !== this.nudgeCount) return Promise.resolve();
    return new Promise(resolve => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.wake(), ms) : undefined;
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
    });
  }

  private endLeases(): void {
    for (const lease of this.leases) lease.abort();
  }

  /** Ends the present sleep: there may be work. */
  nudge(): void {
    this.nudgeCount += 1;
    this.wake();
  }
}
