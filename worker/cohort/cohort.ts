import { DurableObject } from 'cloudflare:workers';
import { type CheckedUpdate, checkUpdate } from '../../shared/cohort/check-update.ts';
import type { CohortEntry, FoldedRole, RunConfig } from '../../shared/federation/run-state.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { accepted, type Refusal, type Result, refused } from '../../shared/protocol/refusals.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import type { Env } from '../env.ts';
import type { CohortObject, FoldRequest } from '../object-calls.ts';
import { CohortStore, type Sender } from './cohort-store.ts';
import { foldRound, RoundSums, trainedSegments } from './fold-round.ts';

/** An envelope of at most this lies in a row of SQLite (2 MB is the platform's limit); a larger one in R2. */
const ROW_BYTES = 1_000_000;

/** Entries reported to the coordinator in one call. */
const REPORT_BATCH = 200;

/** Longer than a report takes, so that the alarm hardly ever rings. */
const RETRY_MS = 2_000;

/** Updates of one round that the exact sums have room for, whatever their values (`shared/aggregation/exact-sum`). */
const MAX_UPDATES = 512;

/** Refusals of one lease that are written down; who goes on is refused all the same, and fills no ledger. */
const REFUSALS_A_LEASE = 5;

/**
 * One run's volunteers of one role: checks, keeps and folds their updates. An answer is durable before it is given, and
 * the coordinator has heard of it, or will by the alarm.
 */
export class Cohort extends DurableObject<Env> implements CohortObject {
  private readonly store: CohortStore;
  /** Kept beside its row: with a hosted set it names up to ten thousand parts, too much to parse for every update. */
  private settings: RunConfig | null = null;
  private sums: RoundSums | null = null;
  /** Whether an alarm is set that delivers the outbox should this object not get to it. */
  private isWatched = false;
  private delivering: Promise<void> | null = null;
  private folding: Promise<FoldedRole> = Promise.resolve({ updates: 0, segments: {} });

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.store = new CohortStore(ctx.storage);
  }

  async accept(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>> {
    const config = await this.config(claims.run);
    const checked = this.check(config, claims, envelope);
    const object = checked.ok && envelope.length > ROW_BYTES ? envelopeKey(claims) : null;
    if (object) await this.env.BLOBS.put(object, envelope);
    const result = checked.ok ? this.take(config, claims, checked.value, envelope, object) : checked;
    if (result.ok) this.watchOutbox(claims);
    else this.postRefusal(claims, result, envelope.length);
    if (object && !result.ok) await this.env.BLOBS.delete(object);
    await this.deliver(claims.run, claims.role);
    return result.ok ? accepted(true) : result;
  }

  /** From a route that refused before reading the body. */
  async refuse(claims: LeaseClaims, refusal: Refusal, bytes: number): Promise<void> {
    this.postRefusal(claims, refusal, bytes);
    await this.deliver(claims.run, claims.role);
  }

  private postRefusal(claims: LeaseClaims, refusal: Refusal, bytes: number): void {
    this.store.postRefusal(refusalEntry(claims, refusal, bytes), REFUSALS_A_LEASE);
    this.watchOutbox(claims);
  }

  /** The run is over: no lease of it is taken any more. */
  finish(): void {
    this.store.finish();
  }

  /** Closes the round and folds it; asked again, even meanwhile, it answers the same. */
  fold(run: string, role: Role, request: FoldRequest): Promise<FoldedRole> {
    const next = (): Promise<FoldedRole> => this.foldOnce(run, role, request);
    this.folding = this.folding.then(next, next);
    return this.folding;
  }

  private async foldOnce(run: string, role: Role, { round, manifest }: FoldRequest): Promise<FoldedRole> {
    const config = await this.config(run);
    this.store.closeRound(Math.max(round, this.store.closedRound()));
    await this.deliver(run, role);
    const known = this.store.folded(round);
    if (known) return known;
    const sums = this.sums?.round === round ? this.sums : null;
    const result = await foldRound({
      run,
      role,
      round,
      manifest,
      config,
      store: this.store,
      bucket: this.env.BLOBS,
      sums,
    });
    const archived = this.store.finishRound(round, trainedSegments(config, round, role), result);
    if (archived.length > 0) await this.env.BLOBS.delete(archived);
    this.sums = null;
    return result;
  }

  override async alarm(): Promise<void> {
    this.isWatched = false;
    const sender = this.store.sender();
    if (!sender) return;
    this.watchOutbox(sender);
    await this.deliver(sender.run, sender.role);
  }

  private check(config: RunConfig, claims: LeaseClaims, envelope: Uint8Array): Result<CheckedUpdate> {
    const open = this.checkOpen(claims);
    return open.ok ? checkUpdate(config, claims, envelope) : open;
  }

  /** Decides, stores and folds in one turn of the object: nothing can close the round between. */
  private take(
    config: RunConfig,
    claims: LeaseClaims,
    update: CheckedUpdate,
    envelope: Uint8Array,
    object: string | null,
  ): Result<true> {
    // Again: while a large envelope went to R2 the lease may have been answered or its round closed.
    const open = this.checkOpen(claims);
    if (!open.ok) return open;
    const { lease, volunteer, round, role } = claims;
    const { sha256, norm, metrics } = update;
    const entry: CohortEntry = {
      lease,
      volunteer,
      round,
      bytes: envelope.length,
      ok: true,
      sha256,
      norm,
      metrics,
    };
    this.store.accept(claims, update, object ? null : envelope, object, entry);
    if (role === 'evaluator') this.store.forget(round);
    else this.foldNow(config, claims, update);
    return open;
  }

  /** Rules ACC1 and ACC2: whether this lease may still be answered. */
  private checkOpen({ lease, role, round, volunteer, deadlineAt }: LeaseClaims): Result<true> {
    if (this.store.isFinished()) return refused('run-not-open', 'the run is finished');
    if (this.store.isAnswered(lease)) return refused('duplicate');
    if (role !== 'evaluator' && round <= this.store.closedRound()) return refused('stale');
    if (Date.now() > deadlineAt) return refused('late');
    if (role !== 'evaluator' && this.store.hasServed(round, volunteer))
      return refused('duplicate', 'one update a volunteer, role and round');
    if (role !== 'evaluator' && this.store.countUpdates(round) >= MAX_UPDATES)
      return refused('busy', 'this cohort is full');
    return accepted(true);
  }

  /** Folds on arrival where the clip is known and the sums fit in memory; the close folds whatever this could not. */
  private foldNow(config: RunConfig, claims: LeaseClaims, update: CheckedUpdate): void {
    if (this.sums?.round !== claims.round)
      this.sums = RoundSums.open(
        config,
        claims.round,
        trainedSegments(config, claims.round, claims.role),
        this.store,
      );
    this.sums?.add(update.values, claims.examples, update.norm);
  }

  private async config(run: string): Promise<RunConfig> {
    this.settings ??= this.store.config();
    if (this.settings) return this.settings;
    const asked = await coordinatorOf(this.env, run).config();
    if (!asked.ok) throw new Error(`run ${run} is unknown to its coordinator`);
    this.store.setConfig(asked.value);
    this.settings = asked.value;
    return asked.value;
  }

  /**
   * Sets the alarm in the same turn as what is in the outbox was written, so that both are kept or neither. One alarm
   * serves all that is posted until the outbox is empty.
   */
  private watchOutbox({ run, role }: Sender): void {
    if (this.isWatched || this.store.isDelivered()) return;
    this.isWatched = true;
    if (!this.store.sender()) this.store.setSender({ run, role });
    void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
  }

  /** Reports what is in the outbox, many answers in one call where many came. A failure is tried again by the alarm. */
  private deliver(run: string, role: Role): Promise<void> {
    if (this.store.isDelivered()) return this.delivering ?? Promise.resolve();
    this.delivering ??= this.deliverAll(run, role);
    return this.delivering;
  }

  private async deliverAll(run: string, role: Role): Promise<void> {
    try {
      while (!this.store.isDelivered()) {
        const batch = this.store.outbox(REPORT_BATCH);
        await coordinatorOf(this.env, run).report(role, batch.entries);
        this.store.delivered(batch.last);
      }
      this.isWatched = false;
      void this.ctx.storage.deleteAlarm();
    } catch (error) {
      console.error('the coordinator was not told', error);
    } finally {
      // In the turn in which the outbox was found empty: what is posted next finds nobody at it and is delivered anew.
      this.delivering = null;
    }
  }
}

/** A new one for every answer: a second one to the same lease must not write over the first. */
const envelopeKey = ({ run, lease }: LeaseClaims): string =>
  `envelopes/${run}/${lease}/${crypto.randomUUID()}`;

const refusalEntry = (
  { lease, volunteer, round }: LeaseClaims,
  { reason, detail }: Refusal,
  bytes: number,
): CohortEntry => ({
  lease,
  volunteer,
  round,
  bytes,
  ok: false,
  reason,
  ...(detail === undefined ? {} : { detail }),
});
