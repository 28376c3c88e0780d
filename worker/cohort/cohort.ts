import { DurableObject } from 'cloudflare:workers';
import { recordRefusal } from '../../shared/cohort/acceptance.ts';
import { checkUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import type { FoldedRole, FoldRequest } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../shared/protocol/lease.ts';
import type { Refusal, Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { coordinatorOf } from '../coordinator/coordinator-of.ts';
import type { Env } from '../env.ts';
import type { CohortObject } from '../object-calls.ts';
import { archiveFolder } from '../storage/archives.ts';
import { CohortStore, type Sender } from './cohort-store.ts';
import { r2Blobs } from './r2-blobs.ts';
import { r2Envelopes } from './r2-envelopes.ts';
import { r2Sums } from './r2-sums.ts';

/** An envelope of at most so many bytes lies in a row of SQLite, which may have 2 MB. A larger one lies in R2. */
const ROW_BYTES = 1_000_000;

/** So many entries are reported to the coordinator in one call. */
const REPORT_BATCH = 200;

/** Longer than a report takes, so that the alarm hardly ever rings. */
const RETRY_MS = 2_000;

/** A cohort machine, and the settings that it was made of. */
interface OpenCohort {
  readonly config: RunConfig;
  readonly machine: CohortMachine;
}

/**
 * The shell around one cohort machine. It gives the machine SQLite, R2 and the time, and tells the coordinator what the
 * machine decided. An update is durable before the reply is given, and the coordinator has heard of it, or will by the
 * alarm.
 */
export class Cohort extends DurableObject<Env> implements CohortObject {
  private readonly store: CohortStore;
  /**
   * Kept while the object is awake. The settings are large: with a hosted data set they name up to ten thousand
   * parts.
   */
  private open: OpenCohort | null = null;
  /** Whether an alarm is set. It delivers the outbox if this object does not get to it. */
  private isWatched = false;
  private delivering: Promise<void> | null = null;
  private folding: Promise<FoldedRole> = Promise.resolve({ updates: 0, segments: {} });

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.store = new CohortStore(ctx.storage);
  }

  async accept(claims: LeaseClaims, envelope: Uint8Array): Promise<Result<true>> {
    const { config, machine } = await this.opened(claims);
    const checked = machine.check(claims, Date.now(), () => checkUpdate(config, claims, envelope));
    const key = checked.ok && envelope.length > ROW_BYTES ? envelopeKey(claims) : null;
    if (key) await this.env.BLOBS.put(key, envelope);
    // The machine looks again. While a large envelope went to R2, the round may have been closed.
    const place = key ? { key } : { bytes: envelope };
    const result = checked.ok
      ? machine.take(claims, checked.value, envelope.length, place, Date.now())
      : checked;
    if (!result.ok) recordRefusal(this.store, claims, result, envelope.length);
    this.watchOutbox(claims);
    if (key && !result.ok) await this.env.BLOBS.delete(key);
    await this.deliver(claims);
    return result;
  }

  /** From a route that refused before reading the body. */
  async refuse(claims: LeaseClaims, refusal: Refusal, bytes: number): Promise<void> {
    recordRefusal(this.store, claims, refusal, bytes);
    this.watchOutbox(claims);
    await this.deliver(claims);
  }

  /** The run is over: no update of it is accepted any more. */
  finish(): void {
    this.store.finish();
  }

  /** Closes the round and folds it. If it is asked again, even meanwhile, the result is the same. */
  fold(run: string, role: Role, request: FoldRequest): Promise<FoldedRole> {
    const next = (): Promise<FoldedRole> => this.foldOnce({ run, role }, request);
    this.folding = this.folding.then(next, next);
    return this.folding;
  }

  private async foldOnce(sender: Sender, request: FoldRequest): Promise<FoldedRole> {
    const { machine } = await this.opened(sender);
    machine.close(request.round);
    // So the coordinator hears of every update before it has the fold. If this fails, the alarm tells it later.
    await this.deliver(sender);
    return machine.fold(request);
  }

  override async alarm(): Promise<void> {
    this.isWatched = false;
    const sender = this.store.sender();
    if (!sender) return;
    this.watchOutbox(sender);
    await this.deliver(sender);
  }

  private async opened({ run, role }: Sender): Promise<OpenCohort> {
    if (this.open) return this.open;
    const config = await this.config(run);
    const blobs = r2Blobs(this.env.BLOBS, run);
    const envelopes = r2Envelopes(this.env.BLOBS, archiveFolder(run, role));
    const sums = r2Sums(this.env.BLOBS, `sums/${run}/${role}`);
    // Another call may have opened it meanwhile. Its sums are running already.
    this.open ??= {
      config,
      machine: new CohortMachine(config, role, { log: this.store, blobs, envelopes, sums }),
    };
    return this.open;
  }

  private async config(run: string): Promise<RunConfig> {
    const kept = this.store.config();
    if (kept) return kept;
    const asked = await coordinatorOf(this.env, run).config();
    if (!asked.ok) throw new Error(`run ${run} is unknown to its coordinator`);
    this.store.setConfig(asked.value);
    return asked.value;
  }

  /**
   * Sets the alarm in the same turn in which the outbox was written, so that both are kept or neither is. One alarm
   * serves all that is posted until the outbox is empty.
   */
  private watchOutbox({ run, role }: Sender): void {
    if (this.isWatched || this.store.isDelivered()) return;
    this.isWatched = true;
    if (!this.store.sender()) this.store.setSender({ run, role });
    void this.ctx.storage.setAlarm(Date.now() + RETRY_MS);
  }

  /** Reports what is in the outbox. If many entries came, one call has many. The alarm tries again after a failure. */
  private deliver(sender: Sender): Promise<void> {
    if (this.store.isDelivered()) return this.delivering ?? Promise.resolve();
    this.delivering ??= this.deliverAll(sender);
    return this.delivering;
  }

  private async deliverAll({ run, role }: Sender): Promise<void> {
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
      // This is still the turn in which the outbox was found empty. So the next entry that is posted starts a new
      // delivery.
      this.delivering = null;
    }
  }
}

/** A new key for every update: a second update of a lease must not write over the first one. */
const envelopeKey = ({ run, lease }: LeaseClaims): string =>
  `envelopes/${run}/${lease}/${crypto.randomUUID()}`;
