import type { Role } from '../../protocol/identifiers.ts';
import type { RunSpec } from '../../protocol/run-spec.ts';
import { lateRounds } from './round-policy.ts';

/**
 * [ROUND9] By role, the cohorts other than 0 whose volunteers were ever leased it, and in which round last; of evaluators
 * the version. Cohort 0 leads the others and need not be noted.
 */
export type LeasedCohorts = Readonly<Partial<Record<Role, Readonly<Record<string, number>>>>>;

export function noteLeased(
  leased: LeasedCohorts | undefined,
  { role, round, cohort }: { readonly role: Role; readonly round: number; readonly cohort: number },
): LeasedCohorts | undefined {
  if (cohort === 0 || leased?.[role]?.[cohort] === round) return leased;
  return { ...leased, [role]: { ...leased?.[role], [cohort]: round } };
}

/** Those that were ever leased a role, from 0 on. */
export const cohortsLeased = (leased: LeasedCohorts | undefined, role: Role): readonly [0, ...number[]] => [
  0,
  ...roundsBy(leased, role).map(([cohort]) => cohort),
];

/** Those that may have an update of this role that counts in the round, from 0 on. */
export const cohortsOfRound = (
  spec: RunSpec,
  leased: LeasedCohorts | undefined,
  role: Role,
  round: number,
): readonly [0, ...number[]] => [
  0,
  ...roundsBy(leased, role)
    .filter(([, last]) => last >= round - lateRounds(spec))
    .map(([cohort]) => cohort),
];

const roundsBy = (leased: LeasedCohorts | undefined, role: Role): (readonly [number, number])[] =>
  Object.entries(leased?.[role] ?? {})
    .map(([cohort, round]) => [Number(cohort), round] as const)
    .toSorted(([a], [b]) => a - b);
