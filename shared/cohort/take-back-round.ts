import { type CohortLog, REMEMBERED_ROUNDS } from './ports.ts';

/**
 * [BACK3] [BACK4] The round is taken back. It closes and is not folded: its updates, and those for later rounds, count
 * nowhere and go into its archive. The rule remembers all what it did after the round of the version that the run returns to.
 * To be told so again changes nothing.
 * @param hasScale whether the rule has one. A rule without one remembers few rounds, and is of an older release. That kept
 * only the newest memory, so what it remembered before is not known in every cohort, but in a replay. It begins anew
 * @returns whether it was not told before
 */
export function takeBackRound(log: CohortLog, round: number, to: number, hasScale: boolean): boolean {
  if (round <= log.takenBackRound()) return false;
  log.together(() => {
    if (round > log.closedRound()) log.closeRound(round);
    const before = log.countUpdates(round);
    log.recount(round);
    // The round may have been folded and archived before others were. What it has now is archived once more.
    if (log.countUpdates(round) > before && log.archivedRound() >= round) log.setArchived(round - 1);
    if (!log.folded(round)) log.setFolded(round, { updates: 0, segments: {} });
    const kept = log.memoryAfter(to);
    const isKept = hasScale && kept !== null && kept.round > round - REMEMBERED_ROUNDS;
    // A rule may have begun anew since, and remember now what it had forgotten.
    if (kept || log.memory()) log.setMemory(isKept ? kept.memory : null, round);
    log.setTakenBack(round);
  });
  return true;
}
