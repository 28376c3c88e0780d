import type { Lease } from '../../shared/protocol/lease.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import type { LeaseJob, LeaseResult } from '../trainer/trainer-api.ts';
import { prepareJob } from './prepare-job.ts';
import { sendUpdate } from './send-update.ts';
import { untilReached } from './until-reached.ts';
import { timed } from './user-timing.ts';
import type { Work } from './volunteer-options.ts';

/** A lease granted, its download under way. */
export interface HeldLease {
  readonly type: 'held';
  readonly lease: Lease;
  /** Whether another would be granted beside it. */
  readonly more: boolean;
  readonly job: Promise<LeaseJob>;
  /** Aborted by pause and stop, and where its round has closed: then `isStale`. */
  readonly signal: AbortSignal;
  isStale: boolean;
}

type Answer = HeldLease | Exclude<LeaseResponse, { type: 'lease' }>;

/**
 * The leases around the one that trains: the next one, asked for ahead and downloaded meanwhile, and the last one, whose
 * answer is on its way. At most one of each, so that a device lost costs no more than the leases in hand.
 */
export class LeasePipeline {
  private readonly work: Work;
  private readonly held = new Map<HeldLease, AbortController>();
  private ahead: Promise<HeldLease | null> | null = null;
  private sending: Promise<void> | null = null;
  /** Answered last: asking for the next must not end it before the platform has the answer. */
  private answered: string | null = null;
  /**
   * Whether to ask for the next while that answer is on its way: not where the platform had nothing the last time, else
   * everyone in a crowd would ask once in vain each round.
   */
  private asksEarly = true;
  private isAnswerNew = false;

  constructor(work: Work) {
    this.work = work;
  }

  /** The lease asked for ahead if there is one, else whatever the platform says now. */
  async next(): Promise<Answer> {
    const ahead = await this.takeAhead();
    if (ahead) return ahead;
    if (!this.asksEarly) await this.sending;
    const { control } = this.work.options;
    const answer = await untilReached(control, this.work.state, () =>
      timed('lease', () => this.ask(this.answered)),
    );
    if (this.isAnswerNew) this.asksEarly = answer.type === 'held';
    this.isAnswerNew = false;
    return answer;
  }

  /**
   * Asks for the lease after this one, where the platform said that it is to be had. Once a lease, and only when no
   * answer is on its way: two leases are all that the platform lets anyone hold.
   */
  askAhead(current: HeldLease): void {
    const { control } = this.work.options;
    if (this.ahead || this.sending || !current.more || control.isDone || control.paused) return;
    this.ahead = this.ask(current.lease.id).then(
      answer => (answer.type === 'held' ? answer : null),
      () => null,
    );
  }

  /** Begins to upload, after the last upload has ended. */
  async answer(held: HeldLease, result: LeaseResult): Promise<void> {
    await this.sending;
    this.answered = held.lease.id;
    this.isAnswerNew = true;
    this.asksEarly ||= held.more;
    this.sending = timed('upload', () => sendUpdate(this.work, held.lease, result)).then(isTaken => {
      if (!isTaken) this.answered = null;
      this.sending = null;
      this.forget(held);
    });
  }

  /** Waits for the upload under way. @returns whether there was one */
  async sent(): Promise<boolean> {
    if (!this.sending) return false;
    await this.sending;
    return true;
  }

  /** A closed round takes no answer: whoever still trains for it stops. */
  endRound(round: number): void {
    for (const [held, stop] of this.held)
      if (held.lease.task.role !== 'evaluator' && held.lease.round <= round) {
        held.isStale = true;
        stop.abort();
      }
  }

  /** Gives a lease back; one whose round has closed has ended already. */
  async giveBack(held: HeldLease, reason: string): Promise<void> {
    this.forget(held);
    if (held.isStale) return;
    const { client, run } = this.work.options;
    await client.release(run, held.lease.id, this.work.identity.token, reason).catch(() => {});
  }

  /** Gives back what was asked for ahead. */
  async giveBackAhead(reason: string): Promise<void> {
    const ahead = await this.ahead;
    this.ahead = null;
    if (ahead) await this.giveBack(ahead, reason);
  }

  private async takeAhead(): Promise<HeldLease | null> {
    const ahead = await this.ahead;
    if (ahead?.signal.aborted) await this.giveBackAhead('the volunteer paused');
    this.ahead = null;
    return ahead?.signal.aborted ? null : ahead;
  }

  private async ask(beside: string | null): Promise<Answer> {
    const { client, run, control } = this.work.options;
    const answer = await client.lease(run, this.work.identity.token, { beside, signal: control.stopped });
    return answer.type === 'lease' ? this.hold(answer) : answer;
  }

  private hold({ lease, more }: Extract<LeaseResponse, { type: 'lease' }>): HeldLease {
    const { options, info, blobs, state } = this.work;
    const stop = options.control.leaseSwitch();
    const job = prepareJob(info, lease, blobs, options.memoryMB, (done, total) => {
      if (state.now.lease === lease.id && state.now.activity === 'downloading')
        state.set({ progress: done / total, note: `${done} of ${total} files` });
    });
    // Whoever takes the lease in hand hears of it; one given back before has nobody to tell.
    job.catch(() => {});
    const held: HeldLease = { type: 'held', lease, more, job, signal: stop.signal, isStale: false };
    this.held.set(held, stop);
    this.tell();
    return held;
  }

  private forget(held: HeldLease): void {
    const stop = this.held.get(held);
    if (stop) this.work.options.control.forgetLease(stop);
    this.held.delete(held);
    this.tell();
  }

  private tell(): void {
    this.work.state.set({ held: Array.from(this.held.keys(), ({ lease }) => lease.id) });
  }
}
