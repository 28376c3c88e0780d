import { roundPolicyOf } from '../../shared/federation/round/round-policy.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import type { LeaseResponse } from '../../shared/protocol/messages.ts';
import { describeStanding } from '../../shared/protocol/standing.ts';
import { rest } from '../platform/rest.ts';
import { retryUntilReached } from '../platform/retry-until-reached.ts';
import type { LeaseResult } from '../trainer/trainer-api.ts';
import type { HeldLease } from './held-lease.ts';
import { MeasuringAgain } from './measuring-again.ts';
import { isOver, OpenLeases } from './open-leases.ts';
import type { Sending } from './outbox/outbox.ts';
import { type PreparedJob, prepareJob } from './prepare-job.ts';
import { countOutcome, sendUpdate } from './send-update.ts';
import { timed } from './user-timing.ts';
import type { Work } from './volunteer-options.ts';
import { waitingIn } from './waiting-in.ts';
import { type ClaimedWork, claimedWork, requireAgreed } from './work-limits.ts';

/** So many undecided updates keep nobody from asking for a lease: two leases are all that the platform lets anyone hold. */
const MOST_UNDECIDED = 1;

/**
 * The platform ends a lease sooner than its holder knows: the reply to the grant was on its way for so long, and the next
 * ask will be. On a slow line each takes about a second.
 */
const CLOCK_SLACK_MS = 2_000;

/** An update on its way. */
interface Upload {
  /** Resolves after the first attempt, whatever came of it. */
  readonly tried: Promise<void>;
  readonly tryAnew: () => Promise<void>;
  /** When its lease's time is up, by `performance.now`. */
  readonly endsAt: number;
  /** Resolves when all is done that the platform's decision asks for. */
  readonly end: Promise<void>;
}

type Reply = HeldLease | Exclude<LeaseResponse, { type: 'lease' }>;

const standingNote = ({ standing }: Exclude<LeaseResponse, { type: 'finished' }>): string | null =>
  standing ? describeStanding(standing) : null;

/**
 * The leases around the one that trains: the next one, asked for ahead and downloaded meanwhile, and those before, whose
 * updates are on their way. A device that is lost costs no more than the leases in hand.
 */
export class LeasePipeline {
  private readonly work: Work;
  private readonly open: OpenLeases;
  private ahead: Promise<HeldLease | null> | null = null;
  /** Updates that the platform has not decided on, by their leases. The oldest is the first. */
  private readonly uploads = new Map<string, Upload>();
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
  private readonly measuring: MeasuringAgain;

  constructor(work: Work) {
    this.work = work;
    this.open = new OpenLeases(work.options.control);
    this.measuring = new MeasuringAgain(work.options.trainer, work.macsPerSecond);
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
    if (this.ahead || this.uploads.size > 0 || !current.more || control.isDone || control.paused) return;
    this.ahead = this.ask(current.lease.id).then(
      reply => (reply.type === 'held' ? reply : null),
      () => null,
    );
  }

  /**
   * Begins to send an update. Nobody waits for it: a platform that is away keeps the next lease from nothing.
   * @param downloadBytes told in the update: if the platform does not take it, they are told again with another
   */
  send(held: HeldLease, result: LeaseResult, downloadBytes: number): void {
    const { lease, more } = held;
    this.sent = lease.id;
    this.isNewlySent = true;
    this.asksEarly ||= more;
    this.follow(sendUpdate(this.work, held, result), held.endsAt, downloadBytes);
  }

  /** Goes on with the updates that were left when this volunteer stopped, or was stopped, the last time. */
  async resume(): Promise<void> {
    for (const sending of await this.work.outbox.resume()) {
      this.sent = sending.update.lease;
      // Nobody knows how long its lease lasts. It may be over.
      this.follow(sending, 0, 0);
    }
  }

  /** Waits until each update on its way was tried. @returns whether the platform has decided on one */
  async whenTried(): Promise<boolean> {
    const before = this.uploads.size;
    await Promise.all([...this.uploads.values()].map(({ tried }) => tried));
    return this.uploads.size < before;
  }

  /** Leaves what cannot be sent within so many ms, or until a stop and a little longer. It is kept for another time. */
  async leave(graceMs: number): Promise<void> {
    await this.work.outbox.leave(graceMs, this.work.options.control.gone);
    await Promise.all([...this.uploads.values()].map(({ end }) => end));
  }

  /**
   * A version came out of this round. A lease of it goes on if its update still counts in a later round, as the platform
   * lets it ([PUB3]): what is half trained is worth more than a fresh start. An update on its way may be with the platform
   * already, so its answer is waited for.
   */
  endRound(round: number): void {
    const { info, status } = this.work;
    const { countsIn } = roundPolicyOf(info.spec);
    const ended = this.open.endStale(lease => countsIn(info, lease, round + 1) === null);
    if (ended.some(lease => !this.uploads.has(lease)))
      status.set({ note: `round ${round} closed before this task was done; taking a new one` });
  }

  /** [BACK3] The run went back to an older version: what is trained on a later one counts no more. */
  endTakenBack(last: number): void {
    const ended = this.open.endStale(({ round }) => round <= last);
    if (ended.length > 0)
      this.work.status.set({ note: 'the run went back to an older version; taking a new task' });
  }

  /** [CLOSE2] The run comes to its end, and its last version is to be judged. */
  endTraining(): void {
    const ended = this.open.endStale(() => true);
    if (ended.length > 0)
      this.work.status.set({ note: 'the run comes to its end; testing its last version' });
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
    const { options, status } = this.work;
    await this.untilFewer(this.asksEarly ? MOST_UNDECIDED : 0);
    if (options.control.isDone || options.control.paused) return null;
    const reply = await retryUntilReached(waitingIn(options, status), async () => {
      await this.sendOverdue();
      return timed('lease', () => this.ask([...this.uploads.keys()].at(-1) ?? this.sent));
    });
    if (this.isNewlySent && reply) this.asksEarly = reply.type === 'held';
    this.isNewlySent = false;
    return reply;
  }

  /**
   * Sends first what was trained for a lease whose time is up. The platform has ended that lease, and the next one may be
   * of the same role and round. It would be trained in vain, for one update counts (ACC2). An upload that takes longer
   * than a reply is not waited for.
   */
  private async sendOverdue(): Promise<void> {
    const { client, control } = this.work.options;
    const isUp = ({ endsAt }: Upload): boolean => endsAt <= performance.now() + CLOCK_SLACK_MS;
    const overdue = [...this.uploads.values()].filter(isUp);
    if (overdue.length === 0) return;
    const patience = new AbortController();
    const tried = Promise.all(overdue.map(({ tryAnew }) => tryAnew()));
    const signal = AbortSignal.any([patience.signal, control.stopped]);
    await Promise.race([tried, rest(client.limits.replyMs, signal)]);
    patience.abort();
  }

  /** Waits until no more updates than this are undecided, or until a switch is turned. */
  private async untilFewer(most: number): Promise<void> {
    const { options, status } = this.work;
    const { control } = options;
    while (this.uploads.size > most && !control.isDone && !control.paused) {
      const ends = Array.from(this.uploads.values(), ({ end }) => end);
      status.set({ activity: 'uploading' });
      await Promise.race([...ends, control.rest(Number.POSITIVE_INFINITY)]);
    }
  }

  /** @param beside the lease that goes on beside the one asked for */
  private async ask(beside: string | null): Promise<Reply> {
    const { client, run, control } = this.work.options;
    const macsPerSecond = await this.measuring.measured();
    const question = { beside, macsPerSecond, signal: control.gone };
    const reply = await client.lease(run, this.work.identity.token, question);
    this.measuring.heard(reply);
    if (reply.type !== 'finished') this.work.status.set({ standing: standingNote(reply) });
    return reply.type === 'lease' ? this.begin(reply) : reply;
  }

  /** Takes a lease in hand and begins to download for it. */
  private begin({ lease, more }: Extract<LeaseResponse, { type: 'lease' }>): HeldLease {
    const signal = this.open.add(lease);
    const endsAt = performance.now() + lease.deadlineMs;
    const speed = this.measuring.macsPerSecond * this.work.options.control.effort;
    const claimed = claimedWork(this.work.info, lease, speed);
    const job = this.prepare(lease, claimed);
    // Whoever trains the lease hears of a failure. If it is given back before, there is nobody to tell.
    job.catch(() => {});
    this.tell();
    return { type: 'held', lease, more, endsAt, job, claimed, signal };
  }

  /** Downloads what it needs, unless it asks for more than the device's owner agreed to. */
  private async prepare(lease: Lease, claimed: ClaimedWork): Promise<PreparedJob> {
    const { options, info, blobs, status, workLimits } = this.work;
    requireAgreed(claimed, workLimits);
    return prepareJob(info, lease, blobs, { memoryMB: options.memoryMB, workLimits }, (done, total) => {
      if (status.now.lease === lease.id && status.now.activity === 'downloading')
        status.set({ progress: done / total, note: `${done} of ${total} files` });
    });
  }

  private follow(sending: Sending, endsAt: number, downloadBytes: number): void {
    const { tryAnew, update } = sending;
    const end = this.finish(sending, downloadBytes);
    this.uploads.set(update.lease, { tried: Promise.race([sending.tried, end]), tryAnew, endsAt, end });
    this.tell();
  }

  /** If the platform did not take an update, and never will, its lease is given back: it is somebody else's. */
  private async finish({ update, outcome }: Sending, downloadBytes: number): Promise<void> {
    const { lease } = update;
    const result = await outcome;
    countOutcome(this.work, update, result);
    if (result.decision === 'refused' || result.decision === 'unknown') {
      if (this.sent === lease) this.sent = null;
      this.work.blobs.untellBytes(downloadBytes);
      if (result.error !== null) await this.release(lease, 'the update did not get through');
    }
    this.uploads.delete(lease);
    this.forget(lease);
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
    this.work.status.set({ held: this.open.ids, sending: [...this.uploads.keys()] });
  }
}
