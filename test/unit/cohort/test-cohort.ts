import { encodeUpdate } from '../../../shared/codec/envelope.ts';
import { type CheckedUpdate, checkUpdate } from '../../../shared/cohort/check-update.ts';
import { CohortMachine } from '../../../shared/cohort/cohort-machine.ts';
import type { FoldLimits } from '../../../shared/cohort/fold-limits.ts';
import { MemoryLog } from '../../../shared/cohort/memory-log.ts';
import type { CohortPorts, KeptUpdate } from '../../../shared/cohort/ports.ts';
import { taskOf } from '../../../shared/cohort/trained-segments.ts';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import type { AggregationName } from '../../../shared/protocol/aggregation-spec.ts';
import type { ClosedRound, FoldedRole, FoldRequest } from '../../../shared/protocol/cohort-report.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { Result } from '../../../shared/protocol/refusals.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { MemoryBlobs } from '../../support/memory-blobs.ts';
import { memoryEnvelopes } from '../../support/memory-envelopes.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import type { Change } from '../../support/tiny-model.ts';
import { trainingMetrics } from '../../support/tiny-run.ts';

/** A loop: a list of half a million values is made twenty times as fast by it. */
function changesOf(tensor: string, elements: number, change: Change): Float32Array {
  const values = new Float32Array(elements);
  for (let i = 0; i < elements; i++) values[i] = change(tensor, i);
  return values;
}

type Handing = Partial<Pick<FoldRequest, 'handed' | 'handsOn' | 'allExamples'>>;

export interface SentUpdate {
  readonly envelope: Uint8Array;
  readonly checked: Result<CheckedUpdate>;
}

/** One role's cohort in memory, and the volunteers who send it real envelopes. */
export class TestCohort {
  readonly log = new MemoryLog();
  /** By round, the leases whose envelopes are in the archive. */
  readonly archived = new Map<number, readonly string[]>();
  now = 1_000;
  private readonly config: RunConfig;
  private readonly role: Role;
  private readonly blobs: MemoryBlobs;
  private readonly sums: MemorySums;
  /** Of the machine, if they are not its own. */
  private limits: FoldLimits | undefined;
  private readonly number: number;
  private machine: CohortMachine;

  private readonly seeds: Pick<CohortPorts, 'seedOf'>;

  /**
   * @param number of the cohort among those of its role
   * @param seeds if its updates are sketched
   */
  constructor(
    config: RunConfig,
    role: Role,
    blobs: MemoryBlobs,
    sums = new MemorySums(),
    number = 0,
    seeds: Pick<CohortPorts, 'seedOf'> = {},
  ) {
    this.seeds = seeds;
    this.number = number;
    this.sums = sums;
    this.config = config;
    this.role = role;
    this.blobs = blobs;
    this.machine = this.awake();
  }

  /** The run's. */
  get rule(): AggregationName {
    return this.config.spec.aggregation;
  }

  /** What is not in the log is lost. @param limits of the machine from now on */
  evict(limits = this.limits): void {
    this.limits = limits;
    this.machine = this.awake();
  }

  /** @param root whether it is a referee's, with which others are compared */
  claims(volunteer: string, round: number, trains: readonly string[], root = false): LeaseClaims {
    const work = {
      ...{ round, parts: [0], examples: 10, deadlineAt: 60_000 },
      ...(root && { root: true as const }),
    };
    const lease = { id: `${volunteer}round${round}`, volunteer, role: this.role, ...work };
    const task = { trains: [...trains] };
    return claimsOf('test00', { lease, task, manifest: { version: round - 1 } }, 1e8);
  }

  /** An update of every trained value: the changes of what is learnt, and statistics. */
  envelope(claims: LeaseClaims, change: Change): Uint8Array<ArrayBuffer> {
    const slices = taskOf(this.config, claims.round, this.role)?.slices;
    const sent = expectedTensors(this.config.model, claims.trains, slices);
    const tensors = sent.map(({ elements, ...expected }) => ({
      ...expected,
      values: changesOf(expected.tensor, elements, change),
    }));
    const { codec } = this.config.spec;
    return encodeUpdate({ lease: claims.lease, codec, tensors, metrics: trainingMetrics });
  }

  /** @param made by lease, what cohorts of other federations were sent: to write and to check it once more is left out */
  send(claims: LeaseClaims, change: Change, made = new Map<string, SentUpdate>()): Result<CheckedUpdate> {
    const sent = made.get(claims.lease) ?? this.update(claims, change);
    made.set(claims.lease, sent);
    const { envelope, checked } = sent;
    return this.machine.accept(claims, this.now, () => checked, envelope.length, { bytes: envelope });
  }

  private update(claims: LeaseClaims, change: Change): SentUpdate {
    const envelope = this.envelope(claims, change);
    return { envelope, checked: checkUpdate(this.config, claims, envelope) };
  }

  /** As `send`, and it must be taken. */
  train(volunteer: string, round: number, trains: readonly string[], change: Change, root = false): void {
    const result = this.send(this.claims(volunteer, round, trains, root), change);
    if (!result.ok) throw new Error(`refused: ${result.reason} ${result.detail ?? ''}`);
  }

  close(round: number): void {
    this.machine.close(round);
  }

  closed(round: number): ClosedRound {
    return this.machine.closed(round);
  }

  foldAs(request: FoldRequest): Promise<FoldedRole> {
    return this.machine.fold(request);
  }

  foldSliceAs(request: FoldRequest): Promise<FoldedRole | null> {
    return this.machine.foldSlice(request);
  }

  fold(round: number, manifest: Manifest, handing: Handing = {}): Promise<FoldedRole> {
    this.machine.close(round);
    return this.machine.fold({ round, manifest, handed: {}, handsOn: [], ...handing });
  }

  takeBack(round: number, to: number): void {
    this.machine.takeBack(round, to);
  }

  /** As much of it as one call may do. Null if something is left. */
  foldSlice(round: number, manifest: Manifest, handing: Handing = {}): Promise<FoldedRole | null> {
    this.machine.close(round);
    return this.machine.foldSlice({ round, manifest, handed: {}, handsOn: [], ...handing });
  }

  archive(): Promise<void> {
    return this.machine.archive();
  }

  private readonly keepArchived = async (round: number, updates: Iterable<KeptUpdate>): Promise<void> => {
    const leases: string[] = [];
    for (const update of updates) {
      await memoryEnvelopes.read(update, 0, 1);
      leases.push(update.lease);
    }
    this.archived.set(round, leases);
  };

  private awake(): CohortMachine {
    const { log, blobs } = this;
    const sums = this.sums.of(`${this.role}${this.number || ''}`);
    const envelopes = { ...memoryEnvelopes, archive: this.keepArchived };
    const ports = { log, blobs, envelopes, sums, ...this.seeds };
    return new CohortMachine(this.config, this.role, ports, this.limits);
  }
}
