import { activeMs } from '../../shared/federation/volunteer/active-volunteers.ts';
import { planTasks } from '../../shared/plan/plan-tasks.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';

type Published = Extract<EventBody, { type: 'version-published' }>;

/**
 * New shards that this volunteer most likely needs for its next lease: those of the task whose turn it is. There are none
 * if the round that closed did not have an update of everybody at work. In such a crowd only some are wanted each round,
 * and most downloads ahead of the lease would be wasted.
 * @param view with the event folded in. It knows the order of joining, which says whose turn it is
 */
export function shardsAhead(
  { spec, model }: Pick<RunInfo, 'spec' | 'model'>,
  view: RunView,
  { round: closed, updates, segments }: Published,
  at: number,
  volunteer: string,
): string[] {
  const round = closed + 1;
  const wanted = Object.values(updates).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const active = Object.values(view.volunteers).filter(({ seenAt }) => at - seenAt < activeMs(spec)).length;
  const index = view.volunteers[volunteer]?.index ?? null;
  if (round > spec.rounds || index === null || active > wanted) return [];
  const tasks = planTasks(spec, model, round);
  const task = tasks[(index + round) % tasks.length];
  return task ? segmentsOf(task).flatMap(id => segments[id] ?? []) : [];
}
