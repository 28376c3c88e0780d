import * as tf from '@tensorflow/tfjs-core';
import type { BuiltModel, LeaseJob, LeaseResult, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { DivergedError } from '../../../client/trainer/training/diverged-error.ts';
import type { CheckedUpdate } from '../../../shared/cohort/check-update.ts';
import type { Grant } from '../../../shared/federation/lease/grant-lease.ts';
import { taskMacs } from '../../../shared/plan/cost/macs.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import { segmentsOf, type Task } from '../../../shared/protocol/lease.ts';
import { type Manifest, parametersOf, segmentById } from '../../../shared/protocol/model-outline.ts';
import { keptChannels, narrowOutline } from '../../../shared/protocol/narrow-outline.ts';
import { fruitlessBy } from '../../../shared/protocol/pause.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { MemoryPlatform } from '../memory-platform.ts';
import { BenchVolunteer } from './bench-volunteer.ts';
import type { FederatedData } from './federated-data.ts';

const MEGA = 1e6;
/** Virtual time that all leases of a round take; deadlines are minutes away. */
const ROUND_MS = 1_000;
/** If the machine grants nobody a lease for so many rounds of asking, it is stuck. */
const MOST_WAITS = 100;

/** A lease in hand. */
interface Held {
  readonly volunteer: BenchVolunteer;
  readonly grant: Grant;
}

/**
 * Volunteers on the platform in memory, in virtual time. All of them ask at once, and one trainer works their leases one
 * after another.
 */
export class Federation {
  /** Of all leases for which an update was taken. */
  macs = 0;
  readonly volunteers: readonly BenchVolunteer[];
  /** Segments that some update has carried. */
  readonly trained = new Set<string>();
  private waits = 0;
  private readonly platform: MemoryPlatform;
  private readonly config: RunConfig;
  private readonly data: FederatedData;
  private readonly trainer: TrainerApi;
  private readonly peaks = new Map<Role, number>();
  private readonly updates = new Map<Role, { count: number; bytes: number; macs: number }>();
  /** Segments, and how narrow they are, whose models the one trainer holds by now. */
  private readonly loaded = new Set<string>();

  /** @param memoriesMB of the volunteers' devices in the order of their indices; 0, or none given, has room for all */
  constructor(
    config: RunConfig,
    built: BuiltModel,
    data: FederatedData,
    trainer: TrainerApi,
    volunteers: number,
    memoriesMB: readonly number[] = [],
  ) {
    this.config = config;
    this.data = data;
    this.trainer = trainer;
    this.platform = new MemoryPlatform(config, built);
    this.volunteers = Array.from({ length: volunteers }, (_, i) => new BenchVolunteer(`volunteer${i}`));
    for (const [i, { id }] of this.volunteers.entries()) this.platform.join(id, memoriesMB[i] ?? 0);
  }

  /** The newest version, and where its weights are. */
  get manifest(): Manifest {
    return this.platform.state.manifest;
  }

  /** Whether the last version is published. */
  get isTrained(): boolean {
    return this.platform.state.round.status === 'over';
  }

  get peakMemoryMBByRole(): Record<string, number> {
    return Object.fromEntries(this.peaks);
  }

  /** Of a mean update of each role: what it took to train, and what was sent. */
  get costsByRole(): { macsByRole: Record<string, number>; uploadMBByRole: Record<string, number> } {
    const updates = [...this.updates];
    return {
      macsByRole: Object.fromEntries(updates.map(([role, { count, macs }]) => [role, macs / count])),
      uploadMBByRole: Object.fromEntries(
        updates.map(([role, { count, bytes }]) => [role, bytes / count / MEGA]),
      ),
    };
  }

  blob(sha256: string): Uint8Array {
    return this.platform.blobs.read(sha256);
  }

  /**
   * Every volunteer asks once, trains what it is given and sends its update; a round that is done becomes a version.
   * @returns the mean loss of the last lease; null if nobody was given one
   * @throws DivergedError if a loss is not finite, or if no update can hold what was learnt
   */
  async advance(): Promise<number | null> {
    const held = this.askAll();
    this.platform.now += ROUND_MS;
    let loss: number | null = null;
    for (const one of held) loss = await this.train(one);
    await this.platform.foldAll();
    return loss;
  }

  private askAll(): Held[] {
    const asked = this.volunteers.map(volunteer => ({ volunteer, reply: this.platform.ask(volunteer.id) }));
    const held = asked.flatMap(({ volunteer, reply }) =>
      reply?.type === 'lease' ? [{ volunteer, grant: reply }] : [],
    );
    this.waits = held.length > 0 ? 0 : this.waits + 1;
    if (this.waits <= MOST_WAITS) return held;
    const [first] = asked;
    const reason = first?.reply?.type === 'wait' ? first.reply.reason : 'the run has finished';
    throw new Error(`round ${this.platform.state.round.number} does not go on: ${reason}`);
  }

  private async train({ volunteer, grant }: Held): Promise<number> {
    const { lease, task } = grant;
    const beside = this.bytesBeside(task);
    const result = await this.trainer.work(this.jobOf(volunteer, grant));
    const update = this.take(grant, result);
    volunteer.uploadedBytes += result.envelope.length;
    volunteer.drift = { ...volunteer.drift, ...result.drift };
    const macs = taskMacs(this.config.model, task) * lease.examples;
    this.macs += macs;
    this.noteUpdate(task.role, result.envelope.length, macs);
    this.noteMemory(task, update, beside);
    for (const id of task.trains) this.trained.add(id);
    return result.loss;
  }

  private jobOf(volunteer: BenchVolunteer, grant: Grant): LeaseJob {
    const { spec, model } = this.config;
    const { batch, momentum, weightDecay, augment } = spec.training;
    const hashes = grant.lease.parts.map(part => this.data.dataset.train[part]?.sha256 ?? '');
    return {
      lease: grant.lease.id,
      task: grant.task,
      ...volunteer.fetch(grant, model, this.platform.blobs),
      drift: volunteer.drift,
      examples: {
        kind: 'parts',
        hashes,
        files: hashes.map(hash => this.data.parts.get(hash) ?? new Uint8Array()),
      },
      batch,
      microBatch: batch,
      momentum,
      weightDecay,
      augment,
      seed: spec.seed + grant.lease.round,
      codec: spec.codec,
      classes: model.classes,
    };
  }

  /** @throws DivergedError as `advance` does, or if the platform would otherwise refuse what an honest volunteer sent */
  private take(grant: Grant, { envelope }: LeaseResult): CheckedUpdate {
    const { role } = grant.lease;
    const taken = this.platform.send(grant, envelope);
    if (!taken.ok && fruitlessBy(taken.reason)) throw new DivergedError(taken.detail);
    if (!taken.ok) throw new Error(`an update of the ${role} is refused: ${taken.detail ?? taken.reason}`);
    return taken.value;
  }

  private noteUpdate(role: Role, bytes: number, macs: number): void {
    const sum = this.updates.get(role) ?? { count: 0, bytes: 0, macs: 0 };
    this.updates.set(role, { count: sum.count + 1, bytes: sum.bytes + bytes, macs: sum.macs + macs });
  }

  private noteMemory({ role }: Task, { metrics }: CheckedUpdate, beside: number): void {
    const measured = 'peakMemoryMB' in metrics ? (metrics.peakMemoryMB ?? 0) : 0;
    this.peaks.set(role, Math.max(this.peaks.get(role) ?? 0, measured - beside / MEGA));
  }

  /** Bytes that lie here and that a device of this role alone would not hold: models of other roles and other runs. */
  private bytesBeside(task: Task): number {
    const narrow = narrowOutline(this.config.model, task.slices);
    const modelOf = (id: string): string => [id, ...(task.slices ?? []).map(keptChannels)].join();
    const own = segmentsOf(task).filter(id => this.loaded.has(modelOf(id)));
    for (const id of segmentsOf(task)) this.loaded.add(modelOf(id));
    const bytes = own.map(id => 4 * parametersOf(segmentById(narrow, id)));
    return tf.memory().numBytes - bytes.reduce((sum, each) => sum + each, 0);
  }
}
