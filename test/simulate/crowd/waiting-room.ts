import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { WakeReason } from '../../../shared/protocol/frames.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { wakeChance, wakeReason } from '../../../shared/view/wake-reasons.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** Signals go out so far apart at least, as in `worker/coordinator/relays`. */
const BATCH_MS = 250;

/** When a volunteer who waits asks again, as it was told. */
interface Waits {
  readonly retryAfterMs: number;
  readonly wakeAfterMs: number;
}

/** A volunteer that waits. Its wake-up may be called more than once; only the first one counts. */
interface Sleeper {
  readonly wakeAfterMs: number;
  readonly wake: () => void;
  /** Its place in the list. */
  place: number;
}

/** Volunteers that were told to wait, and the signals that wake them (LEASE16), as `worker/coordinator` and `client/volunteer` have it. */
export class WaitingRoom {
  private readonly clock: VirtualClock;
  private readonly config: RunConfig;
  private readonly random: () => number;
  private readonly asleep: Sleeper[] = [];
  /** With which chance each signal so far woke those who waited. */
  private readonly chances: number[] = [];
  /** What the next signal tells. */
  private reasons: WakeReason[] = [];
  private toldAt = Number.NEGATIVE_INFINITY;
  private joined = 0;

  constructor(clock: VirtualClock, config: RunConfig, random: () => number) {
    this.clock = clock;
    this.config = config;
    this.random = random;
  }

  /** Signals so far. */
  get signals(): number {
    return this.chances.length;
  }

  /**
   * @param heard signals at the time of the question: one that came meanwhile counts
   * @param act at the end of the wait, once
   */
  sleep({ retryAfterMs, wakeAfterMs }: Waits, heard: number, act: () => void): void {
    let isAwake = false;
    const wake = (): void => {
      if (isAwake) return;
      isAwake = true;
      this.leave(sleeper);
      act();
    };
    const sleeper = { wake, wakeAfterMs, place: -1 };
    this.clock.after(retryAfterMs, wake);
    const isWoken = this.chances.slice(heard).some(chance => this.random() < chance);
    if (isWoken) this.clock.after(wakeAfterMs, wake);
    else sleeper.place = this.asleep.push(sleeper) - 1;
  }

  hear({ event }: RunEvent): void {
    if (event.type === 'volunteer-joined') this.joined += 1;
    const reason = wakeReason(event, this.joined, this.config.spec.policy.minVolunteers);
    if (reason === null) return;
    this.reasons.push(reason);
    if (this.reasons.length === 1)
      this.clock.at(Math.max(this.clock.now, this.toldAt + BATCH_MS), () => this.signal());
  }

  private signal(): void {
    const chance = wakeChance(this.reasons, this.asleep.length);
    this.reasons = [];
    this.toldAt = this.clock.now;
    this.chances.push(chance);
    for (const sleeper of this.drawn(chance)) {
      this.leave(sleeper);
      this.clock.after(sleeper.wakeAfterMs, sleeper.wake);
    }
  }

  /** Each of those who wait, with this chance. Of a crowd few are looked at: how many are passed over is drawn. */
  private drawn(chance: number): Sleeper[] {
    if (chance >= 1) return [...this.asleep];
    const drawn: Sleeper[] = [];
    const next = (after: number): number =>
      after + 1 + Math.floor(Math.log(1 - this.random()) / Math.log(1 - chance));
    for (let place = next(-1); place < this.asleep.length; place = next(place)) {
      const sleeper = this.asleep[place];
      if (sleeper) drawn.push(sleeper);
    }
    return drawn;
  }

  /** The last one takes its place. */
  private leave(sleeper: Sleeper): void {
    const { place } = sleeper;
    if (place < 0) return;
    sleeper.place = -1;
    const last = this.asleep.pop();
    if (!last || last === sleeper) return;
    this.asleep[place] = last;
    last.place = place;
  }
}
