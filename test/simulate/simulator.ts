import type { LeaseReply } from '../../shared/federation/lease/grant-lease.ts';
import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import type { MachineStep } from '../../shared/federation/round-machine.ts';
import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import { createRandom, type Random, randomInteger } from '../../shared/math/random.ts';
import type { RunEvent } from '../../shared/protocol/events.ts';
import type { RefusalReason, Result } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import {
  anyDevice,
  countedRight,
  smallConfig,
  smallModel,
  threeSegments,
  trainingMetrics,
} from '../unit/federation/small-run.ts';
import { Invariants } from './invariants.ts';
import type { Scenario, Traits } from './scenario.ts';
import { SimulatedPlatform } from './simulated-platform.ts';
import { SimulatedReferee } from './simulated-referee.ts';
import type { Transition } from './transition.ts';
import { VirtualClock } from './virtual-clock.ts';

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
  /** After every step. */
  readonly onStep?: (transition: Transition, hostile: ReadonlySet<string>) => void;
}

/** How many examples of ten a version gets right of a test part: more and more. One that hurts gets few right of any. */
function rightOf({ seed, harmful }: Scenario, version: number, part: number): number {
  if (harmful?.includes(version)) return 1;
  const chance = randomInteger(createRandom(`version ${version} part ${part}`, seed), 2);
  return 3 + Math.min(4, version) + chance;
}

/** What a simulated run came to. */
export interface Outcome {
  readonly config: RunConfig;
  readonly state: RunState;
  readonly view: RunView;
  readonly ledger: readonly RunEvent[];
  /** Leases whose updates are hostile. */
  readonly hostile: ReadonlySet<string>;
}

/** Plays a scenario to its end. Throws at the first step that breaks a rule. */
export async function play(scenario: Scenario, options: SimulationOptions = {}): Promise<Outcome> {
  const simulation = new Simulation(scenario, options);
  await simulation.play();
  const { config, state, rules, hostile } = simulation;
  return { config, state, view: rules.view, ledger: rules.ledger, hostile };
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
  private readonly scenario: Scenario;
  private readonly options: SimulationOptions;
  private readonly random: Random;
  private readonly platform: SimulatedPlatform;
  readonly hostile = new Set<string>();
  private leases = 0;
  /** Who has joined or will, those who join in the place of others included. */
  private volunteers: number;

  constructor(scenario: Scenario, options: SimulationOptions = {}) {
    this.scenario = scenario;
    this.options = options;
    this.config = smallConfig(scenario.spec, scenario.segments === 3 ? threeSegments : smallModel);
    this.rules = new Invariants(this.config);
    this.random = createRandom('simulation', scenario.seed);
    this.platform = this.startPlatform();
    this.volunteers = scenario.volunteers.length;
    this.input({ type: 'control', action: 'open' });
    for (const { atMs, action } of scenario.host)
      this.clock.after(atMs, () => void this.input({ type: 'control', action }));
    for (const { atMs, share } of scenario.returns ?? [])
      this.clock.after(atMs, () => {
        const to = Math.floor(share * this.state.manifest.version);
        this.input({ type: 'take-back', to });
      });
    scenario.volunteers.forEach((traits, i) => {
      this.clock.after(traits.joinsAtMs, () => this.join(`volunteer${i}`, traits));
    });
  }

  private startPlatform(): SimulatedPlatform {
    const { config, clock, random } = this;
    const { throughJson, evicts } = this.options;
    const onStep = (transition: Transition): void => {
      this.rules.check(transition);
      this.watchPause(transition.step);
      this.options.onStep?.(transition, this.hostile);
    };
    return new SimulatedPlatform({
      ...{ config, clock, random, onStep, throughJson, evicts },
      network: this.scenario.network,
    });
  }

  get state(): RunState {
    return this.platform.state;
  }

  /** Until the run has finished, nothing is left to happen, or patience has ended. */
  async play(): Promise<void> {
    const end = this.clock.now + (this.options.patience ?? 1) * patienceMs(this.config);
    while (this.state.phase !== 'finished' && this.clock.next() <= end) await this.clock.advance();
  }

  private input(input: RunInput): Result<MachineStep> {
    return this.platform.input(input);
  }

  /** The host looks at a run that paused itself. */
  private watchPause({ events }: MachineStep): void {
    const { resumesAfterMs } = this.scenario;
    if (resumesAfterMs === undefined) return;
    if (events.some(event => event.type === 'run-paused' && event.why !== 'host'))
      this.clock.after(resumesAfterMs, () => void this.input({ type: 'control', action: 'resume' }));
  }

  private join(volunteer: string, traits: Traits): void {
    const device = traits.isWeak ? { ...anyDevice, memoryMB: 0.012 } : anyDevice;
    const { isReferee: referee } = traits;
    if (!this.input({ type: 'join', volunteer, name: volunteer, device, referee }).ok) return;
    const { checking } = traits;
    if (referee && checking) {
      const isHostile = (lease: string): boolean => this.hostile.has(lease);
      new SimulatedReferee(this.platform, this.clock, volunteer, isHostile, checking).ask();
    }
    this.ask(volunteer, traits);
  }

  private joinAnew(traits: Traits): void {
    this.join(`volunteer${this.volunteers++}`, traits);
  }

  private ask(volunteer: string, traits: Traits): void {
    const { joinsAtMs, vanishesAtMs } = traits;
    if (vanishesAtMs !== null && this.clock.elapsed > joinsAtMs + vanishesAtMs) return;
    const result = this.input({ type: 'request-lease', volunteer, lease: `lease${++this.leases}` });
    // [CROWD1] Its place has expired meanwhile.
    if (!result.ok && result.reason === 'unauthorised') {
      this.join(volunteer, traits);
      return;
    }
    if (!result.ok || !result.value.reply) throw new Error('a volunteer who joined got no reply');
    this.hear(volunteer, traits, result.value.reply);
  }

  private hear(volunteer: string, traits: Traits, reply: LeaseReply): void {
    const askAgain = (): void => this.ask(volunteer, traits);
    if (reply.type === 'wait') this.clock.after(reply.retryAfterMs, askAgain);
    if (reply.type !== 'lease') return;
    const { lease } = reply;
    const { leaseMs } = this.config.spec.policy;
    if (traits.onlyJudges && lease.role !== 'evaluator') this.release(traits, lease);
    else if (this.happens(traits.crash)) this.clock.after(this.upTo(2 * leaseMs), askAgain);
    else if (this.happens(traits.drop))
      this.clock.after(this.upTo(traits.trainMs), () => this.joinAnew(traits));
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
    const fault = this.happens(bad) ? (faults[randomInteger(this.random, faults.length)] ?? null) : null;
    if (lease.role !== 'evaluator' && this.happens(traits.harm ?? 0)) this.hostile.add(lease.id);
    const upload = { lease, fault, metrics: this.metrics(lease, traits) };
    for (let i = 0; i < (this.happens(repeat) ? 2 : 1); i++) this.platform.take(upload);
    this.clock.after(this.platform.reportMs(), () => {
      this.platform.report(lease);
      this.clock.after(1, goOn);
    });
  }

  /** Honest judges count the same, whoever they are. Those who lie say that all is right, or none in turns. */
  private metrics(lease: LeaseState, traits: Traits) {
    if (lease.role !== 'evaluator') return trainingMetrics;
    const lie = traits.lieInTurns && lease.round % 2 === 1 ? 0 : 10;
    const right = lease.parts.map(part =>
      this.happens(traits.lie ?? 0) ? lie : rightOf(this.scenario, lease.round, part),
    );
    return countedRight(lease, right);
  }

  private happens(chance: number): boolean {
    return this.random() < chance;
  }

  private upTo(ms: number): number {
    return randomInteger(this.random, ms + 1);
  }
}
