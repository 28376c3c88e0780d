import type { RunView } from '../protocol/run-view.ts';

type Times = Readonly<
  Pick<RunView, 'phase' | 'openedAt' | 'finishedAt' | 'pausedAt' | 'pausedMs' | 'closing'>
>;

/**
 * How long the run has trained, in ms: from its opening to the end of its training, without its pauses. Null before the
 * opening.
 * @param now by the clock of the platform, or near it
 */
export function trainedMs(view: Times, now: number): number | null {
  const { openedAt, finishedAt, pausedAt, pausedMs = 0, closing } = view;
  if (openedAt === null) return null;
  const until = closing?.since ?? finishedAt ?? pausedAt ?? now;
  return Math.max(0, until - openedAt - pausedMs);
}

/** Whether that time goes on. */
export const isTicking = ({ phase, closing }: Times): boolean => phase === 'open' && closing === undefined;

/** What a phase changes of the pauses. A pause ends with the next phase, whatever that is. */
export function withPause(
  { pausedAt, pausedMs = 0 }: Pick<RunView, 'pausedAt' | 'pausedMs'>,
  phase: RunView['phase'],
  at: number,
): Partial<Pick<RunView, 'pausedAt' | 'pausedMs'>> {
  if (phase === 'paused') return { pausedAt: pausedAt ?? at };
  if (pausedAt === undefined || pausedAt === null) return {};
  return { pausedAt: null, pausedMs: pausedMs + Math.max(0, at - pausedAt) };
}
