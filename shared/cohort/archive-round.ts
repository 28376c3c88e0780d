import type { CohortPorts } from './ports.ts';

/** @returns whether all of the round is in the archive. It may have been taken back meanwhile, and have more updates */
export async function archiveRound(
  { log, envelopes }: Pick<CohortPorts, 'log' | 'envelopes'>,
  round: number,
): Promise<boolean> {
  const count = log.countUpdates(round);
  await envelopes.archive(round, log.allUpdates(round));
  if (log.countUpdates(round) !== count) return false;
  log.setArchived(round);
  return true;
}
