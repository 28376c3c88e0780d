import { mayBringWork } from '../../../client/volunteer/wake-up.ts';
import { crowdWaitMs } from '../../../shared/federation/lease/crowd-wait.ts';
import type { RunEvent } from '../../../shared/protocol/events.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { RunView } from '../../../shared/protocol/run-view.ts';
import { emptyView } from '../../../shared/view/apply-event.ts';
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
  private readonly view: RunView = emptyView();
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
    const sleeper = { wake, spreadMs: this.random() * this.spreadMs(retryAfterMs) };
    this.clock.after(retryAfterMs, wake);
    if (heard === this.nudges) this.asleep.add(sleeper);
    else this.clock.after(sleeper.spreadMs, wake);
  }

  hear(event: RunEvent): void {
    if (event.event.type === 'volunteer-joined') this.joined += 1;
    if (!this.bringsWork(event)) return;
    this.nudges += 1;
    for (const { spreadMs, wake } of this.asleep) this.clock.after(spreadMs, wake);
    this.asleep.clear();
  }

  /** The client counts joins in its view, which is too slow to keep here for a crowd. */
  private bringsWork(event: RunEvent): boolean {
    return event.event.type === 'volunteer-joined'
      ? this.joined === this.config.spec.policy.minVolunteers
      : mayBringWork(event, this.view, this.config.spec);
  }

  /** [LEASE16] As `wakeSpreadMs` of the client, which counts the crowd in its view. */
  private spreadMs(retryAfterMs: number): number {
    return Math.max(0, Math.min(retryAfterMs, crowdWaitMs(this.joined)) - crowdWaitMs(1));
  }
}
