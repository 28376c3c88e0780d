import type { Task } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import { planTasks } from './plan-tasks.ts';

/** Late updates are of a few rounds at once. Nearly every other question is of the round that runs. */
const KEPT_ROUNDS = 8;

/** Of each run the rounds that were asked for last. */
const known = new WeakMap<RunConfig, Map<number, readonly Task[]>>();

/**
 * The plan's tasks of a round, the lightest first. They are kept, for a step or an update asks for them many times: they
 * are the same objects as long as few rounds are asked for.
 */
export function plannedTasks(config: RunConfig, round: number): readonly Task[] {
  const kept = known.get(config) ?? new Map<number, readonly Task[]>();
  const before = kept.get(round);
  if (before) return before;
  const tasks = planTasks(config.spec, config.model, round);
  known.set(config, kept.set(round, tasks));
  const [oldest] = kept.keys();
  if (kept.size > KEPT_ROUNDS && oldest !== undefined) kept.delete(oldest);
  return tasks;
}
