import type { EventBody } from '../protocol/events.ts';
import type { VolunteerView } from '../protocol/run-view.ts';

/** [KEY5] Nothing was heard of the volunteer by this, so its place in the list stays. */
export function renameIn(
  volunteers: Map<string, VolunteerView>,
  { volunteer: id, name }: Extract<EventBody, { type: 'volunteer-renamed' }>,
): void {
  const known = volunteers.get(id);
  if (known) volunteers.set(id, { ...known, name });
}
