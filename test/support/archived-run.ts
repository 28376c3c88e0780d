import { encodeUpdate } from '../../shared/codec/envelope.ts';
import { checkUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../shared/cohort/memory-log.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import type { Grant } from '../../shared/federation/lease/grant-lease.ts';
import { foldRequest, pendingFolds } from '../../shared/federation/round/fold-order.ts';
import { stepRun } from '../../shared/federation/round-machine.ts';
import type { RunInput, RunState } from '../../shared/federation/run-state.ts';
import { createRandom, randomNormal } from '../../shared/math/random.ts';
import { checkTask } from '../../shared/plan/check-task.ts';
import { ledgerEntriesSchema, type RunEvent } from '../../shared/protocol/events.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { ReplayPorts } from '../../shared/replay/ports.ts';
import { firstWeights } from '../simulate/first-weights.ts';
import { MemoryBlobs } from './memory-blobs.ts';
import { memoryEnvelopes } from './memory-envelopes.ts';
import { MemorySums } from './memory-sums.ts';
import { testSeed } from './test-seeds.ts';
import { trainingMetrics } from './tiny-run.ts';

/** Rounds close at their deadline at the latest, and come out soon after. */
const MOST_STEPS = 1_000;
const STEP_MS = 1_000;

interface Cohort {
  readonly log: MemoryLog;
  readonly machine: CohortMachine;
}

/**
 * A run without a platform that keeps what a replay needs: the real machines, real envelopes of drawn values, the ledger,
 * every version, and the archive. Tests change one of these and see whether a replay finds it.
 */
export class ArchivedRun {
  readonly config: RunConfig;
  readonly blobs = new MemoryBlobs();
  readonly manifests = new Map<number, Manifest>();
  readonly archive = new Map<string, Uint8Array[]>();
  ledger: RunEvent[] = [];
  /** From this entry on the ledger is whole. */
  first = 1;
  /** How an entry is told: a platform of a later release may have other words. */
  told: (entry: RunEvent) => unknown = entry => entry;
  state: RunState;
  /** Volunteers whose updates come so many steps later than they could. */
  readonly late = new Map<string, number>();
  /** What a referee finds of a candidate, by the leases of its updates. Nobody checks if it is left out. */
  judge: ((leases: readonly string[], turn: number) => { after: number; harmful: string[] }) | null = null;
  private held: { readonly at: number; readonly grant: Grant }[] = [];
  private steps = 0;
  private readonly sums = new MemorySums();
  private readonly cohorts = new Map<Role, Cohort>();
  private readonly random = createRandom('archived run');
  private leases = 0;
  private now = 1_000_000;

  constructor(config: RunConfig) {
    this.config = config;
    this.state = firstWeights(config.model, this.blobs);
    this.manifests.set(0, this.state.manifest);
    this.input({ type: 'control', action: 'open' });
  }

  join(volunteer: string, memoryMB = 0, referee = false): void {
    const device = { backend: 'wasm', macsPerSecond: 0, memoryMB };
    this.input({ type: 'join', volunteer, name: volunteer, device, referee });
  }

  /** A referee that trains nothing joins, and finds this. */
  joinReferee(judge: NonNullable<ArchivedRun['judge']>): void {
    const device = { backend: 'wasm', macsPerSecond: 0, memoryMB: 0.001 };
    this.input({ type: 'join', volunteer: 'referee', name: 'referee', device, referee: true });
    this.judge = judge;
  }

  private check(): void {
    const { round } = this.state;
    if (!this.judge || round.status !== 'checking') return;
    const counted = Object.values(round.folded).flatMap(fold => fold?.counted ?? []);
    const { after, harmful } = this.judge(
      counted.map(({ lease }) => lease),
      round.refused?.turn ?? 1,
    );
    const told = { type: 'checked', volunteer: 'referee', check: 'check' } as const;
    const exits = checkTask(this.config.spec, this.config.model, round.number).exits;
    const losses = (loss: number): number[] => exits.map(() => loss);
    this.input({ ...told, verdict: { type: 'losses', before: losses(1), after: losses(after) } });
    if (this.state.round.status === 'checking')
      this.input({ ...told, verdict: { type: 'harmful', leases: harmful } });
  }

  /** Trains until this version is out. Whoever joined asks again and again. */
  async train(version: number): Promise<void> {
    for (const end = this.steps + MOST_STEPS; this.state.manifest.version < version; this.steps++) {
      if (this.steps > end) throw new Error(`version ${version} did not come out`);
      for (const volunteer of this.free()) this.ask(volunteer);
      if (this.judge) this.input({ type: 'request-check', volunteer: 'referee', check: 'check' });
      this.answerDue();
      await this.fold();
      this.now += STEP_MS;
      this.input({ type: 'alarm' });
      await this.fold();
    }
  }

  /** The host takes the run back, and every cohort knows at once. */
  takeBack(to: number): void {
    const { number } = this.state.round;
    this.input({ type: 'take-back', to });
    for (const { machine } of this.cohorts.values()) machine.takeBack(number, to);
    const manifest = this.manifests.get(to);
    if (!manifest) throw new Error(`version ${to} never was`);
    this.input({ type: 'returned', round: number, manifest });
  }

  /** What everybody can read of it. */
  get ports(): ReplayPorts {
    const { config, manifests, archive, blobs, first } = this;
    const sums = new MemorySums();
    const events = ledgerEntriesSchema.parse(JSON.parse(JSON.stringify(this.ledger.map(this.told))));
    return {
      config,
      ledger: async function* () {
        const half = Math.ceil(events.length / 2);
        yield { first, events: events.slice(0, half) };
        yield { first, events: events.slice(half) };
      },
      manifest: async version => manifests.get(version) ?? null,
      blob: async sha256 => blobs.find(sha256),
      archives: {
        has: async (role, round) => archive.has(`${role}/${round}`),
        envelopes: async function* (role, round) {
          yield* archive.get(`${role}/${round}`) ?? [];
        },
      },
      sums: role => sums.of(role),
    };
  }

  /** The events of a type, which may be changed in place. */
  entries(type: RunEvent['event']['type']): RunEvent[] {
    return this.ledger.filter(({ event }) => event.type === type);
  }

  private ask(volunteer: string): void {
    const lease = `lease${String(++this.leases).padStart(4, '0')}`;
    const result = this.input({ type: 'request-lease', volunteer, lease });
    if (result?.type === 'lease' && result.lease.role !== 'evaluator')
      this.held.push({ at: this.steps + (this.late.get(volunteer) ?? 0), grant: result });
  }

  /** Whoever is not at work. */
  private free(): string[] {
    const busy = this.held.map(({ grant }) => grant.lease.volunteer);
    const joined = Array.from(this.state.volunteers.values(), ({ id }) => id);
    return joined.filter(id => !busy.includes(id));
  }

  private answerDue(): void {
    const due = this.held.filter(({ at }) => at <= this.steps);
    this.held = this.held.filter(({ at }) => at > this.steps);
    for (const { grant } of due) this.answer(grant);
  }

  private answer(grant: Grant): void {
    const { lease, task } = grant;
    const tensors = expectedTensors(this.config.model, task.trains, task.slices).map(
      ({ elements, ...expected }) => ({
        ...expected,
        values: Float32Array.from({ length: elements }, () => {
          const value = randomNormal(this.random) / 64;
          return expected.statistic === 'variance' ? Math.abs(value) : value;
        }),
      }),
    );
    const { codec } = this.config.spec;
    const envelope = encodeUpdate({ lease: lease.id, codec, tensors, metrics: trainingMetrics });
    const claims = claimsOf('archived', grant, envelope.length);
    const { machine, log } = this.cohort(lease.role);
    const check = () => checkUpdate(this.config, claims, envelope);
    // What comes late may be refused. The ledger says so.
    machine.accept(claims, this.now, check, envelope.length, { bytes: envelope });
    this.input({ type: 'report', role: lease.role, entries: log.outbox.splice(0) });
  }

  private async fold(): Promise<void> {
    for (let [role] = pendingFolds(this.config, this.state); role; ) {
      const request = foldRequest(this.config, this.state, role);
      const { machine } = this.cohort(role);
      machine.close(request.round);
      const result = await machine.fold(request);
      this.input({ type: 'folded', role, round: request.round, result });
      [role] = pendingFolds(this.config, this.state);
    }
    if (!this.judge || this.state.round.status !== 'checking') return;
    this.input({ type: 'request-check', volunteer: 'referee', check: 'check' });
    this.check();
    await this.fold();
  }

  private input(input: RunInput) {
    const result = stepRun(this.config, this.state, input, this.now);
    if (!result.ok) throw new Error(`refused: ${result.reason} ${result.detail ?? ''}`);
    const { state, events, reply } = result.value;
    this.state = state;
    this.manifests.set(state.manifest.version, state.manifest);
    for (const event of events) this.ledger.push({ seq: this.ledger.length + 1, at: this.now, event });
    return reply;
  }

  private cohort(role: Role): Cohort {
    const known = this.cohorts.get(role);
    if (known) return known;
    const log = new MemoryLog();
    const machine = new CohortMachine(this.config, role, {
      ...{ log, blobs: this.blobs, sums: this.sums.of(role), seedOf: testSeed },
      envelopes: {
        ...memoryEnvelopes,
        archive: async (round, updates) => {
          const kept = [...updates].map(({ place }) => ('bytes' in place ? place.bytes : new Uint8Array()));
          this.archive.set(`${role}/${round}`, kept);
        },
      },
    });
    const cohort = { log, machine };
    this.cohorts.set(role, cohort);
    return cohort;
  }
}
