import type { LeftOut } from '../protocol/cohort-report.ts';
import type { CohortLog } from './ports.ts';

/**
 * [CHECK9] From this turn on the round has none of these updates. What was made of it is let go, and the rule remembers
 * what it did before the round. So the next fold is to the bit that of a round which never had them.
 * @returns whether it was not told before
 */
export function leaveOut(log: CohortLog, round: number, { turn, leases }: LeftOut): boolean {
  if (turn <= turnOf(log, round)) return false;
  log.together(() => {
    const own = new Set(log.senders(round).map(({ lease }) => lease));
    const before = log.leftOut();
    const earlier = before?.round === round ? before.leases : [];
    log.leaveOut({ round, turn, leases: [...earlier, ...leases.filter(lease => own.has(lease))] });
    if (log.memory()) log.setMemory(log.memoryAfter(round - 1)?.memory ?? null, round);
  });
  return true;
}

/** How often the round was folded, with the fold that is due. */
export function turnOf(log: Pick<CohortLog, 'leftOut'>, round: number): number {
  const left = log.leftOut();
  return left?.round === round ? left.turn : 1;
}
