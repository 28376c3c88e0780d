import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { VolunteerControl } from '../../../volunteer/volunteer-control.ts';
import { type MomentWatch, watchMoment } from './device-moment.ts';
import { keepManners, keptManners, type Manners } from './manners.ts';
import { type RestReason, restReasons, whyResting } from './why-resting.ts';

/** The manners of this device. The form, the panel and the session share them. */
const shared = signal(keptManners());

export const mannersNow = (): Manners => shared.value;

export function changeManners(change: Partial<Manners>): void {
  shared.value = { ...mannersNow(), ...change };
  keepManners(shared.value);
}

/**
 * Holds a volunteer's switches, so that its device works as its owner has said: it pauses while there is a reason to rest,
 * and goes on when that is gone. What the owner pauses stays paused.
 */
export class Guest {
  /** Why the device rests. Null if it may work. */
  readonly resting: ReadonlySignal<RestReason | null>;
  /** Whether the owner has paused it. */
  readonly isPaused = signal(false);
  private readonly watch: MomentWatch;
  private readonly overridden = signal<ReadonlySet<RestReason>>(new Set());
  private readonly stopFollowing: () => void;

  constructor(control: VolunteerControl, watch = watchMoment()) {
    this.watch = watch;
    this.resting = computed(() => whyResting(mannersNow(), watch.moment.value, this.overridden.value));
    const forget = effect(() => this.forgetGone());
    const turn = effect(() => {
      if (this.isPaused.value || this.resting.value !== null) control.pause();
      else if (control.paused) control.resume();
    });
    const pace = effect(() => {
      control.effort = mannersNow().effort;
    });
    this.stopFollowing = () => [forget, turn, pace].forEach(end => void end());
  }

  /** Goes on in spite of the reason, until that is gone. The setting stays as it is. */
  override(): void {
    const reason = this.resting.value;
    if (reason !== null) this.overridden.value = new Set([...this.overridden.value, reason]);
  }

  end(): void {
    this.stopFollowing();
    this.watch.end();
  }

  /** An override is for this time. When the reason comes back, the device rests again. */
  private forgetGone(): void {
    const now = this.watch.moment.value;
    const manners = mannersNow();
    const others = (but: RestReason): ReadonlySet<RestReason> =>
      new Set(restReasons.filter(reason => reason !== but));
    const lasting = [...this.overridden.value].filter(
      reason => whyResting(manners, now, others(reason)) === reason,
    );
    if (lasting.length < this.overridden.value.size) this.overridden.value = new Set(lasting);
  }
}
