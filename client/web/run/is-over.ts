import type { RunView } from '../../../shared/protocol/run-view.ts';
import type { RunFacts } from '../state/live-run.ts';

/** Whether nothing in the run changes any more: it is finished, or its host has put it into the archive. */
export const isOver = (
  { archived }: Pick<RunFacts, 'archived'>,
  { phase }: Pick<RunView, 'phase'>,
): boolean => archived === true || phase === 'finished';
