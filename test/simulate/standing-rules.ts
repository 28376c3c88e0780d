import type { EventBody } from '../../shared/protocol/events.ts';
import { newcomer, standingSchema, type ToldWork, valueAt } from '../../shared/protocol/standing.ts';
import { must } from './must.ts';
import type { Transition } from './transition.ts';

/** [STAND1] to [STAND7], step by step: nobody's standing moves for another reason than the ledger gives. */
export function checkStandings({ before, step }: Transition): void {
  const { volunteers, manifest } = step.state;
  if (volunteers === before.volunteers) return;
  const earned = new Set(step.events.flatMap(earners));
  const lost = new Set(step.events.flatMap(losers));
  for (const { id, standing = newcomer } of volunteers.values()) {
    const was = before.volunteers.get(id)?.standing ?? newcomer;
    if (standing === was) continue;
    must(
      standingSchema.safeParse(standing).success,
      `[STAND1] the standing of ${id} is a number from 0 to 1`,
    );
    const [now, then] = [standing, was].map(one => valueAt(one, manifest.version));
    const isHigher = (now ?? 0) > (then ?? 0) + 1e-12;
    const isLower = (now ?? 0) < (then ?? 0) - 1e-12;
    must(!isHigher || earned.has(id), `[STAND4] the standing of ${id} does not grow by nothing`);
    must(!isLower || lost.has(id), `[STAND5] the standing of ${id} is not lost by nothing`);
  }
  for (const event of step.events) if (event.type === 'lease-granted') checkShare(before, event);
}

/** [STAND7] */
function checkShare(
  before: Transition['before'],
  event: Extract<EventBody, { type: 'lease-granted' }>,
): void {
  const { share = 1, volunteer } = event;
  must(share > 0 && share <= 1 && Number.isInteger(share * 8), '[STAND7] a share is in whole eighths');
  const { value } = before.volunteers.get(volunteer)?.standing ?? newcomer;
  must(share === 1 || value < 0.5, '[STAND7] nobody weighs less who lost nothing');
}

const earners = (event: EventBody): string[] =>
  event.type === 'version-published' ? ofWork(event.work, ['helped', 'untold']) : [];

function ofWork(
  work: Extract<EventBody, { type: 'version-published' }>['work'],
  outcomes: readonly Exclude<keyof ToldWork, 'seed'>[],
): string[] {
  return Object.values(work ?? {}).flatMap(told => outcomes.flatMap(outcome => told?.[outcome] ?? []));
}

const losers = (event: EventBody): string[] => {
  if (event.type === 'judgement-contradicted') return [event.volunteer];
  return event.type === 'update-refused' && event.costsStanding && event.volunteer ? [event.volunteer] : [];
};
