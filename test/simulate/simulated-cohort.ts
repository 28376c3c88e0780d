import { updateNorm } from '../../shared/aggregation/update-norm.ts';
import { encodeUpdate } from '../../shared/codec/envelope.ts';
import { type CheckedUpdate, checkUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../shared/cohort/memory-log.ts';
import type { Envelopes } from '../../shared/cohort/ports.ts';
import { taskOf, trainedSegments } from '../../shared/cohort/trained-segments.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import type {
  ClosedRound,
  CohortEntry,
  FoldedRole,
  FoldRequest,
  LeftOut,
} from '../../shared/protocol/cohort-report.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { EvaluationMetrics, LeaseClaims, TrainingMetrics } from '../../shared/protocol/lease.ts';
import { accepted, type RefusalReason, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../support/memory-blobs.ts';
import { memoryEnvelopes } from '../support/memory-envelopes.ts';
import type { MemorySums } from '../support/memory-sums.ts';
import { testSeed } from '../support/test-seeds.ts';
import { must } from './must.ts';

/** The bytes of an envelope, as the ledger tells them. */
const ENVELOPE_BYTES = 50;

/** What arrives at a cohort: an update for a lease, and what is wrong with its envelope, if anything. */
export interface Upload {
  readonly lease: LeaseState;
  readonly metrics: TrainingMetrics | EvaluationMetrics;
  readonly fault: RefusalReason | null;
}

/** What the cohorts of a role share. */
export interface RoleOfCohorts {
  readonly role: Role;
  /** The rounds that any of them has folded. */
  readonly folded: Set<number>;
}

/** A cohort of a role: the real machine on a log in memory, an outbox delivered at least once, and evictions. */
export class SimulatedCohort {
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly number: number;
  private readonly blobs: MemoryBlobs;
  private readonly sums: MemorySums;
  private readonly archive: Map<string, Uint8Array> | undefined;
  private readonly log = new MemoryLog();
  private machine: CohortMachine;
  /** By lease, the round that its update is to count in. */
  private readonly taken = new Map<string, number>();
  /** [ROOT5] Leases of root updates, which count as none. */
  private readonly roots = new Set<string>();
  private readonly folded: Set<number>;
  private takenBackAt = -1;

  /**
   * @param number of the cohort among those of its role
   * @param archive gets the envelopes of folded rounds, by lease. If it is given, they are real ones
   */
  constructor(
    config: RunConfig,
    { role, folded }: RoleOfCohorts,
    number: number,
    blobs: MemoryBlobs,
    sums: MemorySums,
    archive?: Map<string, Uint8Array>,
  ) {
    this.archive = archive;
    this.sums = sums;
    this.config = config;
    this.role = role;
    this.number = number;
    this.folded = folded;
    this.blobs = blobs;
    this.machine = this.awake();
  }

  take({ lease, metrics, fault }: Upload, now: number): Result<unknown> {
    const trains = [...trainedSegments(this.config, lease.round, lease.role)];
    const manifest = { version: lease.round - 1 };
    const claims = claimsOf('simulated', { lease, task: { trains }, manifest }, ENVELOPE_BYTES);
    if (this.archive) return this.takeEnvelope(claims, this.envelopeOf({ lease, metrics, fault }), now);
    const check = () => (fault ? refused(fault) : accepted(this.updateOf(lease, metrics)));
    return this.noted(this.machine.accept(claims, now, check, ENVELOPE_BYTES, { key: lease.id }));
  }

  private takeEnvelope(claims: LeaseClaims, envelope: Uint8Array, now: number): Result<unknown> {
    const allowed = { ...claims, byteAllowance: envelope.length };
    const check = () => checkUpdate(this.config, allowed, envelope);
    return this.noted(this.machine.accept(allowed, now, check, envelope.length, { bytes: envelope }));
  }

  /** What the holder of the lease sends, with values that bring about the fault. */
  private envelopeOf({ lease, metrics, fault }: Upload): Uint8Array {
    const bad = fault === 'not-finite' ? Number.NaN : 1_000;
    const tensors = this.tensorsOf(lease.id, lease.round).map(tensor =>
      fault === null ? tensor : { ...tensor, values: tensor.values.fill(bad) },
    );
    return encodeUpdate({ lease: lease.id, codec: this.config.spec.codec, tensors, metrics });
  }

  /** An update that was taken has one entry, and counts once. */
  private noted(result: Result<unknown>): Result<unknown> {
    if (!result.ok) return result;
    const entry = this.log.outbox.at(-1);
    if (!entry?.ok) throw new Error('an update was taken and nothing is told of it');
    const { lease, round, countsIn = round } = entry;
    must(!this.taken.has(lease), '[ACC1] a lease takes one update');
    must(!this.folded.has(countsIn), '[ROUND5] no update counts in a round that was folded');
    const isNewer = this.role === 'evaluator' || round > this.takenBackAt;
    must(isNewer, '[BACK3] no update to a lease counts whose round was taken back');
    this.taken.set(lease, countsIn);
    if (entry.root) this.roots.add(lease);
    return result;
  }

  /**
   * What the coordinator has not been told.
   * @param keep whether the reply gets lost, so that it is told again
   */
  deliver(keep: boolean): readonly CohortEntry[] {
    const entries = this.log.outbox;
    if (!keep) this.log.outbox = [];
    return [...entries];
  }

  closed(round: number, leftOut?: LeftOut): ClosedRound {
    return this.machine.closed(round, leftOut);
  }

  /** How many updates that it took count in the round, without those that are left out. */
  countOf(round: number, leftOut: readonly string[] = []): number {
    return [...this.taken].filter(
      ([lease, other]) => other === round && !this.roots.has(lease) && !leftOut.includes(lease),
    ).length;
  }

  /** What it had taken for this round or later ones counts nowhere. */
  takeBack(round: number, to: number): void {
    for (const [lease, countsIn] of this.taken) if (countsIn >= round) this.taken.delete(lease);
    this.takenBackAt = Math.max(this.takenBackAt, round);
    this.machine.takeBack(round, to);
  }

  async fold(request: FoldRequest): Promise<FoldedRole> {
    const { round } = request;
    this.folded.add(round);
    return this.machine.fold(request);
  }

  /** The object goes to sleep: what is not in its log is lost. */
  evict(): void {
    this.machine = this.awake();
  }

  private awake(): CohortMachine {
    const { log, blobs, envelopes } = this;
    return new CohortMachine(this.config, this.role, {
      log,
      seedOf: testSeed,
      blobs,
      envelopes,
      sums: this.sums.of(`${this.role}/${this.number}`),
    });
  }

  /** Envelopes are made again when they are read, unless they are kept. */
  private readonly envelopes: Envelopes = {
    ...memoryEnvelopes,
    archive: async (_, updates) => {
      for (const { lease, place } of updates) if ('bytes' in place) this.archive?.set(lease, place.bytes);
    },
    read: async ({ lease, place }, offset, bytes) => {
      if ('bytes' in place) return place.bytes.subarray(offset, offset + bytes);
      const tensors = this.tensorsOf(lease, this.log.roundOf(lease));
      const envelope = encodeUpdate({ lease, codec: this.config.spec.codec, tensors, metrics: {} });
      return envelope.subarray(offset, offset + bytes);
    },
  };

  private updateOf(lease: LeaseState, metrics: CheckedUpdate['metrics']): CheckedUpdate {
    const values = this.tensorsOf(lease.id, lease.round).map(tensor => tensor.values);
    return { values, changes: values, norm: updateNorm(values), sha256: 'a'.repeat(64), metrics };
  }

  /** Drawn by the number of the lease, so that no update is another's copy. Every value is exact in any codec. */
  private tensorsOf(lease: string, round: number) {
    const number = Number(lease.replace(/\D/g, ''));
    const valueAt = (i: number): number => {
      const mixed = Math.imul(Math.imul(number + 1, 0x9e3779b1) ^ (i + 1), 0x85ebca6b);
      return (((mixed ^ (mixed >>> 15)) >>> 0) % 7) / 1_024 - 2 / 1_024;
    };
    const { trains = [], slices } = taskOf(this.config, round, this.role) ?? {};
    return expectedTensors(this.config.model, trains, slices).map(({ segment, tensor, elements }) => ({
      segment,
      tensor,
      values: Float32Array.from({ length: elements }, (_, i) => valueAt(i)),
    }));
  }
}
