import { DurableObject } from 'cloudflare:workers';
import { recordRefusal } from '../../shared/cohort/acceptance.ts';
import { checkUpdate } from '../../shared/cohort/check-update.ts';
import type { CohortMachine, TakenUpdate } from '../../shared/cohort/cohort-machine.ts';
import type { EnvelopePlace } from '../../shared/cohort/ports.ts';
import type {
  ClosedRound,
  FoldedRole,
  FoldRequest,
  LeftOut,
  TakeBackRequest,
} from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import { accepted, type Refusal, type Result } from '../../shared/protocol/refusals.ts';
import { AlarmClock } from '../alarm-clock.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import type { Env } from '../env.ts';
import { inTime, type LateError } from '../in-time.ts';
import { type CohortObject, ROW_BYTES } from '../object-calls.ts';
import { bucketInTime } from '../storage/bucket-in-time.ts';
import { bucketOf } from '../storage/bucket-of.ts';
import { checkStored } from './check-stored.ts';
import { CohortStore, type Sender } from './cohort-store.ts';
import { envelopeKey } from './envelope-key.ts';
import { type OpenCohort, openCohort } from './open-cohort.ts';
import { Reporter } from './reporter.ts';
import { Turns } from './turns.ts';

/** Longer than a report takes, so that the alarm hardly ever finds something to do. */
const ALARM_MS = 5_000;

/** A folded round is archived after this. Reports and folds have their turn before. */
const ARCHIVE_MS = 1_000;

/** What fails is tried again after twice the time, up to this. */
const LONGEST_RETRY_MS = 300_000;

/**
 * No check of an update and no slice of a fold takes longer, for the platform bounds an invocation's time of the processor
 * to half a minute. The coordinator asks for a fold again after two minutes, and must find an object that can fold.
 */
const LONGEST_TURN_MS = 100_000;

/** Whoever sent an update waits for its report. If it takes longer, the alarm reports once more. */
const LONGEST_REPORT_MS = 30_000;

/** The platform ends an alarm after a quarter of an hour. */
const LONGEST_ARCHIVE_MS = 600_000;

/**
 * The shell around one cohort machine. It gives the machine SQLite, the bucket and the time, and tells the coordinator what the
 * machine decided. An update is durable before the reply is given, and the coordinator has heard of it, or will by the
 * alarm.
 */
export class Cohort extends DurableObject<Env> implements CohortObject {
  private readonly store: CohortStore;
  private readonly reporter: Reporter;
  /**
   * Kept while the object is awake. The settings are large: with a hosted data set they name up to ten thousand
   * parts.
   */
  private open: OpenCohort | null = null;
  /** It delivers and archives what this object does not get to. */
  private readonly alarms: AlarmClock;
  private failures = 0;
  private isErased = false;
  private readonly checks = new Turns(LONGEST_TURN_MS, late => this.startAnew('a check', late));
  private readonly folds = new Turns(LONGEST_TURN_MS, late => this.startAnew('a fold', late));

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.store = new CohortStore(ctx.storage);
    this.reporter = new Reporter(this.store, async entries => {
      const sender = this.store.sender();
      if (!sender) return undefined;
      return inTime(coordinatorOf(env, sender.run).report(sender.role, entries), LONGEST_REPORT_MS);
    });
    this.alarms = new AlarmClock(ctx.storage);
    void ctx.blockConcurrencyWhile(() => this.alarms.wake());
  }

  async accept(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>> {
    const { config, machine } = await this.opened(claims);
    if (envelope.length > ROW_BYTES) return this.acceptUnstored(claims, envelope);
    const checked = machine.check(claims, Date.now(), () => checkUpdate(config, claims, envelope));
    const result = this.take(machine, claims, checked, envelope.length, { bytes: envelope });
    await this.reporter.heard();
    return result;
  }

  async checkOpen(claims: LeaseClaims, bytes: number): Promise<Result<true>> {
    const { machine } = await this.opened(claims);
    const open = machine.check(claims, Date.now(), () => accepted<true>(true));
    if (!open.ok) await this.refuse(claims, open, bytes);
    return open;
  }

  /** Large updates are checked one after another. Between their chunks, small ones have their turn. */
  async acceptStored(claims: LeaseClaims, key: string, bytes: number): Promise<Result<true>> {
    const { config, machine } = await this.opened(claims);
    const next = async (): Promise<Result<true>> => {
      const open = machine.countsIn(claims, Date.now());
      const keepsValues = machine.sumsOnArrival(claims, Date.now());
      const sketched = open.ok ? machine.sketches.begin(open.value) : null;
      const sketch = sketched?.sketch ?? null;
      const checked = open.ok
        ? await checkStored(bucketOf(this.env), key, config, claims, keepsValues, sketch)
        : open;
      // While the envelope was read, the round may have been closed. Then it counts in another one, with another seed.
      const now = machine.countsIn(claims, Date.now());
      if (open.ok && now.ok && now.value !== open.value) return next();
      // The machine looks again.
      const update = checked.ok ? accepted({ ...checked.value, sketched }) : checked;
      return this.take(machine, claims, update, bytes, { key });
    };
    const result = this.checks.next(next);
    const isTaken = await result.then(({ ok }) => ok).catch(() => false);
    if (!isTaken) await bucketInTime(bucketOf(this.env).delete(key));
    await this.reporter.heard();
    return result;
  }

  /** A Worker of an older release passes large updates whole too. */
  private async acceptUnstored(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>> {
    const open = await this.checkOpen(claims, envelope.length);
    if (!open.ok) return open;
    const key = envelopeKey(claims);
    await bucketOf(this.env).put(key, envelope);
    return this.acceptStored(claims, key, envelope.length);
  }

  /** From a route that refused before reading the body. */
  async refuse(claims: LeaseClaims, refusal: Refusal, bytes: number): Promise<void> {
    this.nameSender(claims);
    recordRefusal(this.store, claims, refusal, bytes);
    this.watch();
    await this.reporter.heard();
  }

  /** The run is over: no update of it is accepted any more. */
  finish(): void {
    this.store.finish();
  }

  /** After a fold that is under way: it must store nothing behind this. */
  async erase(): Promise<string[]> {
    if (!this.isErased) this.store.finish();
    this.isErased = true;
    return this.folds.next(async () => {
      const made = this.store.madeShards();
      await this.ctx.storage.deleteAlarm();
      await this.ctx.storage.deleteAll();
      return made;
    });
  }

  bar(volunteers: readonly string[]): void {
    this.store.bar(volunteers);
  }

  /** [ROUND9] The coordinator hears of every update before it has the fold. If that fails, the alarm tells it later. */
  async close(
    run: string,
    role: Role,
    cohort: number,
    round: number,
    leftOut?: LeftOut,
  ): Promise<ClosedRound> {
    const { machine } = await this.opened({ run, role, cohort });
    machine.close(round);
    await this.reporter.heardAtOnce();
    return machine.closed(round, leftOut);
  }

  /** Closes the round and folds it. If it is asked again, even meanwhile, the result is the same. */
  async fold(
    run: string,
    role: Role,
    request: FoldRequest,
    inSlices = false,
    cohort = 0,
  ): Promise<FoldedRole | 'goesOn'> {
    const sender = { run, role, cohort };
    for (;;) {
      const result = await this.folds.next(() => this.foldSlice(sender, request));
      if (result || inSlices) return result ?? 'goesOn';
    }
  }

  private async foldSlice(sender: Sender, request: FoldRequest): Promise<FoldedRole | null> {
    const { machine } = await this.opened(sender);
    machine.close(request.round);
    // So the coordinator hears of every update before it has the fold. If this fails, the alarm tells it later.
    await this.reporter.heardAtOnce();
    const result = await machine.foldSlice(request);
    if (result) this.watch(ARCHIVE_MS);
    return result;
  }

  /** After a fold that is under way: it must not end behind this. */
  takeBack(run: string, role: Role, cohort: number, { round, to }: TakeBackRequest): Promise<true> {
    return this.folds.next<true>(async () => {
      const { machine } = await this.opened({ run, role, cohort });
      machine.takeBack(round, to);
      this.watch(ARCHIVE_MS);
      return true;
    });
  }

  /** A call of the bucket has not come back. All that waits for it fails, is asked for again, and finds an object without it. */
  private startAnew(stuck: string, error: LateError): void {
    console.error(`${stuck} is given up`, error);
    this.ctx.abort(`${stuck} did not end`);
  }

  override async alarm(): Promise<void> {
    this.alarms.rang();
    if (this.isErased) return;
    const sender = this.store.sender();
    if (!sender) return;
    await this.reporter.heard();
    try {
      const { machine } = await this.opened(sender);
      await inTime(machine.archive(), LONGEST_ARCHIVE_MS);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      console.error('a round was not archived', error);
    }
    this.watch();
  }

  private take(
    machine: CohortMachine,
    claims: LeaseClaims,
    checked: Result<TakenUpdate>,
    bytes: number,
    place: EnvelopePlace,
  ): Result<true> {
    const result = checked.ok ? machine.take(claims, checked.value, bytes, place, Date.now()) : checked;
    if (!result.ok) recordRefusal(this.store, claims, result, bytes);
    this.watch();
    return result;
  }

  private async opened(sender: Sender): Promise<OpenCohort> {
    if (this.isErased) throw new Error('the run is deleted');
    this.nameSender(sender);
    if (this.open) return this.open;
    const opened = await openCohort(this.env, this.store, sender);
    // Another call may have opened it meanwhile. Its sums are running already.
    this.open ??= opened;
    return this.open;
  }

  /** From the first call on, so that the alarm can tell the coordinator too. */
  private nameSender({ run, role, cohort = 0 }: Sender): void {
    if (this.open) return;
    const known = this.store.sender();
    // One of an older release knew no number.
    if (!known || (known.cohort ?? 0) !== cohort)
      this.store.setSender({ run, role, ...(cohort > 0 && { cohort }) });
  }

  /** Whether something is left for the alarm: entries that were not told, or rounds that are not archived. */
  private get isOwing(): boolean {
    return this.store.waiting > 0 || this.store.isUnarchived;
  }

  /**
   * Sets the alarm in the same turn in which the log was written, so that both are kept or neither is. One alarm serves all
   * that comes before it rings. To take it back would cost as much as to let it ring.
   */
  private watch(soonestMs = ALARM_MS): void {
    if (!this.isOwing) return;
    const afterMs = Math.min(LONGEST_RETRY_MS, soonestMs * 2 ** this.failures);
    void this.alarms.ringBy(Date.now() + afterMs);
  }
}
