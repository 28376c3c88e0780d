import { activeMs } from '../../shared/federation/volunteer/active-volunteers.ts';
import { planTasks } from '../../shared/plan/plan-tasks.ts';
import type { EventBody } from '../../shared/protocol/events.ts';
import { segmentsOf } from '../../shared/protocol/lease.ts';
import type { RunInfo } from '../../shared/protocol/messages.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';

type Published = Extract<EventBody, { type: 'version-published' }>;

/**
 * New shards that this volunteer will be leased next, most likely: those of the task whose turn it is, where the round
 * that closed had an update of everybody at work. In a crowd only some are wanted each round, and fetching ahead would
 * waste most downloads; there the lease comes first.
 * @param view with the event folded in; it knows when each volunteer joined, which says whose turn it is
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
