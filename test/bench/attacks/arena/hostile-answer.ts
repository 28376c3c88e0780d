import type { Grant } from '../../../../shared/federation/lease/grant-lease.ts';
import type { MemoryPlatform } from '../../memory-platform.ts';
import type { Answer, Known } from '../attack.ts';
import { scaled } from '../attacks/vectors.ts';
import type { LeaseWork, Trained } from './lease-work.ts';
import type { LedgerNotes } from './ledger-notes.ts';
import type { Participant } from './participant.ts';

/** An attacker halves its update at most so often: from 1,000 times a weight to less than any bound. */
const MOST_HALVINGS = 40;

/** A training lease whose training is done. */
export interface Done extends Trained {
  readonly who: Participant;
  readonly grant: Grant;
}

/** What a hostile volunteer sends for its lease; null if it sends nothing. */
export function hostileAnswer(
  platform: MemoryPlatform,
  work: LeaseWork,
  notes: LedgerNotes,
  done: Done,
  all: readonly Done[],
): Answer | null {
  const { who, grant } = done;
  const { attack } = who;
  const envelope = attack?.update
    ? withinBounds(platform, work, done, attack.update(knownTo(work, notes, done, all)))
    : work.updateEnvelope(grant, done);
  const answer = { grant, envelope };
  const sent = attack?.answer ? attack.answer(answer, who.answers, who.random) : answer;
  who.remember(grant.lease.role, done.update, answer);
  return sent;
}

/** @param all hostile volunteers who have trained in this turn */
function knownTo(
  work: LeaseWork,
  notes: LedgerNotes,
  { who, grant, update }: Done,
  all: readonly Done[],
): Known {
  const { role, round } = grant.lease;
  const isAlike = ({ grant: other }: Done): boolean =>
    other.lease.role === role && other.lease.round === round;
  return {
    own: update,
    colluders: all.filter(isAlike).map(one => one.update),
    honest: notes.honestOf(role, round),
    moved: work.moved(grant),
    earlier: who.updates.get(role) ?? [],
    norms: notes.normsBefore(role, round),
    random: who.random,
  };
}

/**
 * The update in its envelope. The platform's checks are known to everybody, so an attacker tries them at home: an update
 * that is out of range is halved until it is not. It begins with twice the factor that its last one took.
 */
function withinBounds(
  platform: MemoryPlatform,
  work: LeaseWork,
  done: Done,
  update: Float32Array,
): Uint8Array {
  const { who, grant } = done;
  let by = Math.min(1, 2 * (who.shrunkBy.get(grant.lease.role) ?? 1));
  for (let halvings = 0; ; halvings++) {
    const envelope = work.updateEnvelope(grant, { ...done, update: by === 1 ? update : scaled(update, by) });
    const tried = platform.check(grant, envelope);
    const isTooLarge = !tried.ok && (tried.reason === 'out-of-range' || overflows(update, tried.reason));
    if (!isTooLarge || halvings === MOST_HALVINGS) {
      who.shrunkBy.set(grant.lease.role, by);
      return envelope;
    }
    by /= 2;
  }
}

/** A value beyond the codec's range arrives as infinity. */
const overflows = (update: Float32Array, reason: string): boolean =>
  reason === 'not-finite' && update.every(Number.isFinite);
