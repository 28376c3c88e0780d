import { maxEnvelopeBytes } from '../codec/envelope.ts';
import { layoutShards } from '../codec/shard-layout.ts';
import { tasksOverRun } from '../plan/kinds-over-run.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import { segmentsOf } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';

/** What of a run decides its cost. */
export interface RunSize {
  readonly rounds: number;
  /** For so many rounds updates are kept. 0 if they are kept for good. */
  readonly keepRounds: number;
  /** Roles that train in a round. */
  readonly roles: number;
  /** Files of a version, all of which a round may change, and their bytes. */
  readonly shards: number;
  readonly versionBytes: number;
  /** Files that one lease downloads, and the bytes of its update: the mean over the roles. */
  readonly filesALease: number;
  readonly updateBytes: number;
}

/** The size of a run, as its specification and network say it. Weights are kept in f32. */
export function runSize(spec: RunSpec, outline: ModelOutline): RunSize {
  const tasks = tasksOverRun(spec, outline).filter(({ trains }) => trains.length > 0);
  const shardsOf = new Map(outline.segments.map(({ id, tensors }) => [id, layoutShards(tensors)]));
  const countShards = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + (shardsOf.get(id)?.length ?? 0), 0);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    rounds: spec.rounds,
    keepRounds: spec.policy.keepRounds,
    roles: new Set(tasks.map(({ role }) => role)).size,
    shards: countShards(outline.segments.map(({ id }) => id)),
    versionBytes:
      4 *
      outline.segments
        .flatMap(({ tensors }) => tensors)
        .reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
    filesALease: mean(tasks.map(task => countShards([...new Set(segmentsOf(task))]))),
    updateBytes: mean(
      tasks.map(({ trains, slices }) =>
        maxEnvelopeBytes(spec.codec, expectedTensors(outline, trains, slices)),
      ),
    ),
  };
}
