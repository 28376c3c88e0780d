import type { ClosedRound, FoldedRole, FoldRequest, HandedSums, LeftOut } from '../protocol/cohort-report.ts';
import { withoutSketches } from './role-work.ts';

/** One of a role's cohorts, as whoever lets the role fold reaches it. */
export interface FoldingCohort {
  /** From here on no update counts in the round. */
  close(round: number, leftOut?: LeftOut): Promise<ClosedRound>;
  fold(request: FoldRequest): Promise<FoldedRole>;
}

/**
 * [ROUND9] Folds a role whose updates are with several cohorts. First all of them close the round. Then each weighs its
 * updates by those of all and hands on its sums, all of them at once. The first one adds these to its own and goes on as
 * if it were alone. Each step can be repeated, so whoever breaks off begins anew.
 * @param cohorts those that may have an update of the round. The first one remembers for the rule, so it folds even if it
 * has none
 * @param trains what the role trains
 */
export async function foldCohorts(
  cohorts: readonly [FoldingCohort, ...FoldingCohort[]],
  request: FoldRequest,
  trains: readonly string[],
): Promise<FoldedRole> {
  const [lead, ...others] = cohorts;
  if (others.length === 0) return lead.fold(request);
  const [own, ...closed] = await allOf(cohorts.map(cohort => cohort.close(request.round, request.leftOut)));
  const updates = [own, ...closed].flatMap(one => one?.updates ?? []);
  const ofRole = { updates, memory: own?.memory, sums: [] };
  const bare = withoutSketches(updates);
  const handing = { ...request, handed: {}, handsOn: trains };
  let first = own?.updates.length ?? 0;
  const folds: Promise<FoldedRole>[] = [];
  for (const [i, cohort] of others.entries()) {
    const count = closed[i]?.updates.length ?? 0;
    if (count > 0) folds.push(cohort.fold({ ...handing, ofRole: { ...ofRole, updates: bare, first } }));
    first += count;
  }
  const sums: HandedSums[] = (await allOf(folds)).flatMap(({ handed }) => (handed ? [handed] : []));
  return lead.fold({ ...request, ofRole: { ...ofRole, first: 0, sums } });
}

/** As `Promise.all`, but none of them goes on behind whoever tries again. */
async function allOf<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map(one => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
