import type { LeaseReply } from '../../../shared/federation/lease/grant-lease.ts';
import type { LeaseState } from '../../../shared/federation/lease/lease-state.ts';
import { type MachineStep, stepRun } from '../../../shared/federation/round-machine.ts';
import { initialState, type RunInput, type RunState } from '../../../shared/federation/run-state.ts';
import type { CohortEntry, HandedSums } from '../../../shared/protocol/cohort-report.ts';
import type { EventBody } from '../../../shared/protocol/events.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../../shared/protocol/lease.ts';
import type { ControlAction, Device } from '../../../shared/protocol/messages.ts';
import {
  type ModelOutline,
  modelOutlineSchema,
  type ShardRef,
} from '../../../shared/protocol/model-outline.ts';
import type { RefusalReason } from '../../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { type RunSpec, type RunSpecInput, runSpecSchema } from '../../../shared/protocol/run-spec.ts';
import { afterWork, newcomer, type ToldWork } from '../../../shared/protocol/standing.ts';

export const shard = (digit: number): ShardRef => ({ sha256: String(digit % 10).repeat(64), bytes: 40 });

/** Two segments and a head; every cost a different round number, so that a formula's terms can be told apart. */
export const smallModel: ModelOutline = modelOutlineSchema.parse({
  name: 'small',
  inputShape: [28, 28, 1],
  classes: 10,
  topology: shard(0).sha256,
  segments: [
    segment('segment-1', 'body', [10, 10], 1_000, 50),
    { ...segment('head-1', 'head', [7], 30, 5), of: 'segment-1' },
    segment('segment-2', 'body', [100, 10], 400, 20),
  ],
});

/** Three segments, each but the last with a head: the one between is both student and teacher. */
export const threeSegments: ModelOutline = modelOutlineSchema.parse({
  ...smallModel,
  name: 'three',
  segments: [
    segment('segment-1', 'body', [10, 10], 1_000, 50),
    { ...segment('head-1', 'head', [7], 30, 5), of: 'segment-1' },
    segment('segment-2', 'body', [20, 10], 600, 30),
    { ...segment('head-2', 'head', [9], 20, 5), of: 'segment-2' },
    segment('segment-3', 'body', [100, 10], 400, 20),
  ],
});

function segment(id: string, kind: 'body' | 'head', shape: number[], macs: number, activations: number) {
  return {
    id,
    kind,
    topology: shard(1).sha256,
    layers: ['Dense'],
    tensors: [{ name: `${id}/kernel`, shape }],
    macs,
    activations,
  };
}

export const layerToLayer: RunSpecInput['plan'] = { name: 'layer-to-layer' };
export const conventional: RunSpecInput['plan'] = { name: 'conventional' };

/** Four training parts and four test parts of ten examples. */
export const smallSpec = (change: Partial<RunSpecInput> = {}): RunSpec =>
  runSpecSchema.parse({
    name: 'a small run',
    seed: 1,
    dataset: {
      kind: 'glyphs',
      name: 'glyphs',
      seed: 1,
      trainParts: 4,
      testParts: 4,
      examplesPerPart: 10,
      partition: { kind: 'iid' },
    },
    plan: layerToLayer,
    rounds: 4,
    ...change,
  });

export const smallConfig = (change: Partial<RunSpecInput> = {}, model = smallModel): RunConfig => ({
  spec: smallSpec(change),
  model,
});

export const firstState = (model = smallModel): RunState =>
  initialState(Object.fromEntries(model.segments.map(({ id }, i) => [id, [shard(i + 1)]])));

export const anyDevice: Device = { backend: 'wasm', macsPerSecond: 0, memoryMB: 0 };

export const trainingMetrics: TrainingMetrics = {
  samples: 10,
  loss: 2,
  trainMs: 1_000,
  downloadBytes: 100,
  backend: 'wasm',
};

/** A run in hand: each call is one input at `now`, which only the test moves. */
export class SmallRun {
  readonly config: RunConfig;
  state: RunState;
  now = 1_000_000;
  readonly events: EventBody[] = [];
  private leases = 0;

  constructor(change: Partial<RunSpecInput> = {}, model = smallModel) {
    this.config = smallConfig(change, model);
    this.state = firstState(model);
  }

  /** An open run with so many volunteers, `volunteer0` first. */
  static open(volunteers: number, change: Partial<RunSpecInput> = {}, model = smallModel): SmallRun {
    const run = new SmallRun(change, model);
    run.control('open');
    for (let i = 0; i < volunteers; i++) run.join(`volunteer${i}`);
    return run;
  }

  step(input: RunInput): MachineStep {
    const result = stepRun(this.config, this.state, input, this.now);
    if (!result.ok) throw new Error(`refused: ${result.reason} ${result.detail ?? ''}`);
    this.state = result.value.state;
    this.events.push(...result.value.events);
    return result.value;
  }

  refusal(input: RunInput): RefusalReason | null {
    const result = stepRun(this.config, this.state, input, this.now);
    return result.ok ? null : result.reason;
  }

  control(action: ControlAction): void {
    this.step({ type: 'control', action });
  }

  join(volunteer: string, device: Device = anyDevice, referee = false): void {
    this.step({ type: 'join', volunteer, name: volunteer, device, referee });
  }

  ask(volunteer: string, beside?: LeaseState): LeaseReply {
    const lease = `lease${++this.leases}`;
    const { reply } = this.step({ type: 'request-lease', volunteer, lease, beside: beside?.id });
    if (!reply) throw new Error('no reply');
    return reply;
  }

  /** A lease, or the test fails. */
  lease(volunteer: string, beside?: LeaseState): LeaseState {
    const reply = this.ask(volunteer, beside);
    if (reply.type !== 'lease') throw new Error(`${volunteer} got ${reply.type}`);
    return reply.lease;
  }

  accept(lease: LeaseState, metrics: TrainingMetrics | EvaluationMetrics = metricsFor(lease)): void {
    this.step({ type: 'report', role: lease.role, entries: [acceptedEntry(lease, metrics)] });
  }

  refuse(lease: LeaseState, reason: RefusalReason = 'not-finite', detail?: string): void {
    const { id, volunteer, round, role } = lease;
    const told = detail === undefined ? {} : { detail };
    const entry: CohortEntry = { lease: id, volunteer, round, bytes: 9, ok: false, reason, ...told };
    this.step({ type: 'report', role, entries: [entry] });
  }

  /** Gives a lease back, as a volunteer does whose loss is no number any more. */
  diverge({ id, volunteer }: LeaseState): void {
    this.step({ type: 'release', volunteer, lease: id, reason: 'the loss is NaN', diverged: true });
  }

  fold(role: Role, segments: Readonly<Record<string, readonly ShardRef[]>> = {}, updates = 1): void {
    this.step({ type: 'folded', role, round: this.state.round.number, result: { updates, segments } });
  }

  /** The same, and it says what the updates were worth. */
  foldAs(role: Role, work: Omit<ToldWork, 'seed'>): void {
    const result = { updates: 1, segments: {}, work: { seed: 'aa', ...work } };
    this.step({ type: 'folded', role, round: this.state.round.number, result });
  }

  /** [EVAL13] As if an update of this volunteer had helped, in a round that its device could train. */
  helped(volunteer: string): void {
    const row = this.state.volunteers.get(volunteer);
    if (!row) throw new Error(`no ${volunteer}`);
    const standing = afterWork(row.standing ?? newcomer, 'helped', this.state.manifest.version);
    const volunteers = this.state.volunteers.put({ ...row, proven: true, standing });
    this.state = { ...this.state, volunteers };
    this.step({ type: 'presence', here: [volunteer], gone: [] });
  }

  /** The cohort of this role hands its sums of these segments on, and publishes nothing. */
  handOn(role: Role, handed: HandedSums): void {
    const result = { updates: 1, segments: {}, handed };
    this.step({ type: 'folded', role, round: this.state.round.number, result });
  }

  at(ms: number): this {
    this.now += ms;
    return this;
  }

  alarm(): void {
    this.step({ type: 'alarm' });
  }

  has(type: EventBody['type']): boolean {
    return this.events.some(event => event.type === type);
  }

  last<T extends EventBody['type']>(type: T): Extract<EventBody, { type: T }> | undefined {
    return this.events.findLast((event): event is Extract<EventBody, { type: T }> => event.type === type);
  }
}

/** What an honest volunteer says: an evaluator, that half of its examples are right. */
export const metricsFor = (lease: LeaseState): TrainingMetrics | EvaluationMetrics =>
  lease.role === 'evaluator'
    ? {
        examples: lease.examples,
        correct: lease.examples / 2,
        lossSum: lease.examples,
        byPart: {
          correct: lease.parts.map(() => lease.examples / lease.parts.length / 2),
          lossSum: lease.parts.map(() => lease.examples / lease.parts.length),
        },
        downloadBytes: 0,
        backend: 'wasm',
      }
    : trainingMetrics;

/** What an evaluator says who counted so many right of each part, of ten. Its loss fits that. */
export const countedRight = (lease: LeaseState, correct: number | readonly number[]): EvaluationMetrics => {
  const ofParts = lease.parts.map((_, i) => (typeof correct === 'number' ? correct : (correct[i] ?? 0)));
  const losses = ofParts.map(right => 10 - right);
  return {
    examples: lease.examples,
    correct: sum(ofParts),
    lossSum: sum(losses),
    byPart: { correct: ofParts, lossSum: losses },
    downloadBytes: 0,
    backend: 'wasm',
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export const acceptedEntry = (
  lease: LeaseState,
  metrics: TrainingMetrics | EvaluationMetrics = metricsFor(lease),
): Extract<CohortEntry, { ok: true }> => ({
  lease: lease.id,
  volunteer: lease.volunteer,
  round: lease.round,
  bytes: 50,
  ok: true,
  sha256: shard(4).sha256,
  norm: 1,
  metrics,
});
