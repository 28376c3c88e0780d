import type { EvaluationState, Judgement } from './evaluation-state.ts';
import { isIndependent } from './is-independent.ts';

/** [EVAL7] [EVAL13] Whether a judgement is a referee's, or counts towards the two who must agree. */
export const mayConfirm = (
  evaluation: Pick<EvaluationState, 'trainedBy'>,
  { volunteer, isReferee, hasHelped }: Judgement,
): boolean => isReferee || (hasHelped === true && isIndependent(evaluation, volunteer));
