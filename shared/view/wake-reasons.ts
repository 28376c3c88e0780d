import type { EventBody } from '../protocol/events.ts';
import { type WakeReason, wakeReasons } from '../protocol/frames.ts';

/**
 * [LEASE16] Why an event wakes those who wait. Null if it does not. Whoever joins takes work and brings none, so a join
 * wakes nobody, except the one that the run was waiting for ([LEASE1]).
 * @param joined how many have joined, with this event
 */
export function wakeReason({ type }: EventBody, joined: number, minVolunteers: number): WakeReason | null {
  if (type === 'volunteer-joined') return joined === minVolunteers ? type : null;
  return isReason(type) ? type : null;
}

const isReason = (type: EventBody['type']): type is EventBody['type'] & WakeReason =>
  wakeReasons.some(reason => reason === type);

/** What frees one place. */
const freesOne: readonly WakeReason[] = ['lease-ended', 'place-freed'];

/** So many of those who wait are woken for each place that came free, so that it is taken at once although some have gone. */
const WOKEN_A_PLACE = 4;

/**
 * [LEASE16] With which probability each one who waits asks. If all that happened is that some leases ended or lost their place, only a few of
 * a crowd can get their places. The others hear of the next ones.
 * @param waiting how many may wait
 */
export function wakeChance(reasons: readonly WakeReason[], waiting: number): number {
  if (reasons.some(reason => !freesOne.includes(reason))) return 1;
  return Math.min(1, (WOKEN_A_PLACE * reasons.length) / Math.max(1, waiting));
}
