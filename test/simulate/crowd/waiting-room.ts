import { wakeSpreadMs } from '../../../client/volunteer/wake-up.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { wakeReason } from '../../../shared/view/wake-reasons.ts';
import type { VirtualClock } from '../virtual-clock.ts';

/** A volunteer that waits. Its wake-up may be called more than once; only the first one counts. */
interface Sleeper {
  readonly spreadMs: number;
  readonly wake: () => void;
}

/** Volunteers that were told to wait, and the events that wake them (LEASE16), as `client/volunteer` has it. */
export class WaitingRoom {
  /** Nudges so far. */
  nudges = 0;
  private readonly clock: VirtualClock;
  private readonly config: RunConfig;
  private readonly random: () => number;
  private readonly asleep = new Set<Sleeper>();
  private joined = 0;

  constructor(clock: VirtualClock, config: RunConfig, random: () => number) {
    this.clock = clock;
    this.config = config;
    this.random = random;
  }

  /**
   * @param heard nudges at the time of the question: one that came meanwhile counts
   * @param act at the end of the wait, once
   */
  sleep(retryAfterMs: number, heard: number, act: () => void): void {
    let isAwake = false;
    const wake = (): void => {
      if (isAwake) return;
      isAwake = true;
      this.asleep.delete(sleeper);
      act();
    };
    const sleeper = { wake, spreadMs: this.random() * wakeSpreadMs(this.joined, retryAfterMs) };
    this.clock.after(retryAfterMs, wake);
    if (heard === this.nudges) this.asleep.add(sleeper);
    else this.clock.after(sleeper.spreadMs, wake);
  }

  hear({ event }: RunEvent): void {
    if (event.type === 'volunteer-joined') this.joined += 1;
    if (wakeReason(event, this.joined, this.config.spec.policy.minVolunteers) === null) return;
    this.nudges += 1;
    for (const { spreadMs, wake } of this.asleep) this.clock.after(spreadMs, wake);
    this.asleep.clear();
  }
}
