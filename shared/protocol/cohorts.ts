import * as z from 'zod';
import { type AggregationName, comparesUpdates, type Robust } from './aggregation-spec.ts';

/** [ROUND9] More would be asked at the end of a round than one coordinator should ask. */
const MOST_COHORTS = 64;

/** [ROUND9] How many cohorts take the updates of a role: so many, or one for each 500 volunteers who ever joined. */
export const cohortsSchema = z.union([z.literal('auto'), z.number().int().min(1).max(MOST_COHORTS)]);

type Cohorts = z.infer<typeof cohortsSchema>;

const VOLUNTEERS_A_COHORT = 500;

/**
 * [ROUND9] The cohort that takes a volunteer's updates, counted from 0. It follows from its index alone, so it stays the
 * same while others join.
 */
export const cohortOfVolunteer = (cohorts: Cohorts, index: number): number =>
  cohorts === 'auto' ? Math.floor(index / VOLUNTEERS_A_COHORT) % MOST_COHORTS : index % cohorts;

/** How many cohorts a role has once so many volunteers have joined. */
export const countCohorts = (cohorts: Cohorts, joined: number): number =>
  cohorts === 'auto'
    ? Math.min(MOST_COHORTS, Math.max(1, Math.ceil(joined / VOLUNTEERS_A_COHORT)))
    : Math.max(1, Math.min(cohorts, joined));

interface CohortSettings {
  readonly aggregation: AggregationName;
  readonly robust: Pick<Robust, 'bucket'>;
  readonly policy: { readonly cohorts: Cohorts };
}

/** [ROUND9] A rule that compares updates must have them in one place. Then `auto` means one cohort. */
export const cohortsOf = (spec: CohortSettings): Cohorts => (comparesUpdates(spec) ? 1 : spec.policy.cohorts);
