import { planTasks } from '../../plan/plan-tasks.ts';
import type { Task } from '../../protocol/lease.ts';
import type { RunConfig } from '../../protocol/run-config.ts';

interface Planned {
  readonly round: number;
  readonly tasks: readonly Task[];
}

/** Of each run the round that was asked for last: nearly every step asks for the round that it is in. */
const known = new WeakMap<RunConfig, Planned>();

/** The plan's tasks of a round, the lightest first. They are the same objects as long as the same round is asked for. */
export function plannedTasks(config: RunConfig, round: number): readonly Task[] {
  const kept = known.get(config);
  if (kept?.round === round) return kept.tasks;
  const tasks = planTasks(config.spec, config.model, round);
  known.set(config, { round, tasks });
  return tasks;
}
