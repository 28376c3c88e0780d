import type { Role } from '../../../shared/protocol/identifiers.ts';
import type { RunView, VolunteerView } from '../../../shared/protocol/run-view.ts';

/** What is known of where somebody is. */
export type Presence =
  | { readonly is: 'at-work'; readonly role: Role }
  | { readonly is: 'here' }
  /** `at` is null if it is long past or not known. */
  | { readonly is: 'left'; readonly at: number | null }
  | { readonly is: 'seen'; readonly at: number };

/** Whoever is here and waits for a task asks for one again before this. */
const HERE_MS = 60_000;

type Run = Pick<RunView, 'phase' | 'finishedAt'>;

/**
 * A run that is over has nobody at work, and nobody waits. If the platform does not say who is here, it is known by when
 * somebody was heard of.
 * @param now by the clock of the platform, or near it
 */
export function presenceOf({ role, seenAt }: VolunteerView, { phase }: Run, now: number): Presence {
  if (phase === 'finished') return { is: 'seen', at: seenAt };
  if (role !== null) return { is: 'at-work', role };
  return now - seenAt < HERE_MS ? { is: 'here' } : { is: 'seen', at: seenAt };
}

/** Those at work come first, then those who are here, then those with the most updates. */
export const presenceOrder: Readonly<Record<Presence['is'], number>> = {
  'at-work': 0,
  here: 1,
  seen: 2,
  left: 2,
};
