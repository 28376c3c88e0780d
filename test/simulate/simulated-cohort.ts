import { updateNorm } from '../../shared/aggregation/update-norm.ts';
import { encodeUpdate } from '../../shared/codec/envelope.ts';
import type { CheckedUpdate } from '../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../shared/cohort/cohort-machine.ts';
import { MemoryLog } from '../../shared/cohort/memory-log.ts';
import type { Envelopes } from '../../shared/cohort/ports.ts';
import { taskOf, trainedSegments } from '../../shared/cohort/trained-segments.ts';
import { claimsOf } from '../../shared/federation/lease/claims-of.ts';
import type { LeaseState } from '../../shared/federation/lease/lease-state.ts';
import type { CohortEntry, FoldedRole, FoldRequest } from '../../shared/protocol/cohort-report.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../shared/protocol/identifiers.ts';
import type { EvaluationMetrics, TrainingMetrics } from '../../shared/protocol/lease.ts';
import { accepted, type RefusalReason, type Result, refused } from '../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../support/memory-blobs.ts';
import { memoryEnvelopes } from '../support/memory-envelopes.ts';
import type { MemorySums } from '../support/memory-sums.ts';

/** The bytes of an envelope, as the ledger tells them. */
const ENVELOPE_BYTES = 50;

/** What arrives at a cohort: an update for a lease, and what is wrong with its envelope, if anything. */
export interface Upload {
  readonly lease: LeaseState;
  readonly metrics: TrainingMetrics | EvaluationMetrics;
  readonly fault: RefusalReason | null;
}

/** One role's cohort: the real machine on a log in memory, an outbox delivered at least once, and evictions. */
export class SimulatedCohort {
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly blobs: MemoryBlobs;
  private readonly sums: MemorySums;
  private readonly log = new MemoryLog();
  private machine: CohortMachine;

  constructor(config: RunConfig, role: Role, blobs: MemoryBlobs, sums: MemorySums) {
    this.sums = sums;
    this.config = config;
    this.role = role;
    this.blobs = blobs;
    this.machine = this.awake();
  }

  take({ lease, metrics, fault }: Upload, now: number): Result<unknown> {
    const trains = [...trainedSegments(this.config, lease.round, lease.role)];
    const manifest = { version: lease.round - 1 };
    const claims = claimsOf('simulated', { lease, task: { trains }, manifest }, ENVELOPE_BYTES);
    const check = () => (fault ? refused(fault) : accepted(this.updateOf(lease, metrics)));
    return this.machine.accept(claims, now, check, ENVELOPE_BYTES, { key: lease.id });
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

  close(round: number): void {
    this.machine.close(round);
  }

  fold(request: FoldRequest): Promise<FoldedRole> {
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
      blobs,
      envelopes,
      sums: this.sums.of(this.role),
    });
  }

  /** Envelopes are made again when they are read. Nobody else looks at them. */
  private readonly envelopes: Envelopes = {
    ...memoryEnvelopes,
    read: async ({ lease }) => {
      const tensors = this.tensorsOf(lease, this.log.roundOf(lease));
      return encodeUpdate({ lease, codec: this.config.spec.codec, tensors, metrics: {} });
    },
  };

  private updateOf(lease: LeaseState, metrics: CheckedUpdate['metrics']): CheckedUpdate {
    const values = this.tensorsOf(lease.id, lease.round).map(tensor => tensor.values);
    return { values, changes: values, norm: updateNorm(values), sha256: 'a'.repeat(64), metrics };
  }

  /** Every value of an update is the same. The number of its lease gives it, and it is exact in any codec. */
  private tensorsOf(lease: string, round: number) {
    const value = ((Number(lease.replace(/\D/g, '')) % 7) - 3) / 1_024;
    const { trains = [], slices } = taskOf(this.config, round, this.role) ?? {};
    return expectedTensors(this.config.model, trains, slices).map(({ segment, tensor, elements }) => ({
      segment,
      tensor,
      values: new Float32Array(elements).fill(value),
    }));
  }
}
