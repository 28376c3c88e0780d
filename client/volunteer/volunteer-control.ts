import type { Reach } from '../platform/reach.ts';

/** A reply that is on its way at a stop comes within this, or not at all. */
const LAST_REPLY_MS = 2_000;

/** The volunteer's switches: pause and resume at once, stop at once, or finish the task in hand and then stop. */
export class VolunteerControl {
  /** Aborted by `stop`: the lease in hand is given back. */
  readonly stopped: AbortSignal;
  /** Aborted a little later than `stopped`: a lease that was asked for must arrive, or nobody could give it back. */
  readonly gone: AbortSignal;
  private readonly stopper = new AbortController();
  private readonly leaver = new AbortController();
  private isPaused = false;
  private isLast = false;
  private whyStopped = 'the volunteer stopped';
  private nudgeCount = 0;
  private wake: () => void = () => {};
  private onNudge: () => void = () => {};
  private share = 1;
  private onEffort: (share: number) => void = () => {};
  private readonly leases = new Set<AbortController>();

  constructor() {
    this.stopped = this.stopper.signal;
    this.gone = this.leaver.signal;
  }

  /** The leases in hand are given back, nothing else is lost. */
  pause(): void {
    this.isPaused = true;
    this.endLeases();
    this.wake();
  }

  resume(): void {
    this.isPaused = false;
    this.isLast = false;
    this.wake();
  }

  /** Finishes the lease in hand, then stops. `resume` takes that back. */
  finishThenStop(): void {
    this.isLast = true;
    this.isPaused = false;
    this.wake();
  }

  /**
   * @param why what the ledger says of the leases in hand. Only the first stop's is told: one that follows ends what has
   * ended already
   */
  stop(why = this.whyStopped): void {
    if (!this.stopped.aborted) this.whyStopped = why;
    this.stopper.abort();
    // A timer of this kind keeps no Node process alive.
    AbortSignal.timeout(LAST_REPLY_MS).addEventListener('abort', () => this.leaver.abort());
    this.endLeases();
    this.wake();
  }

  /** The share of the time that this device works, in (0, 1]. */
  get effort(): number {
    return this.share;
  }

  set effort(share: number) {
    this.share = share;
    this.onEffort(share);
  }

  /** Tells the effort now, and whenever it changes. */
  followEffort(onEffort: (share: number) => void): void {
    this.onEffort = onEffort;
    onEffort(this.share);
  }

  get paused(): boolean {
    return this.isPaused;
  }

  /** Whether another lease may be taken. */
  get isDone(): boolean {
    return this.isLast || this.stopped.aborted;
  }

  /** Why a lease is given back although nothing went wrong, in words for the ledger. */
  get whyNot(): string {
    return this.isDone ? this.whyStopped : 'the volunteer paused';
  }

  /** A switch for one lease, which pause and stop turn too. `forgetLease` ends that when the lease is over. */
  leaseSwitch(): AbortController {
    const lease = new AbortController();
    this.leases.add(lease);
    if (this.isPaused || this.stopped.aborted) lease.abort();
    return lease;
  }

  forgetLease(lease: AbortController): void {
    this.leases.delete(lease);
  }

  /** Nudges so far: what is asked now may get a reply from before the next one. */
  get nudges(): number {
    return this.nudgeCount;
  }

  /**
   * As `rest`, but a nudge ends it too.
   * @param heard nudges at the time of the question that led to this sleep: one that came meanwhile counts
   * @param wakeMs between the first nudge and the end
   */
  async sleep(ms: number, heard: number, wakeMs = 0): Promise<void> {
    let waking: ReturnType<typeof setTimeout> | undefined;
    this.onNudge = () => {
      waking ??= setTimeout(() => this.wake(), wakeMs);
    };
    if (heard !== this.nudgeCount) this.onNudge();
    await this.rest(ms);
    clearTimeout(waking);
    this.onNudge = () => {};
  }

  /** Resolves after `ms`, or as soon as any switch is turned; `Infinity` waits for that alone. */
  rest(ms: number): Promise<void> {
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

  /** As `rest`, for whoever could not reach the platform: it also ends when that may be back. */
  async restUntilBack(ms: number, reach: Reach): Promise<void> {
    const deafen = reach.onBack(() => this.wake());
    await this.rest(ms);
    deafen();
  }

  private endLeases(): void {
    for (const lease of this.leases) lease.abort();
  }

  /** There may be work: ends the present sleep. A rest goes on, for it follows something that went wrong. */
  nudge(): void {
    this.nudgeCount += 1;
    this.onNudge();
  }
}
