import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Signal, WakeReason } from '../../shared/protocol/frames.ts';
import type { ViewCore } from '../../shared/view/live-view.ts';
import { wakeChance, wakeReason } from '../../shared/view/wake-reasons.ts';

/** Collects why those who wait should ask again, until the next batch tells it. */
export class SignalWriter {
  private reasons: WakeReason[] = [];
  private waiting = 1;
  /** After a sleep nobody knows. Then a volunteer fetches nothing ahead, which is slower and does no harm. */
  private allServed = false;

  /**
   * @param core with the entries folded in
   * @param here how many volunteers are here, 0 if nobody knows
   * @param active how many are active; it is only asked if a version came out
   */
  note(
    entries: readonly RunEvent[],
    core: ViewCore,
    minVolunteers: number,
    here: number,
    active: () => number,
  ): void {
    let joined = core.joined - entries.filter(({ event }) => event.type === 'volunteer-joined').length;
    for (const { event } of entries) {
      if (event.type === 'volunteer-joined') joined += 1;
      if (event.type === 'version-published') this.allServed = countUpdates(event.updates) >= active();
      const reason = wakeReason(event, joined, minVolunteers);
      if (reason) this.reasons.push(reason);
    }
    this.waiting = here - countUpdates(core.atWork);
  }

  /** What the next batch says. */
  take(core: ViewCore): Signal {
    const { reasons, waiting } = this;
    this.reasons = [];
    const wakes = [...new Set(reasons)];
    return { ...this.present(core), wakes, chance: wakeChance(reasons, waiting) };
  }

  /** How it stands, for one who comes. */
  present({ seq, phase, round, version, joined, takenBack, checking, closing }: ViewCore): Signal {
    return {
      type: 'signal',
      seq,
      phase,
      round,
      version,
      joined,
      ...(takenBack && { takenBackAt: takenBack.round }),
      ...(closing && phase === 'open' && { closing: true as const }),
      ...(checking && { checking: checking.turn }),
      allServed: this.allServed,
      wakes: [],
      chance: 1,
    };
  }
}

const countUpdates = (byRole: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(byRole).reduce<number>((sum, count) => sum + (count ?? 0), 0);
