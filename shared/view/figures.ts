import type { EventBody } from '../protocol/events.ts';
import type { Role } from '../protocol/identifiers.ts';
import type { RoundView, RunView, VolunteerView } from '../protocol/run-view.ts';

type Accepted = Extract<EventBody, { type: 'update-accepted' }>;

type VersionPublished = Extract<EventBody, { type: 'version-published' }>;

/** How many are at work in each role, after one has gone from one role to another. */
export function countMove(
  counts: RunView['atWork'],
  from: Role | null,
  to: Role | null,
): Partial<Record<Role, number>> {
  const next = { ...counts };
  if (to !== null) next[to] = (next[to] ?? 0) + 1;
  if (from === null) return next;
  const left = (next[from] ?? 0) - 1;
  if (left > 0) next[from] = left;
  else delete next[from];
  return next;
}

/** [STAND10] Whoever trains says its loss. A cross-entropy that is larger is of a training that went wrong, or no true word. */
const MOST_SHOWN_LOSS = 20;

/** [STAND10] A told loss, as far as it is shown. */
export const shownLoss = (loss: number | null): number => Math.min(MOST_SHOWN_LOSS, Math.max(0, loss ?? 0));

/**
 * [STAND10] Pictures a second from the start of the lease in hand to its update. Null if the update is of another lease, whose
 * start is not known, and if the clock was set back meanwhile.
 */
export function measuredSpeed(
  { lease: inHand, startedAt, examples = 0 }: Partial<VolunteerView>,
  { lease }: Pick<Accepted, 'lease'>,
  at: number,
): number | null {
  const isKnown = inHand === lease && startedAt !== undefined && at > startedAt;
  return isKnown ? (examples * 1_000) / (at - startedAt) : null;
}

/** [VIEW4] The figures of a round with one more update. An evaluator's bytes count, its loss does not. */
export function addToRound(round: RoundView, event: Accepted, isTraining: boolean): RoundView {
  const bytes = { bytesUp: round.bytesUp + event.bytes, bytesDown: round.bytesDown + event.downloadBytes };
  if (!isTraining) return { ...round, ...bytes };
  const count = round.updates[event.role] ?? 0;
  const mean = ((round.loss[event.role] ?? 0) * count + shownLoss(event.loss)) / (count + 1);
  return {
    ...round,
    ...bytes,
    updates: { ...round.updates, [event.role]: count + 1 },
    loss: { ...round.loss, [event.role]: mean },
  };
}

/**
 * [VIEW4] The round that runs, with an update more. A late update of a round that has not begun is kept for it. Its loss
 * and bytes are of the round that runs.
 * @param round with the update added
 */
export function countLate(
  { current, upcoming = {} }: Pick<RunView, 'current' | 'upcoming'>,
  { role, countsIn = 0 }: Accepted,
  round: RoundView,
): Pick<RunView, 'current' | 'upcoming'> {
  if (countsIn === 0) return { current: round };
  if (countsIn <= current.round) return { current: { ...round, late: (round.late ?? 0) + 1 } };
  const kept = upcoming[countsIn] ?? {};
  return {
    current: { ...round, updates: current.updates },
    upcoming: { ...upcoming, [countsIn]: { ...kept, [role]: (kept[role] ?? 0) + 1 } },
  };
}

/** [VIEW4] What a round that begins shows of the late updates that came for it before. */
export const lateUpdates = (updates: RoundView['updates']): Pick<RoundView, 'updates' | 'late'> => ({
  updates,
  late: Object.values(updates).reduce<number>((sum, count = 0) => sum + count, 0),
});

/** By role, the weaker rule by which a round's updates counted. */
export function fallbackOf({
  aggregation = {},
}: Pick<VersionPublished, 'aggregation'>): Pick<RoundView, 'fallback'> {
  const weaker = Object.entries(aggregation).flatMap(([role, told]) =>
    told?.fallback ? [[role, told.fallback] as const] : [],
  );
  return weaker.length > 0 ? { fallback: Object.fromEntries(weaker) } : {};
}

/** [CHECK5] [CHECK8] What the ledger says of a version's check. */
export const checkOf = ({ check, taken }: VersionPublished): Pick<RoundView, 'check' | 'taken'> => ({
  ...(check !== undefined && { check: check && { before: check.before, after: check.after } }),
  ...(taken === false && { taken }),
});

/** What an accepted update adds to the sums of its volunteer. */
export const withBytes = (
  { bytesUp = 0, bytesDown = 0 }: Partial<VolunteerView>,
  { bytes, downloadBytes }: Pick<Accepted, 'bytes' | 'downloadBytes'>,
): Pick<VolunteerView, 'bytesUp' | 'bytesDown'> => ({
  bytesUp: bytesUp + bytes,
  bytesDown: bytesDown + downloadBytes,
});

/** The round of a lease, if it is told. */
export const roundOf = ({ round }: Pick<VolunteerView, 'round'>): Pick<VolunteerView, 'round'> =>
  round === undefined ? {} : { round };
