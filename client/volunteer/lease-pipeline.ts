import type { Lease } from '../../shared/protocol/lease.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type { LeaseResult } from '../trainer/trainer-api.ts';
import { type PreparedJob, prepareJob } from './prepare-job.ts';
import { sendUpdate } from './send-update.ts';
import { timed } from './user-timing.ts';
import type { Work } from './volunteer-options.ts';
import { waitingIn } from './waiting-in.ts';

/** A lease granted, its download under way. */
export interface HeldLease {
  readonly type: 'held';
  readonly lease: Lease;
  /** Whether another would be granted beside it. */
  readonly more: boolean;
  readonly job: Promise<PreparedJob>;
  /** Aborted by pause and stop, and where its round or the run is over: then it is stale. */
  readonly signal: AbortSignal;
}

type Reply = HeldLease | Exclude<LeaseResponse, { type: 'lease' }>;

/** Why a lease's switch was turned: it has ended at the platform, which takes no answer and wants nothing back. */
const STALE = new Error('the lease is over');

/** Whether the platform has ended it. */
const isStale = ({ signal }: HeldLease): boolean => signal.reason === STALE;

/**
 * The leases around the one that trains: the next one, asked for ahead and downloaded meanwhile, and the last one, whose
 * answer is on its way. At most one of each, so that a device lost costs no more than the leases in hand.
 */
export class LeasePipeline {
  private readonly work: Work;
  /** By lease, its switch and no bytes: an upload may take longer than the next training. */
  private readonly held = new Map<string, { readonly lease: Lease; readonly stop: AbortController }>();
  private ahead: Promise<HeldLease | null> | null = null;
  private sending: Promise<void> | null = null;
  /** Answered last: asking for the next must not end it before the platform has the answer. */
  private uploaded: string | null = null;
  /**
   * Whether to ask for the next while that answer is on its way: not where the platform had nothing the last time, else
   * everyone in a crowd would ask once in vain each round.
   */
  private asksEarly = true;
  private isAnswerNew = false;

  constructor(work: Work) {
    this.work = work;
  }

  /**
   * The lease asked for ahead if there is one, else whatever the platform says now.
   * @returns null where it is over already, or the volunteer is to take none after all: then it is given back
   */
  async next(): Promise<Reply | null> {
    const { control } = this.work.options;
    const upload = (await this.takeAhead()) ?? (await this.askNow());
    if (upload?.type !== 'held' || !(upload.signal.aborted || control.isDone)) return upload;
    await this.giveBack(upload, control.whyNot);
    return null;
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

  /**
   * Begins to upload, after the last upload has ended; what is over by then is forgotten.
   * @param downloadBytes told in it: of an answer that the platform did not take they are told again with another
   */
  async upload(held: HeldLease, result: LeaseResult, downloadBytes: number): Promise<void> {
    const { lease, more } = held;
    await this.sending;
    if (isStale(held)) {
      this.work.blobs.untellBytes(downloadBytes);
      this.forget(lease.id);
      return;
    }
    this.uploaded = lease.id;
    this.isAnswerNew = true;
    this.asksEarly ||= more;
    this.sending = this.send(lease, result, downloadBytes);
    this.tell();
  }

  /** Waits for the upload under way. @returns whether there was one */
  async sent(): Promise<boolean> {
    if (!this.sending) return false;
    await this.sending;
    return true;
  }

  /** A closed round takes no answer: whoever still trains for it stops. */
  endRound(round: number): void {
    for (const { lease, stop } of this.held.values())
      if (lease.task.role !== 'evaluator' && lease.round <= round) stop.abort(STALE);
  }

  /** The run has ended, and every lease with it. */
  endRun(): void {
    for (const { stop } of this.held.values()) stop.abort(STALE);
  }

  /**
   * Gives a lease back, unless it is over already.
   * @param diverged its training came to numbers that are not finite: the next one is at half the rate
   */
  async giveBack(held: HeldLease, reason: string, diverged = false): Promise<void> {
    this.forget(held.lease.id);
    if (!isStale(held)) await this.release(held.lease.id, reason, diverged);
  }

  /** Gives back what was asked for ahead. */
  async giveBackAhead(reason = this.work.options.control.whyNot): Promise<void> {
    const ahead = await this.takeAhead();
    if (ahead) await this.giveBack(ahead, reason);
  }

  private async takeAhead(): Promise<HeldLease | null> {
    const ahead = await this.ahead;
    this.ahead = null;
    return ahead;
  }

  private async askNow(): Promise<Reply | null> {
    if (!this.asksEarly) await this.sending;
    const { options, status } = this.work;
    const answer = await retryUntilReached(waitingIn(options.control, status), () =>
      timed('lease', () => this.ask(this.uploaded)),
    );
    if (this.isAnswerNew && answer) this.asksEarly = answer.type === 'held';
    this.isAnswerNew = false;
    return answer;
  }

  private async ask(beside: string | null): Promise<Reply> {
    const { client, run, control } = this.work.options;
    const answer = await client.lease(run, this.work.identity.token, { beside, signal: control.gone });
    return answer.type === 'lease' ? this.hold(answer) : answer;
  }

  private hold({ lease, more }: Extract<LeaseResponse, { type: 'lease' }>): HeldLease {
    const { options, info, blobs, status } = this.work;
    const stop = options.control.leaseSwitch();
    const job = prepareJob(info, lease, blobs, options.memoryMB, (done, total) => {
      if (status.now.lease === lease.id && status.now.activity === 'downloading')
        status.set({ progress: done / total, note: `${done} of ${total} files` });
    });
    // Whoever takes the lease in hand hears of it; one given back before has nobody to tell.
    job.catch(() => {});
    this.held.set(lease.id, { lease, stop });
    this.tell();
    return { type: 'held', lease, more, job, signal: stop.signal };
  }

  /** An answer that did not get through is no answer: its lease is somebody else's. */
  private async send(lease: Lease, result: LeaseResult, downloadBytes: number): Promise<void> {
    const isTaken = await timed('upload', () => sendUpdate(this.work, lease, result));
    if (!isTaken) {
      this.uploaded = null;
      this.work.blobs.untellBytes(downloadBytes);
      await this.release(lease.id, 'the answer did not get through');
    }
    this.sending = null;
    this.forget(lease.id);
  }

  /** One that has ended already, or that nobody can be told of, ends by its deadline. */
  private async release(lease: string, reason: string, diverged = false): Promise<void> {
    const { client, run } = this.work.options;
    await client.release(run, lease, this.work.identity.token, reason, diverged).catch(() => {});
  }

  private forget(lease: string): void {
    const held = this.held.get(lease);
    if (held) this.work.options.control.forgetLease(held.stop);
    this.held.delete(lease);
    this.tell();
  }

  private tell(): void {
    const sending = this.sending ? this.uploaded : null;
    this.work.status.set({ held: [...this.held.keys()], sending });
  }
}
