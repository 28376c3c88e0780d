import { planTasks } from '../../shared/plan/plan-tasks.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import type { WorkLimits } from './work-limits.ts';

/**
 * New shards of a version that this volunteer most likely needs for its next lease: those of the task whose turn it is. It
 * is only worth it if the round that closed had an update of everybody at work. In a crowd of which some are wanted each
 * round, most downloads ahead of the lease would be wasted.
 * [WORK1] It is none of them if they are more than a lease may ask for: that lease would be given back.
 * @param index its order of joining, which says whose turn it is
 */
export function shardsAhead(
  { spec, model }: Pick<RunInfo, 'spec' | 'model'>,
  { version, segments }: Manifest,
  index: number,
  { downloadMB }: Pick<WorkLimits, 'downloadMB'>,
): string[] {
  const round = version + 1;
  if (round > spec.rounds) return [];
  const tasks = planTasks(spec, model, round);
  const task = tasks[(index + round) % tasks.length];
  const changed = (task ? segmentsOf(task) : []).filter(id => segments[id]?.version === version);
  const shards = changed.flatMap(id => segments[id]?.shards ?? []);
  const bytes = shards.reduce((sum, shard) => sum + shard.bytes, 0);
  return bytes > 1e6 * downloadMB ? [] : shards.map(({ sha256 }) => sha256);
}
