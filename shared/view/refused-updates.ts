import type { EventBody } from '../protocol/events.ts';
import type { RoundView, RunView, VolunteerView } from '../protocol/run-view.ts';
import { afterLossOf } from './standings.ts';

type Refused = Extract<EventBody, { type: 'update-refused' }>;
type ShownRefusal = RunView['refusals'][number];

const isHarmful = ({ reason }: Refused): boolean => reason === 'harmful';

/** What a refusal changes of the row of whoever sent the update. */
export const afterRefusal = (
  known: VolunteerView,
  event: Refused,
  version: number,
): Partial<VolunteerView> => ({
  refused: known.refused + 1,
  ...(event.costsStanding && afterLossOf(known, isHarmful(event) ? 'harmful' : 'refused', version)),
  // What a referee refuses says nothing of whether its sender is here.
  ...(isHarmful(event) && { harmful: (known.harmful ?? 0) + 1, seenAt: known.seenAt }),
});

export const withRefusal = (round: RoundView, event: Refused): RoundView => ({
  ...round,
  refused: round.refused + 1,
  ...(isHarmful(event) && { harmful: (round.harmful ?? 0) + 1 }),
});

export const shownRefusal = (
  { volunteer, role, reason, detail }: Refused,
  seq: number,
  at: number,
): ShownRefusal => ({ seq, at, volunteer, role, reason, ...(detail === undefined ? {} : { detail }) });
