import { aggregationRules } from '../../../shared/aggregation/aggregation-rule.ts';
import { applyAggregate } from '../../../shared/aggregation/apply-aggregate.ts';
import { foldUnits, gatherUnit } from '../../../shared/aggregation/fold-units.ts';
import {
  averagesOf,
  keptInRound,
  movedShard,
  runsOf,
  valuesOf,
} from '../../../shared/aggregation/moving-average.ts';
import { median } from '../../../shared/aggregation/update-norm.ts';
import type { CheckedUpdate } from '../../../shared/cohort/check-update.ts';
import type { FoldedRole, RunConfig } from '../../../shared/federation/run-state.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { Task } from '../../../shared/protocol/lease.ts';
import {
  type Manifest,
  type Segment,
  type ShardRef,
  segmentById,
} from '../../../shared/protocol/model-outline.ts';

/** As the platform's cohort remembers them, for the clip of the next round. */
const REMEMBERED_ROUNDS = 3;

export interface KeptUpdate {
  readonly update: CheckedUpdate;
  /** In examples. */
  readonly weight: number;
}

/** Blobs by hash: what is R2 on the platform. */
export type Blobs = Map<string, Uint8Array>;

/** Folds a role's updates of a round as the platform's cohort does (worker/cohort), out of memory into memory. */
export class RoleSums {
  private readonly config: RunConfig;
  private readonly norms = new Map<Role, number[][]>();

  constructor(config: RunConfig) {
    this.config = config;
  }

  fold(task: Task, updates: readonly KeptUpdate[], manifest: Manifest, blobs: Blobs): FoldedRole {
    if (updates.length === 0) return { updates: 0, segments: {} };
    const trained = this.foldTrained(task, updates, manifest, blobs);
    const averages = averagesOf(this.config.model, task.trains).map(average => [
      average.id,
      this.foldAverage(task, updates, average, trained[average.of ?? ''] ?? [], manifest, blobs),
    ]);
    return { updates: updates.length, segments: { ...trained, ...Object.fromEntries(averages) } };
  }

  private foldTrained(
    { role, trains }: Task,
    updates: readonly KeptUpdate[],
    manifest: Manifest,
    blobs: Blobs,
  ): Record<string, ShardRef[]> {
    const clip = this.clipFor(role, updates);
    const segments: Record<string, ShardRef[]> = Object.fromEntries(
      trains.map(id => [id, [...(manifest.segments[id]?.shards ?? [])]]),
    );
    for (const unit of foldUnits(this.config.model, trains)) {
      const shards = segments[unit.segment];
      const old = blobOf(shards?.[unit.shard]?.sha256 ?? '', blobs);
      if (!shards) throw new Error(`nobody trained ${unit.segment}`);
      const rule = aggregationRules[this.config.spec.aggregation];
      let sum = rule.init(unit.elements, { clip });
      for (const { update, weight } of updates) {
        const added = rule.add(sum, gatherUnit(unit, update.values), weight, update.norm);
        if (!added.ok) throw new Error(`a checked update does not fold: ${added.reason}`);
        sum = added.value;
      }
      const aggregate = rule.finish(sum);
      if (aggregate) shards[unit.shard] = keep(applyAggregate(old, aggregate), blobs);
    }
    return segments;
  }

  /** [PUB4] The average moves towards the new weights of the segment that it follows. */
  private foldAverage(
    { epochs }: Task,
    updates: readonly KeptUpdate[],
    { id, of = '', decay = 1, tensors }: Segment,
    fresh: readonly ShardRef[],
    manifest: Manifest,
    blobs: Blobs,
  ): ShardRef[] {
    const { model, spec } = this.config;
    const examples = updates.map(({ weight }) => weight);
    const kept = keptInRound(decay, examples, { batch: spec.training.batch, epochs });
    const values = fresh.map(({ sha256 }) => valuesOf(blobOf(sha256, blobs)));
    return runsOf(segmentById(model, of).tensors, tensors).map((runs, i) => {
      const flat = runs.flatMap(({ shard, from, elements }) => [
        ...(values[shard]?.subarray(from, from + elements) ?? []),
      ]);
      const old = blobOf(manifest.segments[id]?.shards[i]?.sha256 ?? '', blobs);
      return keep(movedShard(old, Float32Array.from(flat), kept), blobs);
    });
  }

  /** The median norm of the rounds before; of this round's own where it is the first. */
  private clipFor(role: Role, updates: readonly KeptUpdate[]): number | null {
    const before = this.norms.get(role) ?? [];
    const own = updates.map(({ update }) => update.norm);
    this.norms.set(role, [...before, own].slice(-REMEMBERED_ROUNDS));
    if (this.config.spec.aggregation === 'mean') return null;
    return median(before.length > 0 ? before.flat() : own);
  }
}

function blobOf(sha256: string, blobs: Blobs): Uint8Array {
  const bytes = blobs.get(sha256);
  if (!bytes) throw new Error(`there is no blob '${sha256}'`);
  return bytes;
}

function keep(bytes: Uint8Array, blobs: Blobs): ShardRef {
  const sha256 = sha256Hex(bytes);
  blobs.set(sha256, bytes);
  return { sha256, bytes: bytes.length };
}
