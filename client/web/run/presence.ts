import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';
import { presenceOf } from '../../../shared/view/presence-of.ts';

/** What is known of where somebody is. */
export type Presence =
  | { readonly is: 'at-work'; readonly role: Role }
  | { readonly is: 'here' }
  | { readonly is: 'left'; readonly at: number }
  | { readonly is: 'seen'; readonly at: number };

/** Whoever is here and waits for a task asks for one again before this. */
const HERE_MS = 60_000;

type Run = Pick<RunView, 'phase' | 'volunteers' | 'away'>;

/**
 * A run that is over has nobody at work, and nobody waits. If the platform does not say who is here, it is known by when
 * somebody was heard of.
 * @param now by the clock of the platform, or near it
 */
export function presenceIn(view: Run, { volunteer, role, seenAt }: VolunteerView, now: number): Presence {
  const told = presenceOf(view, volunteer);
  if (told?.leftAt != null) return { is: 'left', at: told.leftAt };
  if (view.phase === 'finished') return { is: 'seen', at: seenAt };
  if (role !== null) return { is: 'at-work', role };
  return told?.isHere || now - seenAt < HERE_MS ? { is: 'here' } : { is: 'seen', at: seenAt };
}

/** Those at work come first, then those who are here, then those with the most updates. */
export const presenceOrder: Readonly<Record<Presence['is'], number>> = {
  'at-work': 0,
  here: 1,
  seen: 2,
  left: 2,
};
