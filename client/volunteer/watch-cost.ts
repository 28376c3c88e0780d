import { type ClaimedWork, type TooMuchWorkError, type WorkLimits, whyOvertaxed } from './work-limits.ts';

/** Whoever trains tells it how far the work is. */
export interface CostWatch {
  /** Why the work was stopped; null if it was not. */
  readonly tooMuch: TooMuchWorkError | null;
  /** @param progress share that is done */
  look(progress: number): void;
  end(): void;
}

/** No share that is told is smaller. */
const LEAST_PROGRESS = 1e-6;

/** A timer may ring a little before its time by the other clock. */
const TIMER_SLACK_MS = 20;

/**
 * [WORK2] Stops a training that costs too much. It looks whenever progress is told, and when the agreed time is up: a
 * training may tell nothing.
 */
export function watchCost(claimed: ClaimedWork, limits: WorkLimits, stop: () => void): CostWatch {
  const startedAt = performance.now();
  let tooMuch: TooMuchWorkError | null = null;
  let lastProgress = LEAST_PROGRESS;
  const look = (progress: number): void => {
    lastProgress = Math.max(LEAST_PROGRESS, progress);
    if (tooMuch) return;
    tooMuch = whyOvertaxed(claimed, limits, performance.now() - startedAt, lastProgress);
    if (tooMuch) stop();
  };
  const timer = setTimeout(() => look(lastProgress), 60_000 * limits.minutes + TIMER_SLACK_MS);
  return {
    get tooMuch() {
      return tooMuch;
    },
    look,
    end: () => clearTimeout(timer),
  };
}
