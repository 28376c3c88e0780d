import type { LeaseReply } from '../../shared/federation/lease/grant-lease.ts';
import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import { nextAlarm, type RunInput, type RunState } from '../../shared/federation/run-state.ts';
import { createRandom, type Random, randomInteger } from '../../shared/math/random.ts';
import type { FoldRequest } from '../../shared/protocol/cohort-report.ts';
import type { RunEvent } from '../../shared/protocol/events.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { RefusalReason, Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { MemoryBlobs } from '../support/memory-blobs.ts';
import { MemorySums } from '../support/memory-sums.ts';
import {
  anyDevice,
  smallConfig,
  smallModel,
  threeSegments,
  trainingMetrics,
} from '../unit/federation/small-run.ts';
import { firstWeights } from './first-weights.ts';
import { Invariants } from './invariants.ts';
import { throughJson } from './plain-state.ts';
import type { Scenario, Traits } from './scenario.ts';
import { SimulatedCohort } from './simulated-cohort.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A cohort that did not reply is asked again after this, as by the coordinator's shell. */
const FOLD_RETRY_MS = 5_000;

/** A report that was lost is told again after this, as by the cohort's alarm. */
const REPORT_RETRY_MS = 2_000;

const faults: readonly RefusalReason[] = [
  'wrong-hash',
  'not-finite',
  'out-of-range',
  'bad-statistics',
  'bad-metrics',
  'too-large',
];

export interface SimulationOptions {
  /** Every state goes through JSON, as it does through the object's storage. */
  readonly throughJson?: boolean;
  /** How many times as long as usual the run may take. */
  readonly patience?: number;
  /** Cohorts are evicted before every call. What they do not keep in their log is lost. */
  readonly evicts?: boolean;
}

/** What a simulated run came to. */
export interface Outcome {
  readonly config: RunConfig;
  readonly state: RunState;
  readonly view: RunView;
  readonly ledger: readonly RunEvent[];
}

/** Plays a scenario to its end. Throws at the first step that breaks a rule. */
export async function play(scenario: Scenario, options: SimulationOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(scenario, options);
  await simulation.play();
  const { config, state, rules } = simulation;
  return { config, state, view: rules.view, ledger: rules.ledger };
}

/**
 * Longer than any honest run takes, in virtual ms. Every round may be extended, or its leases wasted, some fifty
 * times: the other volunteers of a scenario ask as often as the honest ones.
 */
const patienceMs = ({ spec }: RunConfig): number =>
  200_000 + 50 * (2 + spec.rounds) * (spec.policy.leaseMs + spec.policy.roundMs);

/** A run with its volunteers, its host and its cohorts, all of it under one virtual clock and one seed. */
class Simulation {
  readonly config: RunConfig;
  readonly clock = new VirtualClock(1_000_000);
  readonly rules: Invariants;
  state: RunState;
  private readonly scenario: Scenario;
  private readonly options: SimulationOptions;
  private readonly random: Random;
  private readonly blobs = new MemoryBlobs();
  private readonly sums = new MemorySums();
  private readonly cohorts = new Map<Role, SimulatedCohort>();
  private leases = 0;
  private alarmAt: number | null = null;
  private isFolding = false;

  constructor(scenario: Scenario, options: SimulationOptions = {}) {
    this.scenario = scenario;
    this.options = options;
    this.config = smallConfig(scenario.spec, scenario.segments === 3 ? threeSegments : smallModel);
    this.state = firstWeights(this.config.model, this.blobs);
    this.rules = new Invariants(this.config);
    this.random = createRandom('simulation', scenario.seed);
    this.input({ type: 'control', action: 'open' });
    for (const { atMs, action } of scenario.host)
      this.clock.after(atMs, () => void this.input({ type: 'control', action }));
    scenario.volunteers.forEach((traits, i) => {
      this.clock.after(traits.joinsAtMs, () => this.join(`volunteer${i}`, traits));
    });
  }

  /** Until the run has finished, nothing is left to happen, or patience has ended. */
  async play(): Promise<void> {
    const end = this.clock.now + (this.options.patience ?? 1) * patienceMs(this.config);
    while (this.state.phase !== 'finished' && this.clock.next() <= end) await this.clock.advance();
  }

  private input(input: RunInput): Result<MachineStep> {
    const before = this.options.throughJson ? throughJson(this.state) : this.state;
    const { now } = this.clock;
    const result = stepRun(this.config, before, input, now);
    if (!result.ok) return result;
    this.state = result.value.state;
    this.rules.check({ before, input, step: result.value, now });
    this.setAlarm();
    this.foldPending();
    this.watchPause(result.value);
    return result;
  }

  /** The host looks at a run that paused itself. */
  private watchPause({ events }: MachineStep): void {
    const { resumesAfterMs } = this.scenario;
    if (resumesAfterMs === undefined) return;
    if (events.some(event => event.type === 'run-paused' && event.why !== 'host'))
      this.clock.after(resumesAfterMs, () => void this.input({ type: 'control', action: 'resume' }));
  }

  /** One alarm, moved with every step, as the coordinator's shell sets it. */
  private setAlarm(): void {
    const retryAt = pendingFolds(this.config, this.state).length > 0 ? this.clock.now + FOLD_RETRY_MS : null;
    const times = [nextAlarm(this.state), retryAt].filter(at => at !== null);
    const at = times.length > 0 ? Math.min(...times) : null;
    if (at === this.alarmAt) return;
    this.alarmAt = at;
    if (at !== null) this.clock.at(at + this.upTo(this.scenario.network.alarmMs), () => this.ring(at));
  }

  private ring(at: number): void {
    if (this.alarmAt !== at) return;
    this.alarmAt = null;
    this.input({ type: 'alarm' });
  }

  private foldPending(): void {
    if (this.isFolding || pendingFolds(this.config, this.state).length === 0) return;
    this.isFolding = true;
    this.clock.after(this.upTo(this.scenario.network.foldMs), () => {
      this.isFolding = false;
      return this.foldAll();
    });
  }

  private async foldAll(): Promise<void> {
    for (const role of pendingFolds(this.config, this.state))
      if (!this.happens(this.loss)) await this.fold(role, foldRequest(this.config, this.state, role));
  }

  private async fold(role: Role, request: FoldRequest): Promise<void> {
    const { round } = request;
    const cohort = this.cohort(role);
    cohort.close(round);
    if (!this.happens(this.loss)) this.deliver(role);
    const result = await cohort.fold(request);
    this.input({ type: 'folded', role, round, result });
    if (this.happens(this.loss)) this.input({ type: 'folded', role, round, result });
  }

  private deliver(role: Role): void {
    const entries = this.cohort(role).deliver(this.happens(this.loss));
    if (entries.length > 0) this.input({ type: 'report', role, entries });
  }

  private join(volunteer: string, traits: Traits): void {
    const device = traits.isWeak ? { ...anyDevice, memoryMB: 0.012 } : anyDevice;
    const { isReferee: referee } = traits;
    if (this.input({ type: 'join', volunteer, name: volunteer, device, referee }).ok)
      this.ask(volunteer, traits);
  }

  private ask(volunteer: string, traits: Traits): void {
    const { joinsAtMs, vanishesAtMs } = traits;
    if (vanishesAtMs !== null && this.clock.elapsed > joinsAtMs + vanishesAtMs) return;
    const result = this.input({ type: 'request-lease', volunteer, lease: `lease${++this.leases}` });
    if (!result.ok || !result.value.reply) throw new Error('a volunteer who joined got no reply');
    this.hear(volunteer, traits, result.value.reply);
  }

  private hear(volunteer: string, traits: Traits, reply: LeaseReply): void {
    const askAgain = (): void => this.ask(volunteer, traits);
    if (reply.type === 'wait') this.clock.after(reply.retryAfterMs, askAgain);
    if (reply.type !== 'lease') return;
    const { lease } = reply;
    const { leaseMs } = this.config.spec.policy;
    if (this.happens(traits.crash)) this.clock.after(this.upTo(2 * leaseMs), askAgain);
    else if (this.happens(traits.reload)) this.clock.after(this.upTo(traits.trainMs), askAgain);
    else if (this.happens(traits.release))
      this.clock.after(this.upTo(traits.trainMs), () => this.release(traits, lease));
    else this.train(volunteer, traits, lease);
  }

  /** Some ask for the next lease meanwhile. They work on it afterwards, even if it has ended by then. */
  private train(volunteer: string, traits: Traits, lease: LeaseState): void {
    let next: LeaseReply | undefined;
    if (this.happens(traits.ahead))
      this.clock.after(this.upTo(traits.trainMs), () => {
        const asked = { type: 'request-lease', volunteer, lease: `lease${++this.leases}` } as const;
        const result = this.input({ ...asked, beside: lease.id });
        if (result.ok && result.value.reply?.type === 'lease') next = result.value.reply;
      });
    const goOn = (): void => (next ? this.hear(volunteer, traits, next) : this.ask(volunteer, traits));
    const isDiverging = lease.role !== 'evaluator' && this.happens(traits.diverge);
    this.clock.after(traits.trainMs, () =>
      isDiverging ? this.diverge(lease, goOn) : this.upload(traits, lease, goOn),
    );
  }

  private release(traits: Traits, { id, volunteer }: LeaseState): void {
    this.input({ type: 'release', volunteer, lease: id, reason: 'the volunteer paused' });
    this.clock.after(this.upTo(5_000), () => this.ask(volunteer, traits));
  }

  /** Goes on at once, as the volunteer's loop does. */
  private diverge({ id, volunteer }: LeaseState, goOn: () => void): void {
    this.input({ type: 'release', volunteer, lease: id, reason: 'the training diverged', diverged: true });
    this.clock.after(1, goOn);
  }

  private upload(traits: Traits, lease: LeaseState, goOn: () => void): void {
    const { joinsAtMs, vanishesAtMs, bad, repeat } = traits;
    if (vanishesAtMs !== null && this.clock.elapsed > joinsAtMs + vanishesAtMs) return;
    const { role } = lease;
    const fault = this.happens(bad) ? (faults[randomInteger(this.random, faults.length)] ?? null) : null;
    const upload = { lease, fault, metrics: this.metrics(lease) };
    for (let i = 0; i < (this.happens(repeat) ? 2 : 1); i++) this.cohort(role).take(upload, this.clock.now);
    this.clock.after(this.upTo(this.scenario.network.reportMs), () => {
      this.report(role);
      this.clock.after(1, goOn);
    });
  }

  /** A cohort reports before it replies. If the report is lost, its alarm tells it later. */
  private report(role: Role): void {
    if (this.happens(this.loss)) this.clock.after(REPORT_RETRY_MS, () => this.report(role));
    else this.deliver(role);
  }

  private metrics({ role, examples }: LeaseState) {
    if (role !== 'evaluator') return trainingMetrics;
    const correct = randomInteger(this.random, examples + 1);
    return { examples, correct, lossSum: examples, downloadBytes: 0, backend: 'wasm' };
  }

  private cohort(role: Role): SimulatedCohort {
    const cohort = this.cohorts.get(role) ?? new SimulatedCohort(this.config, role, this.blobs, this.sums);
    this.cohorts.set(role, cohort);
    if (this.options.evicts) cohort.evict();
    return cohort;
  }

  private get loss(): number {
    return this.scenario.network.loss;
  }

  private happens(chance: number): boolean {
    return this.random() < chance;
  }

  private upTo(ms: number): number {
    return randomInteger(this.random, ms + 1);
  }
}
