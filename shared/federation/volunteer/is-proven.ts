import type { VolunteerState } from './volunteer-state.ts';

/**
 * [CROWD4] Whether a volunteer has shown that it works, so that it is no newcomer any more. A row of an older release does
 * not say so, but it tells how quick its updates were.
 */
export const isProven = ({ identity, proven, paces }: VolunteerState): boolean =>
  identity.referee || proven === true || hasTrained(paces);

const hasTrained = (paces: VolunteerState['paces']): boolean =>
  paces !== undefined && Object.keys(paces).some(role => role !== 'evaluator');
