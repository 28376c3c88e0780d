import type { EventBody } from '../protocol/events.ts';
import type { VolunteerView } from '../protocol/run-view.ts';
import {
  afterLoss,
  afterWork,
  type LossReason,
  newcomer,
  type Standing,
  workOutcomes,
} from '../protocol/standing.ts';

type Published = Extract<EventBody, { type: 'version-published' }>;
type Known = ReadonlyMap<string, Pick<VolunteerView, 'standing'>>;

/** [STAND4] The standings that a version changed, as the round machine counts them. */
export function standingsAfter(
  { version, work = {} }: Published,
  known: Known,
): ReadonlyMap<string, Standing> {
  const changed = new Map<string, Standing>();
  for (const told of Object.values(work))
    for (const outcome of workOutcomes)
      for (const id of told?.[outcome] ?? []) {
        const before = changed.get(id) ?? known.get(id)?.standing ?? newcomer;
        changed.set(id, afterWork(before, outcome, version));
      }
  return changed;
}

/** [STAND5] What a loss leaves. */
export const afterLossOf = (
  { standing = newcomer }: Partial<Pick<VolunteerView, 'standing'>>,
  why: LossReason,
  version: number,
): Pick<VolunteerView, 'standing'> => ({ standing: afterLoss(standing, why, version) });
