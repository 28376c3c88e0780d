import { branchesOf, type Task } from '../protocol/lease.ts';
import type { ModelOutline } from '../protocol/model-outline.ts';
import { keptChannels } from '../protocol/narrow-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { tasksByRound } from './plan-tasks.ts';

/** A kind of task as it is first given, and the rounds that give one: the first, the last, and how many. */
export interface TaskKind {
  readonly task: Task;
  readonly firstRound: number;
  readonly lastRound: number;
  readonly rounds: number;
}

/**
 * Every kind of task that a run ever gives. A role's tasks differ from one stage of a plan to the next in what they
 * run, and so in what they cost. Weights and rates differ from round to round and do not count. To be asked
 * once a run.
 */
export function kindsOverRun(spec: RunSpec, outline: ModelOutline): readonly TaskKind[] {
  const kinds = new Map<string, TaskKind>();
  let planned: { readonly tasks: readonly Task[]; readonly kinds: readonly string[] } = {
    tasks: [],
    kinds: [],
  };
  for (const [round, tasks] of tasksByRound(spec, outline)) {
    if (tasks !== planned.tasks) planned = { tasks, kinds: tasks.map(kindOf) };
    for (const [i, task] of tasks.entries()) {
      const kind = planned.kinds[i] ?? '';
      const known = kinds.get(kind) ?? { task, firstRound: round, rounds: 0 };
      kinds.set(kind, { ...known, lastRound: round, rounds: known.rounds + 1 });
    }
  }
  return [...kinds.values()];
}

/** One task of every kind that a run ever gives, in the order in which they first come. */
export const tasksOverRun = (spec: RunSpec, outline: ModelOutline): readonly Task[] =>
  kindsOverRun(spec, outline).map(({ task }) => task);

/**
 * All of a task that its work depends on, as one string: the same for tasks that differ in weights and rates only, or in
 * which channels they have and not in how many.
 */
export function kindOf({ schedule: _, exits, slices = [], ...task }: Task): string {
  const chains = exits.map(exit => [
    branchesOf(exit),
    exit.distils.map(({ distilFrom }) => branchesOf(distilFrom)),
  ]);
  return JSON.stringify([task, chains, slices.map(keptChannels)]);
}
