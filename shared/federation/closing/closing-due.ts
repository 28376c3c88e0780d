import type { EvaluationState } from '../evaluation/evaluation-state.ts';
import type { ClosingState } from './closing-state.ts';

/** [CLOSE4] If nobody is here who may judge, a host waits no longer than this: a page may be loading anew. */
export const ALONE_MS = 10_000;

/** What these need of a run's state. */
interface Closing {
  readonly closing?: ClosingState;
  readonly evaluation: EvaluationState | null;
}

/** [CLOSE4] When a run that closes finishes untested. Infinity if it does not close. */
export function closingDueAt({ closing, evaluation }: Closing): number {
  if (!closing) return Number.POSITIVE_INFINITY;
  const { waitMs, aloneSince } = closing;
  const aloneAt = aloneSince === null ? Number.POSITIVE_INFINITY : aloneSince + ALONE_MS;
  return Math.min(lastJudgedAt(closing, evaluation) + waitMs, aloneAt);
}

/** [CLOSE4] Or since when there is something to judge. */
export const lastJudgedAt = (
  { progressAt }: ClosingState,
  evaluation: Pick<EvaluationState, 'since'> | null,
): number => Math.max(progressAt, evaluation?.since ?? 0);
