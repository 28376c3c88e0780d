import { plannedTasks } from '../plan/planned-tasks.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { Task } from '../protocol/lease.ts';
import type { RunConfig } from '../protocol/run-config.ts';

/** A role's training task in a round; none if the round has no such role. Evaluators train nothing. */
export const taskOf = (config: RunConfig, round: number, role: Role): Task | undefined =>
  role === 'evaluator' ? undefined : plannedTasks(config, round).find(task => task.role === role);

/** The segments a role trains in a round, the heads last. */
export const trainedSegments = (config: RunConfig, round: number, role: Role): readonly string[] =>
  taskOf(config, round, role)?.trains ?? [];
