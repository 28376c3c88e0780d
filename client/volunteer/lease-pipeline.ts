import { roundPolicyOf } from '../../shared/federation/round/round-policy.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type { LeaseResult } from '../trainer/trainer-api.ts';
import type { HeldLease } from './held-lease.ts';
import { isOver, OpenLeases } from './open-leases.ts';
import { prepareJob } from './prepare-job.ts';
import { sendUpdate } from './send-update.ts';
import { timed } from './user-timing.ts';
import type { Work } from './volunteer-options.ts';
import { waitingIn } from './waiting-in.ts';

type Reply = HeldLease | Exclude<LeaseResponse, { type: 'lease' }>;

/**
 * The leases around the one that trains: the next one, asked for ahead and downloaded meanwhile, and the last one, whose
 * update is on its way. There is at most one of each, so that a device lost costs no more than the leases in hand.
 */
export class LeasePipeline {
  private readonly work: Work;
  private readonly open: OpenLeases;
  private ahead: Promise<HeldLease | null> | null = null;
  private upload: Promise<void> | null = null;
  /**
   * The lease whose update was sent last. To ask for the next one names it, for the platform may not have the update yet,
   * and would end the lease.
   */
  private sent: string | null = null;
  /** Whether nobody has asked for a lease since that update was sent. */
  private isNewlySent = false;
  /**
   * Whether to ask for the next lease while an update is on its way. Not if the platform had nothing the last time, else
   * everyone in a crowd would ask once in vain each round.
   */
  private asksEarly = true;

  constructor(work: Work) {
    this.work = work;
    this.open = new OpenLeases(work.options.control);
  }

  /**
   * The lease asked for ahead if there is one, else what the platform replies now.
   * @returns null if the lease is over already, or if the volunteer is to take none after all: then it is given back
   */
  async next(): Promise<Reply | null> {
    const { control } = this.work.options;
    const reply = (await this.takeAhead()) ?? (await this.askNow());
    if (reply?.type !== 'held' || !(reply.signal.aborted || control.isDone)) return reply;
    await this.giveBack(reply, control.whyNot);
    return null;
  }

  /**
   * Asks for the lease after this one, if the platform said that it is to be had. It asks once a lease, and only when no
   * update is on its way: two leases are all that the platform lets anyone hold.
   */
  askAhead(current: HeldLease): void {
    const { control } = this.work.options;
    if (this.ahead || this.upload || !current.more || control.isDone || control.paused) return;
    this.ahead = this.ask(current.lease.id).then(
      reply => (reply.type === 'held' ? reply : null),
      () => null,
    );
  }

  /**
   * Begins to send an update, after the last one has been sent. An update whose lease is over by then goes nowhere.
   * @param downloadBytes told in the update: if the platform does not take it, they are told again with another
   */
  async send(held: HeldLease, result: LeaseResult, downloadBytes: number): Promise<void> {
    const { lease, more, signal } = held;
    await this.upload;
    if (isOver(signal)) {
      this.work.blobs.untellBytes(downloadBytes);
      this.forget(lease.id);
      return;
    }
    this.sent = lease.id;
    this.isNewlySent = true;
    this.asksEarly ||= more;
    this.upload = this.uploadUpdate(held, result, downloadBytes);
    this.tell();
  }

  /** Waits for the update on its way. @returns whether there was one */
  async whenSent(): Promise<boolean> {
    if (!this.upload) return false;
    await this.upload;
    return true;
  }

  /**
   * A version came out of this round. A lease of it goes on if its update still counts in a later round, as the platform
   * lets it ([PUB3]): what is half trained is worth more than a fresh start.
   */
  endRound(round: number): void {
    const { info, status } = this.work;
    const { countsIn } = roundPolicyOf(info.spec);
    if (this.open.endStale(lease => countsIn(info, lease, round + 1) === null))
      status.set({ note: `round ${round} closed before this task was done; taking a new one` });
  }

  /** The run has ended, and every lease with it. */
  endRun(): void {
    this.open.endRun();
  }

  /**
   * Gives a lease back, unless it is over already.
   * @param diverged its training came to numbers that are not finite: the next one is at half the rate
   */
  async giveBack({ lease, signal }: HeldLease, reason: string, diverged = false): Promise<void> {
    this.forget(lease.id);
    if (!isOver(signal)) await this.release(lease.id, reason, diverged);
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
    if (!this.asksEarly) await this.upload;
    const { options, status } = this.work;
    const reply = await retryUntilReached(waitingIn(options, status), () =>
      timed('lease', () => this.ask(this.sent)),
    );
    if (this.isNewlySent && reply) this.asksEarly = reply.type === 'held';
    this.isNewlySent = false;
    return reply;
  }

  /** @param beside the lease that goes on beside the one asked for */
  private async ask(beside: string | null): Promise<Reply> {
    const { client, run, control } = this.work.options;
    const reply = await client.lease(run, this.work.identity.token, { beside, signal: control.gone });
    return reply.type === 'lease' ? this.begin(reply) : reply;
  }

  /** Takes a lease in hand and begins to download for it. */
  private begin({ lease, more }: Extract<LeaseResponse, { type: 'lease' }>): HeldLease {
    const { options, info, blobs, status } = this.work;
    const signal = this.open.add(lease);
    const endsAt = performance.now() + lease.deadlineMs;
    const job = prepareJob(info, lease, blobs, options.memoryMB, (done, total) => {
      if (status.now.lease === lease.id && status.now.activity === 'downloading')
        status.set({ progress: done / total, note: `${done} of ${total} files` });
    });
    // Whoever trains the lease hears of a failure. If it is given back before, there is nobody to tell.
    job.catch(() => {});
    this.tell();
    return { type: 'held', lease, more, endsAt, job, signal };
  }

  /** Sends an update to its end. If the platform did not get it, the lease is given back: it is somebody else's. */
  private async uploadUpdate(held: HeldLease, result: LeaseResult, downloadBytes: number): Promise<void> {
    const { blobs, residuals, drifts } = this.work;
    const { id } = held.lease;
    const taken = timed('upload', () => sendUpdate(this.work, held, result));
    await Promise.all([residuals.keepIf(taken, result.residual), drifts.keepIf(taken, result.drift)]);
    if (!(await taken)) {
      this.sent = null;
      blobs.untellBytes(downloadBytes);
      await this.release(id, 'the update did not get through');
    }
    this.upload = null;
    this.forget(id);
  }

  /** Tells the platform. A lease that has ended already, or that nobody can be told of, ends by its deadline. */
  private async release(lease: string, reason: string, diverged = false): Promise<void> {
    const { client, run } = this.work.options;
    await client.release(run, lease, this.work.identity.token, reason, diverged).catch(() => {});
  }

  private forget(lease: string): void {
    this.open.remove(lease);
    this.tell();
  }

  private tell(): void {
    this.work.status.set({ held: this.open.ids, sending: this.upload ? this.sent : null });
  }
}
