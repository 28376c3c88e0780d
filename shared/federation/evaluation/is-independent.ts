import { setOf } from '../tables/set-of.ts';
import type { EvaluationState } from './evaluation-state.ts';

/**
 * [EVAL7] Whether a volunteer is independent of the version that is judged. Of a version that nobody is known to have
 * trained nobody is: otherwise the first two who join could end a run by version 0.
 */
export const isIndependent = (
  { trainedBy }: Pick<EvaluationState, 'trainedBy'>,
  volunteer: string,
): boolean => trainedBy.length > 0 && !setOf(trainedBy).has(volunteer);
