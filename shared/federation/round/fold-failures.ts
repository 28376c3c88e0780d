import { cutText } from '../../protocol/cut-text.ts';
import type { RunState } from '../run-state.ts';
import { type Step, stay } from '../step.ts';
import type { FoldAttempt } from './fold-state.ts';

/**
 * [ROUND8] A fold that fails is tried again, each time after twice the time, and so often. A fold that gets further counts
 * anew. What it came to is kept, so nothing is done twice.
 */
const MOST_ATTEMPTS = 6;
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = FIRST_RETRY_MS * 2 ** MOST_ATTEMPTS;

/**
 * Counts a failed attempt, and pauses the run after too many. All roles of a round are asked at once, and what ends one
 * cohort may end them all. So failures before the next attempt are of the same one, and count once.
 */
export function noteFoldAttempt(state: RunState, { role, round, failure }: FoldAttempt, now: number): Step {
  const { status, number } = state.round;
  if ((status !== 'folding' && status !== 'returning') || round !== number) return stay(state);
  if (failure === null) return stay(withoutFoldFailures(state));
  if ((mayFoldAt(state, now) ?? 0) > now) return stay(state);
  const count = (state.foldFailures?.count ?? 0) + 1;
  if (count < MOST_ATTEMPTS) {
    const retryAt = now + FIRST_RETRY_MS * 2 ** (count - 1);
    return stay({ ...state, foldFailures: { count, retryAt } });
  }
  const paused: RunState = { ...state, foldFailures: { count, retryAt: null } };
  if (state.closing) return stay(withoutStuckRound(paused));
  if (state.phase !== 'open') return stay(paused);
  const detail = cutText(`${role}, round ${round}: ${failure}`, 300);
  return {
    state: { ...paused, phase: 'paused' },
    events: [{ type: 'run-paused', why: 'fold-failed', detail }],
  };
}

/** [CLOSE2] The end of a run does not wait for what cannot be folded. */
export function withoutStuckRound(state: RunState): RunState {
  if (state.foldFailures?.retryAt !== null) return state;
  const { number } = state.round;
  return withoutFoldFailures({ ...state, round: { status: 'over', number, served: {} } });
}

/** The fold got further, or its host resumed the run. */
export function withoutFoldFailures(state: RunState): RunState {
  if (!state.foldFailures) return state;
  const { foldFailures: _, ...rest } = state;
  return rest;
}

/**
 * When the cohorts of a folding round may be asked. Null: not before the host resumes the run. Nobody waits longer than
 * for the last attempt, even if the clock was set back.
 */
export function mayFoldAt({ foldFailures }: RunState, now: number): number | null {
  if (!foldFailures) return 0;
  const { retryAt } = foldFailures;
  return retryAt !== null && retryAt - now > LONGEST_RETRY_MS ? now : retryAt;
}
