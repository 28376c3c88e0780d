import type { FinishReason } from './closing/closing-state.ts';
import { endLeases } from './lease/end-leases.ts';
import type { RunState } from './run-state.ts';
import type { Step } from './step.ts';

/** [RUN5] Every lease ends in the ledger too, so that nobody is shown at work after the end. */
export function finish(state: RunState, why: FinishReason): Step {
  const ended = endLeases(state, state.leases.values(), 'the run finished');
  return {
    state: { ...ended.state, phase: 'finished', evaluation: null },
    events: [...ended.events, { type: 'run-finished', why, ...(isUntested(state) && { untested: true }) }],
  };
}

/** [CLOSE4] Version 0 is nobody's work. */
const isUntested = ({ manifest: { version }, evaluatedVersion }: RunState): boolean =>
  version > 0 && evaluatedVersion !== version;
