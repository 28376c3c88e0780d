import { ALONE_MS, lastJudgedAt } from '../closing/closing-due.ts';
import type { RunState } from '../run-state.ts';

/**
 * [EVAL4] Whether nobody is at the last version of a run that closes, though somebody could be. Then those who ask may do
 * more than their share: others may be here and rest.
 */
export function isStalled({ closing, evaluation, leases }: RunState, now: number): boolean {
  if (!closing || !evaluation || leases.evaluatorsOf(evaluation.manifest.version).length > 0) return false;
  return now - lastJudgedAt(closing, evaluation) >= ALONE_MS;
}

/** [CLOSE4] Somebody has judged a part. */
export const noteProgress = (state: RunState, now: number): RunState =>
  state.closing ? { ...state, closing: { ...state.closing, progressAt: now } } : state;
