import type { Task } from '../../protocol/lease.ts';
import { bodyIds, type ModelOutline } from '../../protocol/model-outline.ts';
import type { Turns } from '../../protocol/plan-spec.ts';
import type { Moment } from './schedule.ts';

/**
 * The tasks of a round in which every segment learns by its own exits: one for each segment, one for the segment whose
 * turn it is, or one task for all of them.
 * @param taskAt the task of the body segment at a place, alone behind the frozen ones before it
 */
export function inTurns(
  outline: ModelOutline,
  turns: Turns,
  { round }: Moment,
  taskAt: (place: number) => Task,
): Task[] {
  const count = bodyIds(outline).length;
  if (turns === 'alternate') return [taskAt((round - 1) % count)];
  const tasks = Array.from({ length: count }, (_, place) => taskAt(place));
  const [first] = tasks;
  return turns === 'together' && first ? [allInOne(first, tasks)] : tasks;
}

/** Every segment in one lease, each learning from its own exits only; as many epochs as the first. */
function allInOne(first: Task, tasks: readonly Task[]): Task {
  const path = tasks.flatMap(task => task.path);
  const trained = tasks.flatMap(task => task.trains);
  return {
    ...first,
    role: 'whole',
    path,
    isolated: true,
    exits: tasks.flatMap(task => task.exits),
    trains: [...path, ...trained.filter(id => !path.includes(id))],
  };
}
