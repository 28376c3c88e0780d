import { tellWork } from '../aggregation/tell-work.ts';
import type { RoleRound } from '../protocol/cohort-report.ts';
import { expectedTensors } from '../protocol/expected-tensors.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RunConfig } from '../protocol/run-config.ts';
import type { ToldWork, WorkOutcome } from '../protocol/standing.ts';
import { isLearnt } from './check-update.ts';
import { taskOf } from './trained-segments.ts';

/** [STAND2] What a round's updates of a role were worth, as the ledger tells it. */
export function workOf(
  config: RunConfig,
  role: Role,
  round: number,
  { updates }: Pick<RoleRound, 'updates'>,
  seed: string,
): ToldWork {
  const told = updates.flatMap(update => update.told ?? []).filter(({ volunteer }) => volunteer !== '');
  const outcomes = tellWork(told, countLearnt(config, role, round));
  const whose: Partial<Record<WorkOutcome, string[]>> = {};
  for (const [i, { volunteer }] of told.entries()) {
    const outcome = outcomes[i];
    if (outcome) whose[outcome] = [...(whose[outcome] ?? []), volunteer];
  }
  return { seed, ...whose };
}

/** How many values of an update are changes of what is learnt. */
function countLearnt(config: RunConfig, role: Role, round: number): number {
  const task = taskOf(config, round, role);
  if (!task) return 0;
  return expectedTensors(config.model, task.trains, task.slices)
    .filter(isLearnt)
    .reduce((sum, { elements }) => sum + elements, 0);
}

/** What other cohorts need of a role's updates: only the one that publishes tells what they were worth. */
export const withoutSketches = (updates: RoleRound['updates']): RoleRound['updates'] =>
  updates.map(({ told: _, ...update }) => update);
