import { branchesOf, type Exit, type Task } from '../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../protocol/model-outline.ts';
import type { RunSpec } from '../protocol/run-spec.ts';
import { evaluationTask, undrawnTasks } from './plan-tasks.ts';
import { isSameExit, trainedExit } from './task/exits.ts';
import { plainTask } from './task/plain-task.ts';
import { scheduleOf } from './task/schedule.ts';

/**
 * [CHECK3] What a referee measures of the version that a round makes, forward only: the exit by which it is judged, and
 * those that the round's tasks teach by labels, each once. A ruined head is seen that the version is not judged by.
 */
export function checkTask(spec: RunSpec, outline: ModelOutline, round: number): Task {
  const judged = evaluationTask(spec, outline, round).exits;
  const taught = tasksOf(spec, outline, round).flatMap(taughtBy);
  const exits = [...judged, ...taught].filter(
    (exit, i, all) => all.findIndex(other => isSameExit(other, exit)) === i,
  );
  return atExits(outline, exits.map(bareExit));
}

/** A task that runs no further than these exits need. */
export function atExits(outline: ModelOutline, exits: Task['exits']): Task {
  const body = bodyIds(outline);
  const ends = exits.flatMap(branchesOf).map(({ after }) => body.indexOf(after));
  return plainTask({
    role: 'evaluator',
    path: body.slice(0, Math.max(...ends) + 1),
    exits,
    trains: [],
    schedule: scheduleOf({ from: 0, to: 0, rate: 0 }),
  });
}

/**
 * [CHECK3] The segments that stay as they were while a candidate is measured at this exit: those that only tasks train which
 * teach other exits. What one task makes of its segments suits another's only in later rounds, and that is no harm.
 */
export function measuredWithout(
  spec: RunSpec,
  outline: ModelOutline,
  round: number,
  exit: Exit,
): ReadonlySet<string> {
  const tasks = tasksOf(spec, outline, round);
  const isOfOthers = (task: Task): boolean => !isMeasuredAt(task, exit);
  const own = new Set(tasks.filter(task => !isOfOthers(task)).flatMap(({ trains }) => trains));
  return new Set(
    tasks
      .filter(isOfOthers)
      .flatMap(({ trains }) => trains)
      .filter(id => !own.has(id)),
  );
}

/** [CHECK7] Whether an update of this task is measured at this exit: it teaches it, or it teaches none. */
export const isMeasuredAt = (task: Task, exit: Exit): boolean =>
  taughtBy(task).length === 0 || teaches(task, exit);

const teaches = (task: Task, exit: Exit): boolean => taughtBy(task).some(other => isSameExit(other, exit));

const taughtBy = ({ exits }: Task): Task['exits'] => exits.filter(({ labelWeight }) => labelWeight > 0);

const tasksOf = (spec: RunSpec, outline: ModelOutline, round: number): readonly Task[] =>
  undrawnTasks(spec, outline, Math.max(1, round));

const bareExit = ({ after, through, plus, joined }: Exit) =>
  trainedExit({ after, through, ...(plus && { plus }), ...(joined && { joined }) });
