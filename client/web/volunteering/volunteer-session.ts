import { computed, signal } from '@preact/signals';
import { errorText } from '../../../shared/protocol/error-text.ts';
import { RefusedError } from '../../platform/call-platform.ts';
import { createNonce } from '../../platform/create-nonce.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { VolunteerControl } from '../../volunteer/volunteer-control.ts';
import type { VolunteerIdentity } from '../../volunteer/volunteer-options.ts';
import { idleVolunteer, type VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { dropRefereeKey, forgetRefereeKey, judgingKeyOf } from '../state/referee-keys.ts';
import { memoryMB } from './device-memory.ts';
import { Guest } from './manners/guest.ts';
import { PersonCheck } from './person-check.ts';
import { allowedThreads } from './thread-setting.ts';
import { startTrainer, type TrainerBridge, wasmPaths } from './trainer-bridge.ts';
import type { VolunteerMemory, VolunteerSlot } from './volunteer-memory.ts';
import { blobCache, outboxStore, residualStore } from './volunteer-stores.ts';
import { noTotals, totalsWith } from './volunteer-totals.ts';
import { agreedLimits } from './work-limit-setting.ts';

export interface StartRequest {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly slot: VolunteerSlot;
  readonly name: string;
  readonly backend: BackendChoice;
  readonly code?: string | undefined;
  /** [CROWD8] The public key of the platform's check of people, if it has one. */
  readonly checksWith?: string | undefined;
}

/** A join code that is not right, as it was typed; a key that is none any more; or the host has put the volunteer out. */
export type TurnedAway =
  | { readonly why: 'code'; readonly code: string }
  | { readonly why: 'key' | 'host-key' | 'removed' };

/** The time that the trainer has to end its batch and the loop to give the lease back. */
const STOP_GRACE_MS = 4_000;

const TRAINER_FAILED = 'the trainer failed';

/**
 * This tab's volunteering in one run. It outlives the run's page, so that the work goes on while the user looks at other
 * pages. It ends with the tab.
 */
export class VolunteerSession {
  readonly run: string;
  readonly status = signal<VolunteerStatus>(idleVolunteer);
  readonly isFinishing = signal(false);
  readonly error = signal<string | null>(null);
  /** Why the run does not take this volunteer, if its user can do something about it. The form then says what. */
  readonly turnedAway = signal<TurnedAway | null>(null);
  /** [CROWD8] Null if this tab passes no check. */
  readonly person = signal<PersonCheck | null>(null);
  readonly isRunning = computed(() => !['stopped', 'failed'].includes(this.status.value.activity));
  private readonly request: StartRequest;
  private readonly control = new VolunteerControl();
  /** When, and how hard, it works. */
  readonly guest = new Guest(this.control);
  /** Whether somebody has paused it, or its device rests. */
  readonly isPaused = computed(() => this.guest.isPaused.value || this.guest.resting.value !== null);
  /** What it has added in all, also before this page was loaded. */
  readonly totals = computed(() => totalsWith(this.before.value, this.status.value));
  private readonly before = signal(noTotals);
  private keptContributions = 0;
  /** By which it wanted to be a referee. */
  private shownKey: string | null = null;
  private bridge: TrainerBridge | null = null;
  private isLeaving = false;
  private hasEnded = false;
  private onEnd: (() => void) | null = null;

  constructor(request: StartRequest) {
    this.request = request;
    this.run = request.run;
  }

  async start(): Promise<void> {
    const { slot, name, backend } = this.request;
    const memory = slot.read();
    const identity = memory?.name === name ? memory.identity : null;
    this.before.value = (identity && memory?.totals) ?? noTotals;
    this.guest.isPaused.value = memory?.isPaused ?? false;
    this.remember({ name, backend, identity, wasActive: true, wasStopped: false });
    try {
      await this.work(identity);
    } catch (error) {
      this.fail(error);
    } finally {
      this.hasEnded = true;
      // If the trainer broke, the volunteer's loop still waits for it, and would take another lease. It gives back what it
      // holds, as `giveBack` does, and the platform may hear of either first.
      this.control.stop(TRAINER_FAILED);
      this.person.value?.end();
      this.guest.end();
      const isPaused = this.isLeaving && this.guest.isPaused.value;
      this.remember({ wasActive: this.isLeaving, isPaused, totals: this.totals.value });
      this.bridge?.terminate();
      this.onEnd?.();
    }
  }

  /** The trainer of this tab once it has started. Others may ask it for answers; null if there is none. */
  get trainerAtWork(): TrainerBridge | null {
    return this.hasEnded || this.status.value.backend === null ? null : this.bridge;
  }

  pause(): void {
    this.setPaused(true);
  }

  resume(): void {
    this.setPaused(false);
  }

  finishThenStop(): void {
    this.isFinishing.value = true;
    this.setPaused(false);
    this.control.finishThenStop();
  }

  /** Ends the task in hand and has the page loaded again, which goes on. One that is paused or waits has nothing to end. */
  finishThenReload(reload: () => void): void {
    this.isLeaving = true;
    this.onEnd = reload;
    if (this.isPaused.value) reload();
    else this.control.finishThenStop();
  }

  /** Somebody stops it. It does not begin again by itself. */
  stop(): void {
    this.isLeaving = false;
    this.onEnd = null;
    this.remember({ wasStopped: true });
    this.control.stop();
  }

  /**
   * Called when the page is closed. Nothing is forgotten, so that the next page goes on. The loop may have no time left to
   * give its leases back, so this method sends that. If the loop sends it too, it gives the same reason.
   */
  leave(): void {
    this.isLeaving = this.isRunning.value;
    this.remember({ totals: this.totals.value });
    const { leases, token } = this.held();
    this.control.stop('the page was closed');
    const { whyNot } = this.control;
    for (const lease of leases) this.request.client.releaseOnLeave(this.run, lease, token, whyNot);
    this.bridge?.terminate();
  }

  private async work(identity: VolunteerIdentity | null): Promise<void> {
    const { client, run, name, backend, code } = this.request;
    // The host's own browser joins as referee, and so does one that opened a referee's link.
    const hostKey = judgingKeyOf(run);
    this.shownKey = hostKey;
    // Its user has read that the key of the link was none, and takes part without.
    if (hostKey === null) forgetRefereeKey(run);
    const person = identity === null && !hostKey ? this.startCheck() : null;
    this.bridge = startTrainer();
    const { trainer, broken } = this.bridge;
    // Whoever only looks at a run does not load what a volunteer needs.
    const { runVolunteer } = await Promise.race([import('../../volunteer/run-volunteer.ts'), broken]);
    let isKnown = identity !== null;
    const volunteering = runVolunteer({
      ...{ client, run, trainer, name, identity },
      ...(code ? { code } : {}),
      ...(hostKey ? { hostKey } : {}),
      ...(person && { person }),
      trainerOptions: { backend, wasmPaths, threads: allowedThreads() },
      cache: blobCache,
      residuals: residualStore,
      outbox: outboxStore,
      control: this.control,
      memoryMB: memoryMB(),
      workLimits: agreedLimits(),
      onIdentity: known => {
        isKnown = true;
        person?.joined();
        this.remember({ identity: known, nonce: undefined, wasRemoved: undefined });
      },
      onStatus: status => this.show(status),
    });
    try {
      await Promise.race([volunteering, broken, this.overdue()]);
    } catch (error) {
      if (!isKnown || !(error instanceof RefusedError) || error.reason !== 'unauthorised') throw error;
      // [CROWD1] The run does not know this volunteer any more, so it joins as a new one.
      this.bridge.terminate();
      await this.work(null);
    }
  }

  /** A person is asked for at once, while the trainer is loaded. A page that is loaded again asks for the same wish. */
  private startCheck(): PersonCheck | null {
    const { run, slot, checksWith } = this.request;
    if (checksWith === undefined) return null;
    const nonce = slot.read()?.nonce ?? createNonce();
    this.remember({ nonce });
    const person = new PersonCheck({ run, nonce, siteKey: checksWith });
    person.start();
    this.person.value = person;
    return person;
  }

  /**
   * The leases that can be given back, with the token that may do so. One whose update is on its way cannot: the update is
   * kept, and whoever comes back sends it.
   */
  private held(): { leases: readonly string[]; token: string } {
    const token = this.request.slot.read()?.identity?.token;
    if (token === undefined) return { leases: [], token: '' };
    const { held, sending } = this.status.value;
    return { leases: held.filter(lease => !sending.includes(lease)), token };
  }

  /** If the trainer broke or hangs, the loop waits for it and still holds its leases. */
  private giveBack(): void {
    if (this.isLeaving) return;
    const { client, run } = this.request;
    const { leases, token } = this.held();
    const reason = this.control.stopped.aborted ? this.control.whyNot : TRAINER_FAILED;
    for (const lease of leases) client.release(run, lease, token, reason).catch(() => {});
  }

  /** If somebody has stopped it before it was under way, the error is only the abort and no failure. */
  private fail(error: unknown): void {
    this.giveBack();
    const isStopped = this.control.stopped.aborted;
    if (!isStopped) this.turnAway(error);
    if (!isStopped && this.turnedAway.value === null) this.error.value = errorText(error);
    this.status.value = {
      ...this.status.value,
      activity: isStopped ? 'stopped' : 'failed',
      lease: null,
      held: [],
      sending: [],
      role: null,
    };
  }

  private turnAway(error: unknown): void {
    if (!(error instanceof RefusedError && error.isPlatforms)) return;
    const { run, code = '' } = this.request;
    if (error.reason === 'wrong-code') this.turnedAway.value = { why: 'code', code };
    if (error.reason === 'removed') this.beRemoved();
    if (error.reason !== 'forbidden' || this.shownKey === null) return;
    this.turnedAway.value = { why: hostKeyOf(run) === this.shownKey ? 'host-key' : 'key' };
    if (this.turnedAway.value.why === 'key') dropRefereeKey(run);
  }

  /** The page has heard that the host put this volunteer out. To ask for work would tell it later. */
  putOut(): void {
    if (!this.isRunning.value) return;
    this.beRemoved();
    this.control.stop('the host removed the volunteer');
  }

  /** [KEY2] The run refuses this identity for good. */
  private beRemoved(): void {
    this.turnedAway.value = { why: 'removed' };
    this.remember({ wasRemoved: true });
  }

  /** Rejects some time after `stop`, in case the trainer does not end by itself. */
  private overdue = (): Promise<never> =>
    new Promise((_, reject) => {
      const giveUp = (): void => reject(new Error('the trainer did not stop in time'));
      this.control.stopped.addEventListener('abort', () => setTimeout(giveUp, STOP_GRACE_MS));
    });

  /** A page that is loaded again is paused too. */
  private setPaused(isPaused: boolean): void {
    this.guest.isPaused.value = isPaused;
    this.remember({ isPaused });
  }

  private show(status: VolunteerStatus): void {
    if (this.hasEnded) return;
    this.status.value = status;
    if (status.contributions > this.keptContributions) this.remember({ totals: this.totals.value });
    this.keptContributions = status.contributions;
  }

  private remember(change: Partial<VolunteerMemory>): void {
    const { slot, name, backend } = this.request;
    slot.write({ ...(slot.read() ?? { name, backend, identity: null, wasActive: false }), ...change });
  }
}
