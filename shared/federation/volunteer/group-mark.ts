import { DISTRUSTED, TRUSTED } from '../../protocol/standing.ts';
import { isFailing } from '../lease/reliability.ts';
import { isProven } from './is-proven.ts';
import { hasHelped, standingOf } from './standing.ts';
import type { VolunteerState } from './volunteer-state.ts';

/**
 * What a volunteer is to the run. Those who are here are grouped by it, so that each kind is counted without a walk. A
 * group's name begins with the mark of its kind; of those who are proven and no referees it has none. It follows from the
 * volunteer's row, so whoever writes into a row what changes it has the volunteer seen after that.
 */
const marks = {
  referee: 'R',
  /** [STAND1] Proven, and of good standing. */
  trusted: 'T',
  /** [EVAL13] Proven, and of better standing than a newcomer, which time alone does not change. */
  helped: 'H',
  proven: '',
  /** Nobody has seen what it does yet. */
  newcomer: 'N',
  /** [CROWD1] It has joined and was never heard of since. */
  unheard: 'U',
  /** [CROWD6] It left its leases without an update, or what it sent was refused too often. */
  failing: 'F',
} as const;
export type Mark = keyof typeof marks;

/** @param seenAt when it was heard of last */
export function markOf(volunteer: VolunteerState, seenAt: number): Mark {
  const { identity, reliability, presence } = volunteer;
  if (identity.referee) return 'referee';
  if (isProven(volunteer)) return provenMark(volunteer);
  if (reliability.grantedAt === 0 && seenAt === presence.seenAt) return 'unheard';
  return isFailing(reliability) || standingOf(volunteer).value < DISTRUSTED ? 'failing' : 'newcomer';
}

function provenMark(volunteer: VolunteerState): Mark {
  if (standingOf(volunteer).value >= TRUSTED) return 'trusted';
  return hasHelped(volunteer) ? 'helped' : 'proven';
}

/**
 * @param heldUntil [CHECK10] the last round in which its members are held back, if there is one: a group lasts longer than a
 * round, so its name must not say what is so in this one
 */
export const marked = (mark: Mark, tasks: string, heldUntil?: number): string =>
  marks[mark] + (heldUntil === undefined ? '' : `${heldUntil}:`) + tasks;

/** The group's tasks alone, whatever its mark. */
export const tasksOf = (group: string): string => group.replace(/^[A-Z]?(\d+:)?/, '');

/** [CHECK10] Whether its members get no training in this round for what they sent. */
export function isOfHeldBack(group: string, round: number): boolean {
  const until = /^[A-Z]?(\d+):/.exec(group)?.[1];
  return until !== undefined && round <= Number(until);
}

const isMarked = (group: string, ...kinds: readonly Mark[]): boolean =>
  kinds.some(kind => marks[kind] !== '' && group.startsWith(marks[kind]));

export const isOfTrusted = (group: string): boolean => isMarked(group, 'referee', 'trusted');
export const isOfHelpful = (group: string): boolean => isMarked(group, 'referee', 'trusted', 'helped');
export const isOfReferees = (group: string): boolean => isMarked(group, 'referee');
export const isOfWaiting = (group: string): boolean => isMarked(group, 'newcomer');
export const isOfFailing = (group: string): boolean => isMarked(group, 'failing');
export const isOfUnheard = (group: string): boolean => isMarked(group, 'unheard');
export const isOfNewcomers = (group: string): boolean => isMarked(group, 'newcomer', 'unheard', 'failing');
export const isOfProven = (group: string): boolean => !isOfNewcomers(group);
