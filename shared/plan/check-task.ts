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
  const taught = undrawnTasks(spec, outline, Math.max(1, round)).flatMap(({ exits }) =>
    exits.filter(({ labelWeight }) => labelWeight > 0),
  );
  const exits = [...judged, ...taught].filter(
    (exit, i, all) => all.findIndex(other => isSameExit(other, exit)) === i,
  );
  const body = bodyIds(outline);
  const ends = exits.flatMap(branchesOf).map(({ after }) => body.indexOf(after));
  return plainTask({
    role: 'evaluator',
    path: body.slice(0, Math.max(...ends) + 1),
    exits: exits.map(bareExit),
    trains: [],
    schedule: scheduleOf({ from: 0, to: 0, rate: 0 }),
  });
}

const bareExit = ({ after, through, plus, joined }: Exit) =>
  trainedExit({ after, through, ...(plus && { plus }), ...(joined && { joined }) });
