import type { RunState } from '../run-state.ts';
import type { JudgedVersion } from './evaluation-state.ts';

/** [BACK5] So many versions that were judged are remembered. */
const REMEMBERED = 5;

/** The state with one more version judged. */
export const withJudged = (state: RunState, judged: JudgedVersion): RunState => ({
  ...state,
  judged: [...(state.judged ?? []), judged].slice(-REMEMBERED),
});
