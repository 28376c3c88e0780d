import { type MachineStep, stepRun } from '../../shared/federation/round-machine.ts';
import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import { createRandom, randomInteger } from '../../shared/math/random.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import { acceptedEntry, firstState, smallConfig } from '../unit/federation/small-run.ts';
import { assertWritable, describeMachine, formatTable, orRefuse, parseFlags, writeReport } from './report.ts';

/** How long one step of the round machine takes, by the kind of input and by how many volunteers there are. */

const CROWDS = [100, 2_000, 10_000];
/** Updates that a round wants: of a class, and of a crowd. */
const GOALS = [4, 100];
const STEPS = 20_000;
/** Steps before anything is counted: the code is compiled by then. */
const WARM_UP = 3_000;
/** Between two steps. So each of 10,000 volunteers asks about once a minute. */
const STEP_MS = 5;

type Lease = Extract<NonNullable<MachineStep['reply']>, { type: 'lease' }>['lease'];

/** A run with its crowd. They poll in any order; whoever was granted a lease first reports it first. */
class Crowd {
  private readonly config: RunConfig;
  private readonly random = createRandom('step-bench');
  private readonly times = new Map<string, number[]>();
  private readonly leases: Lease[] = [];
  private state: RunState = firstState();
  private now = 1_000_000;
  private asked = 0;
  private joined = 0;

  constructor(volunteers: number, updatesPerRound: number) {
    this.config = smallConfig({ rounds: 10_000, policy: { updatesPerRound, maxVolunteers: 20_000 } });
    this.step({ type: 'control', action: 'open' });
    while (this.joined < volunteers && this.join());
  }

  /** Milliseconds of each step, by the kind of input. */
  measure(): ReadonlyMap<string, readonly number[]> {
    for (let i = 0; i < WARM_UP; i++) this.advance();
    this.times.clear();
    for (let i = 0; i < STEPS; i++) this.advance();
    return this.times;
  }

  private advance(): void {
    this.now += STEP_MS;
    const chance = this.random();
    if (this.state.round.status === 'folding') this.fold();
    else if (chance < 0.002) this.join();
    else if (chance < 0.25) this.endLease(lease => this.report(lease));
    else if (chance < 0.26) this.endLease(lease => this.release(lease));
    else if (chance < 0.27) this.step({ type: 'alarm' });
    else this.ask();
  }

  /** No two devices are equally fast. */
  private join(): boolean {
    const volunteer = `volunteer${this.joined}`;
    const device = { backend: 'wasm', macsPerSecond: 1e9 + this.joined, memoryMB: 500 };
    const isIn = this.step({ type: 'join', volunteer, name: volunteer, device, referee: false }) !== null;
    if (isIn) this.joined += 1;
    return isIn;
  }

  private ask(): void {
    const volunteer = `volunteer${randomInteger(this.random, this.joined)}`;
    const beside = this.leases.findLast(lease => lease.volunteer === volunteer)?.id;
    this.asked += 1;
    const step = this.step({ type: 'request-lease', volunteer, lease: `lease${this.asked}`, beside });
    if (step?.reply?.type === 'lease') this.leases.push(step.reply.lease);
  }

  private endLease(how: (lease: Lease) => void): void {
    const lease = this.leases.shift();
    if (lease) how(lease);
  }

  private report(lease: Lease): void {
    this.step({ type: 'report', role: lease.role, entries: [acceptedEntry(lease)] });
  }

  private release({ id, volunteer }: Lease): void {
    this.step({ type: 'release', volunteer, lease: id, reason: 'the volunteer paused' });
  }

  private fold(): void {
    const { number: round } = this.state.round;
    for (const role of ['student', 'teacher'] as const)
      this.step({ type: 'folded', role, round, result: { updates: 1, segments: {} } });
  }

  private step(input: RunInput): MachineStep | null {
    const start = performance.now();
    const result = stepRun(this.config, this.state, input, this.now);
    const ms = performance.now() - start;
    if (!result.ok) return null;
    this.state = result.value.state;
    this.note(kindOf(input, result.value), ms);
    this.note('all', ms);
    return result.value;
  }

  private note(kind: string, ms: number): void {
    const times = this.times.get(kind) ?? [];
    times.push(ms);
    this.times.set(kind, times);
  }
}

/** Whether a request was granted makes all the difference. */
const kindOf = ({ type }: RunInput, { reply }: MachineStep): string => {
  if (type !== 'request-lease') return type;
  return reply?.type === 'lease' ? 'grant' : 'poll';
};

interface Row {
  readonly volunteers: number;
  readonly updatesPerRound: number;
  readonly input: string;
  readonly steps: number;
  readonly meanMs: number;
  readonly p99Ms: number;
}

const rowsOf = (volunteers: number, updatesPerRound: number): Row[] =>
  Array.from(new Crowd(volunteers, updatesPerRound).measure(), ([input, times]) => ({
    volunteers,
    updatesPerRound,
    input,
    steps: times.length,
    meanMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
    p99Ms: times.toSorted((a, b) => a - b)[Math.floor(0.99 * times.length)] ?? 0,
  }));

const toCells = (row: Row): string[] => [
  row.input,
  ...[row.volunteers, row.updatesPerRound, row.steps].map(String),
  ...[row.meanMs, row.p99Ms].map(ms => ms.toFixed(4)),
];

const help = `npm run bench:step -- [flags]

How long one step of the round machine takes, by the kind of input, with ${CROWDS.join(', ')} volunteers.

  --json FILE  the same as JSON`;

const { json } = parseFlags({ json: { type: 'string' } }, help);
if (json !== undefined) orRefuse(() => assertWritable(json));
const rows = CROWDS.flatMap(volunteers => GOALS.flatMap(goal => rowsOf(volunteers, goal)));
console.log(formatTable(['input', 'volunteers', 'updates', 'steps', 'mean ms', 'p99 ms'], rows.map(toCells)));
if (json !== undefined)
  writeReport(json, {
    name: 'step',
    machine: describeMachine(),
    settings: { steps: STEPS, stepMs: STEP_MS },
    results: rows,
  });
