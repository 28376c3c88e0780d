import { computed, signal } from '@preact/signals';
import { RefusedError } from '../../platform/call-platform.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import type { BackendChoice } from '../../trainer/trainer-api.ts';
import { runVolunteer } from '../../volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../volunteer/volunteer-control.ts';
import type { VolunteerIdentity } from '../../volunteer/volunteer-options.ts';
import { idleVolunteer, type VolunteerStatus } from '../../volunteer/volunteer-status.ts';
import { hostKeyOf } from '../state/host-keys.ts';
import { describeError } from '../state/platform-client.ts';
import { allowedThreads } from './thread-setting.ts';
import { startTrainer, type TrainerBridge, wasmPaths } from './trainer-bridge.ts';
import type { VolunteerMemory, VolunteerSlot } from './volunteer-memory.ts';
import { blobCache, residualStore } from './volunteer-stores.ts';

export interface StartRequest {
  readonly client: HomeroomClient;
  readonly run: string;
  readonly slot: VolunteerSlot;
  readonly name: string;
  readonly backend: BackendChoice;
  readonly code?: string | undefined;
}

/** Time to end a batch and give the lease back. */
const STOP_GRACE_MS = 4_000;

/**
 * `deviceMemory` is what the device has, in GB; a guest takes a quarter of it at most. 0 where the browser keeps it
 * to itself.
 */
const memoryMB = (): number => {
  const { deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return ((deviceMemory ?? 0) * 1_000) / 4;
};

/**
 * This tab's volunteering in one run. It outlives the run's page, so that looking around in the app does not stop the
 * work, and ends with the tab.
 */
export class VolunteerSession {
  readonly run: string;
  readonly status = signal<VolunteerStatus>(idleVolunteer);
  readonly isPaused = signal(false);
  readonly isFinishing = signal(false);
  readonly error = signal<string | null>(null);
  readonly isRunning = computed(() => !['stopped', 'failed'].includes(this.status.value.activity));
  private readonly request: StartRequest;
  private readonly control = new VolunteerControl();
  private bridge: TrainerBridge | null = null;
  private isLeaving = false;
  private hasEnded = false;

  constructor(request: StartRequest) {
    this.request = request;
    this.run = request.run;
  }

  async start(): Promise<void> {
    const { slot, name, backend } = this.request;
    const memory = slot.read();
    const identity = memory?.name === name ? memory.identity : null;
    this.remember({ name, backend, identity, wasActive: true });
    try {
      await this.work(identity);
    } catch (error) {
      this.fail(error);
    } finally {
      this.hasEnded = true;
      // If the trainer broke, the volunteer's loop still waits for it, and would take another lease.
      this.control.stop();
      this.remember({ wasActive: this.isLeaving });
      this.bridge?.terminate();
    }
  }

  pause(): void {
    this.isPaused.value = true;
    this.control.pause();
  }

  resume(): void {
    this.isPaused.value = false;
    this.control.resume();
  }

  finishThenStop(): void {
    this.isFinishing.value = true;
    this.isPaused.value = false;
    this.control.finishThenStop();
  }

  stop(): void {
    this.control.stop();
  }

  /**
   * The page goes: nothing is forgotten, so that the next one goes on. The loop has no turn left to give its leases
   * back, so that is sent from here.
   */
  leave(): void {
    this.isLeaving = this.isRunning.value;
    const { leases, token } = this.held();
    for (const lease of leases) this.request.client.releaseOnLeave(this.run, lease, token);
    this.control.stop();
    this.bridge?.terminate();
  }

  private async work(identity: VolunteerIdentity | null): Promise<void> {
    const { client, run, name, backend, code } = this.request;
    // The host's own browser joins as referee.
    const hostKey = hostKeyOf(run);
    this.bridge = startTrainer();
    const { trainer, broken } = this.bridge;
    const volunteering = runVolunteer({
      ...{ client, run, trainer, name, identity },
      ...(code ? { code } : {}),
      ...(hostKey ? { hostKey } : {}),
      trainerOptions: { backend, wasmPaths, threads: allowedThreads() },
      cache: blobCache,
      residuals: residualStore,
      control: this.control,
      memoryMB: memoryMB(),
      onIdentity: known => this.remember({ identity: known }),
      onStatus: status => this.show(status),
    });
    try {
      await Promise.race([volunteering, broken, this.overdue()]);
    } catch (error) {
      if (!identity || !(error instanceof RefusedError) || error.reason !== 'unauthorised') throw error;
      // The run no longer knows who this was: come back as a new volunteer.
      this.bridge.terminate();
      await this.work(null);
    }
  }

  /** The open leases, with the token that may end them. */
  private held(): { leases: readonly string[]; token: string } {
    const token = this.request.slot.read()?.identity?.token;
    return token === undefined ? { leases: [], token: '' } : { leases: this.status.value.held, token };
  }

  /**
   * If the trainer broke or hangs, the loop waits for it and still holds its leases. The lease whose update is on its way
   * needs no trainer, so it is left alone.
   */
  private giveBack(): void {
    if (this.isLeaving) return;
    const { client, run } = this.request;
    const { leases, token } = this.held();
    const { sending } = this.status.value;
    const reason = this.control.stopped.aborted ? this.control.whyNot : 'the trainer failed';
    for (const lease of leases.filter(id => id !== sending))
      client.release(run, lease, token, reason).catch(() => {});
  }

  /** Stopped before it was under way: an abort, not a failure. */
  private fail(error: unknown): void {
    this.giveBack();
    const isStopped = this.control.stopped.aborted;
    if (!isStopped) this.error.value = describeError(error);
    this.status.value = {
      ...this.status.value,
      activity: isStopped ? 'stopped' : 'failed',
      lease: null,
      held: [],
      sending: null,
      role: null,
    };
  }

  /** Rejects some time after `stop`, should the trainer not come to an end by itself. */
  private overdue = (): Promise<never> =>
    new Promise((_, reject) => {
      const giveUp = (): void => reject(new Error('the trainer did not stop in time'));
      this.control.stopped.addEventListener('abort', () => setTimeout(giveUp, STOP_GRACE_MS));
    });

  private show(status: VolunteerStatus): void {
    if (this.hasEnded) return;
    this.status.value = status;
  }

  private remember(change: Partial<VolunteerMemory>): void {
    const { slot, name, backend } = this.request;
    slot.write({ ...(slot.read() ?? { name, backend, identity: null, wasActive: false }), ...change });
  }
}

/** The one session of this tab. */
export const currentSession = signal<VolunteerSession | null>(null);

/** Starts to volunteer; a session in another run is stopped, one device does not serve two at a time. */
export function startVolunteering(request: StartRequest): void {
  currentSession.value?.stop();
  const session = new VolunteerSession(request);
  currentSession.value = session;
  void session.start();
}

addEventListener('pagehide', () => currentSession.value?.leave());
// Back from the browser's page cache: a stopped session starts anew, as a reload would.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});
