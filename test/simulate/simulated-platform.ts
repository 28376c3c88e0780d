import { type FoldingCohort, foldCohorts } from '../../shared/cohort/fold-cohorts.ts';
import { trainedSegments } from '../../shared/cohort/trained-segments.ts';
import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import {
  pendingFolds,
  pendingTakeBack,
  type RoleFold,
  roleFold,
} from '../../shared/federation/round/fold-order.ts';
import { cohortsLeased } from '../../shared/federation/round/leased-cohorts.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { nextAlarm, type RunInput, type RunState } from '../../shared/federation/run-state.ts';
import { type Random, randomInteger } from '../../shared/math/random.ts';
import type { ClosedRound, LeftOut } from '../../shared/protocol/cohort-report.ts';
import { cohortOfVolunteer, cohortsOf } from '../../shared/protocol/cohorts.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { firstWeights } from './first-weights.ts';
import { must } from './must.ts';
import { throughJson } from './plain-state.ts';
import { returnTo } from './return-to.ts';
import { type RoleOfCohorts, SimulatedCohort, type Upload } from './simulated-cohort.ts';
import type { Transition } from './transition.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A cohort that did not reply is asked again after this, as by the coordinator's shell. */
const FOLD_RETRY_MS = 5_000;

/** A report that was lost is told again after this, as by the cohort's alarm. */
const REPORT_RETRY_MS = 2_000;

/** What a call fails with whose reply was lost. */
const LOST = new Error('the reply was lost');

/** Which call of a fold gets no reply, counted down. */
interface LostCall {
  callsBefore: number;
}

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
  private readonly roles = new Map<
    Role,
    RoleOfCohorts & { readonly cohorts: Map<number, SimulatedCohort> }
  >();
  private alarmAt: number | null = null;
  private isFolding = false;
  /** Cohorts that have heard that this round is taken back. */
  private told = { round: 0, cohorts: new Set<string>() };
  private readonly manifests = new Map<number, Manifest>();

  constructor(options: SimulatedPlatformOptions) {
    this.options = options;
    this.config = options.config;
    this.clock = options.clock;
    this.state = firstWeights(this.config.model, this.blobs);
    this.manifests.set(0, this.state.manifest);
  }

  input(input: RunInput): Result<MachineStep> {
    const before = this.options.throughJson ? throughJson(this.state) : this.state;
    const { now } = this.clock;
    const result = stepRun(this.config, before, input, now);
    if (!result.ok) return result;
    this.state = result.value.state;
    this.manifests.set(this.state.manifest.version, this.state.manifest);
    this.options.onStep({ before, input, step: result.value, now });
    this.setAlarm();
    this.foldPending();
    return result;
  }

  /** An update arrives at its cohort, which tells nobody yet. */
  take(upload: Upload): Result<unknown> {
    const { role } = upload.lease;
    return this.cohort(role, this.numberOf(upload.lease)).take(upload, this.clock.now);
  }

  /** A cohort reports before it replies. If the report is lost, its alarm tells it later. */
  report(lease: Pick<LeaseState, 'role' | 'volunteer'>): void {
    if (this.happens(this.options.network.loss)) this.clock.after(REPORT_RETRY_MS, () => this.report(lease));
    else this.deliver(lease.role, this.numberOf(lease));
  }

  /** Of the cohort that takes the volunteer's updates. */
  private numberOf({ volunteer }: Pick<LeaseState, 'volunteer'>): number {
    const { index = 0 } = this.state.volunteers.get(volunteer)?.identity ?? {};
    return cohortOfVolunteer(cohortsOf(this.config.spec), index);
  }

  /** How long a cohort's report takes now. */
  reportMs(): number {
    return this.upTo(this.options.network.reportMs);
  }

  /** One alarm, moved with every step, as the coordinator's shell sets it. */
  private setAlarm(): void {
    const retryAt = this.isOwing ? this.clock.now + FOLD_RETRY_MS : null;
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

  /** Whether cohorts are to be asked. */
  private get isOwing(): boolean {
    return pendingTakeBack(this.state) !== null || pendingFolds(this.config, this.state).length > 0;
  }

  private foldPending(): void {
    if (this.isFolding || !this.isOwing) return;
    this.isFolding = true;
    this.clock.after(this.upTo(this.options.network.foldMs), () => {
      this.isFolding = false;
      this.takeBack();
      return this.foldAll();
    });
  }

  /** [BACK4] Cohorts that do not reply are told once more. */
  private takeBack(): void {
    const request = pendingTakeBack(this.state);
    if (!request) return;
    const { round, to } = request;
    if (this.told.round !== round) this.told = { round, cohorts: new Set() };
    const { cohorts } = this.told;
    const all = (Object.keys(this.state.cursors) as Role[]).flatMap(role =>
      cohortsLeased(this.state.leasedCohorts, role).map(number => ({
        role,
        number,
        key: `${role} ${number}`,
      })),
    );
    for (const { role, number, key } of all.filter(one => !cohorts.has(one.key))) {
      // What is lost may be the reply only.
      this.cohort(role, number).takeBack(round, to);
      if (!this.happens(this.options.network.loss)) cohorts.add(key);
    }
    if (cohorts.size < all.length) return;
    this.input(returnTo(request, this.manifests));
  }

  private async foldAll(): Promise<void> {
    for (const role of pendingFolds(this.config, this.state))
      if (!this.happens(this.options.network.loss))
        await this.fold(role, roleFold(this.config, this.state, role));
  }

  private async fold(role: Role, { request, cohorts: [lead, ...others] }: RoleFold): Promise<void> {
    const { round } = request;
    const { loss } = this.options.network;
    const lost = this.lostCall(others.length);
    const reached = (number: number): FoldingCohort => this.reached(role, number, lost);
    const trains = trainedSegments(this.config, round, role);
    const result = await foldCohorts([reached(lead), ...others.map(reached)], request, trains).catch(
      (error: unknown) => {
        if (error !== LOST) throw error;
      },
    );
    if (!result) return;
    const leftOut = request.leftOut?.leases;
    const taken = [...(this.roles.get(role)?.cohorts.values() ?? [])].map(cohort =>
      cohort.countOf(round, leftOut),
    );
    const count = taken.reduce((sum, one) => sum + one, 0);
    must(result.updates === count, '[ROUND6] a round is made of all updates that count in it, each once');
    this.input({ type: 'folded', role, round, result });
    if (this.happens(loss)) this.input({ type: 'folded', role, round, result });
  }

  /** Of several cohorts the reply to one call may be lost. Then all of them are asked again. */
  private lostCall(others: number): LostCall {
    const isLost = others > 0 && this.happens(this.options.network.loss);
    return {
      callsBefore: isLost ? randomInteger(this.options.random, 2 * (1 + others)) : Number.POSITIVE_INFINITY,
    };
  }

  private reached(role: Role, number: number, lost: LostCall): FoldingCohort {
    const { loss } = this.options.network;
    const close = (round: number, leftOut?: LeftOut): ClosedRound => {
      const closed = this.cohort(role, number).closed(round, leftOut);
      if (!this.happens(loss)) this.deliver(role, number);
      return closed;
    };
    return {
      close: async (round, leftOut) => {
        const closed = close(round, leftOut);
        if (lost.callsBefore-- === 0) throw LOST;
        return closed;
      },
      fold: async request => {
        if (!request.ofRole) close(request.round, request.leftOut);
        const result = await this.cohort(role, number).fold(request);
        if (lost.callsBefore-- === 0) throw LOST;
        return result;
      },
    };
  }

  private deliver(role: Role, number: number): void {
    const entries = this.cohort(role, number).deliver(this.happens(this.options.network.loss));
    if (entries.length > 0) this.input({ type: 'report', role, entries });
  }

  private cohort(role: Role, number: number): SimulatedCohort {
    const { archive } = this.options;
    const ofRole = this.roles.get(role) ?? { role, folded: new Set(), cohorts: new Map() };
    const cohort =
      ofRole.cohorts.get(number) ??
      new SimulatedCohort(this.config, ofRole, number, this.blobs, this.sums, archive);
    this.roles.set(role, ofRole);
    ofRole.cohorts.set(number, cohort);
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
