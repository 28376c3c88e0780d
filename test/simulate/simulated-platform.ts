import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { nextAlarm, type RunInput, type RunState } from '../../shared/federation/run-state.ts';
import { type Random, randomInteger } from '../../shared/math/random.ts';
import type { FoldRequest } from '../../shared/protocol/cohort-report.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { firstWeights } from './first-weights.ts';
import { throughJson } from './plain-state.ts';
import { SimulatedCohort, type Upload } from './simulated-cohort.ts';
import type { Transition } from './transition.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A cohort that did not reply is asked again after this, as by the coordinator's shell. */
const FOLD_RETRY_MS = 5_000;

/** A report that was lost is told again after this, as by the cohort's alarm. */
const REPORT_RETRY_MS = 2_000;

/** How the parts of the platform hear of each other. */
export interface PlatformNetwork {
  /** A cohort's report takes up to so long to the coordinator, and a fold up to so long. */
  readonly reportMs: number;
  readonly foldMs: number;
  /** How late an alarm may ring. */
  readonly alarmMs: number;
  /** Chance that a delivery or a fold has to be repeated. */
  readonly loss: number;
}

export interface SimulatedPlatformOptions {
  readonly config: RunConfig;
  readonly clock: VirtualClock;
  readonly network: PlatformNetwork;
  readonly random: Random;
  /** After every step that was not refused. */
  readonly onStep: (transition: Transition) => void;
  /** Every state goes through JSON, as it does through the object's storage. */
  readonly throughJson?: boolean | undefined;
  /** Cohorts are evicted before every call. What they do not keep in their log is lost. */
  readonly evicts?: boolean | undefined;
  /** If given, updates are sent as real envelopes, and those of folded rounds are kept here, by lease. */
  readonly archive?: Map<string, Uint8Array> | undefined;
}

/**
 * The platform under a virtual clock: the real round machine and the real cohort machines, with the coordinator's alarm,
 * its calls to the cohorts, and their reports.
 */
export class SimulatedPlatform {
  readonly config: RunConfig;
  readonly blobs = new MemoryBlobs();
  state: RunState;
  private readonly options: SimulatedPlatformOptions;
  private readonly clock: VirtualClock;
  private readonly sums = new MemorySums();
  private readonly cohorts = new Map<Role, SimulatedCohort>();
  private alarmAt: number | null = null;
  private isFolding = false;

  constructor(options: SimulatedPlatformOptions) {
    this.options = options;
    this.config = options.config;
    this.clock = options.clock;
    this.state = firstWeights(this.config.model, this.blobs);
  }

  input(input: RunInput): Result<MachineStep> {
    const before = this.options.throughJson ? throughJson(this.state) : this.state;
    const { now } = this.clock;
    const result = stepRun(this.config, before, input, now);
    if (!result.ok) return result;
    this.state = result.value.state;
    this.options.onStep({ before, input, step: result.value, now });
    this.setAlarm();
    this.foldPending();
    return result;
  }

  /** An update arrives at its cohort, which tells nobody yet. */
  take(upload: Upload): Result<unknown> {
    return this.cohort(upload.lease.role).take(upload, this.clock.now);
  }

  /** A cohort reports before it replies. If the report is lost, its alarm tells it later. */
  report(role: Role): void {
    if (this.happens(this.options.network.loss)) this.clock.after(REPORT_RETRY_MS, () => this.report(role));
    else this.deliver(role);
  }

  /** How long a cohort's report takes now. */
  reportMs(): number {
    return this.upTo(this.options.network.reportMs);
  }

  /** One alarm, moved with every step, as the coordinator's shell sets it. */
  private setAlarm(): void {
    const retryAt = pendingFolds(this.config, this.state).length > 0 ? this.clock.now + FOLD_RETRY_MS : null;
    const times = [nextAlarm(this.state), retryAt].filter(at => at !== null);
    const at = times.length > 0 ? Math.min(...times) : null;
    if (at === this.alarmAt) return;
    this.alarmAt = at;
    if (at !== null) this.clock.at(at + this.upTo(this.options.network.alarmMs), () => this.ring(at));
  }

  private ring(at: number): void {
    if (this.alarmAt !== at) return;
    this.alarmAt = null;
    this.input({ type: 'alarm' });
  }

  private foldPending(): void {
    if (this.isFolding || pendingFolds(this.config, this.state).length === 0) return;
    this.isFolding = true;
    this.clock.after(this.upTo(this.options.network.foldMs), () => {
      this.isFolding = false;
      return this.foldAll();
    });
  }

  private async foldAll(): Promise<void> {
    for (const role of pendingFolds(this.config, this.state))
      if (!this.happens(this.options.network.loss))
        await this.fold(role, foldRequest(this.config, this.state, role));
  }

  private async fold(role: Role, request: FoldRequest): Promise<void> {
    const { round } = request;
    const { loss } = this.options.network;
    const cohort = this.cohort(role);
    cohort.close(round);
    if (!this.happens(loss)) this.deliver(role);
    const result = await cohort.fold(request);
    this.input({ type: 'folded', role, round, result });
    if (this.happens(loss)) this.input({ type: 'folded', role, round, result });
  }

  private deliver(role: Role): void {
    const entries = this.cohort(role).deliver(this.happens(this.options.network.loss));
    if (entries.length > 0) this.input({ type: 'report', role, entries });
  }

  private cohort(role: Role): SimulatedCohort {
    const { archive } = this.options;
    const cohort =
      this.cohorts.get(role) ?? new SimulatedCohort(this.config, role, this.blobs, this.sums, archive);
    this.cohorts.set(role, cohort);
    if (this.options.evicts) cohort.evict();
    return cohort;
  }

  private happens(chance: number): boolean {
    return this.options.random() < chance;
  }

  private upTo(ms: number): number {
    return randomInteger(this.options.random, ms + 1);
  }
}
