import type { TargetedMouseEvent } from 'preact';
import { volunteerWords } from '../words/volunteer-words.ts';
import type { VolunteerSession } from './volunteer-session.ts';

/** As wide as a phone, so that the page of the check looks the same everywhere. */
const SMALL = 'popup,width=420,height=640';

/** In a small window, or in a tab if there are none. False if the browser forbids it. */
export const openInWindow = (href: string): boolean => window.open(href, '_blank', SMALL) !== null;

/** [CROWD8] Says that a person has to pass the platform's check, and leads there. */
export function PersonNote({ session }: { session: VolunteerSession }) {
  const person = session.person.value;
  if (!person?.isWanted.value || !session.isRunning.value) return null;
  const words = volunteerWords();
  const open = (event: TargetedMouseEvent<HTMLAnchorElement>): void => {
    if (openInWindow(person.href)) event.preventDefault();
  };
  return (
    <div class="person-note" role="status" data-testid="person-note">
      <p class="note">
        <strong>{words.personFirst}</strong> {words.personWhy}
      </p>
      <a class="button-link wide" href={person.href} target="_blank" rel="noreferrer" onClick={open}>
        {words.personOpen}
      </a>
      <p class="muted note">{words.personElse}</p>
    </div>
  );
}
