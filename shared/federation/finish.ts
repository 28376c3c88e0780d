import { endLeases } from './lease/end-leases.ts';
import type { RunState } from './run-state.ts';
import type { Step } from './step.ts';

/** [RUN5] Every lease ends in the ledger too, so that nobody is shown at work after the end. */
export function finish(state: RunState, why: 'rounds' | 'target' | 'host'): Step {
  const ended = endLeases(state, state.leases.values(), 'the run finished');
  return {
    state: { ...ended.state, phase: 'finished', evaluation: null },
    events: [...ended.events, { type: 'run-finished', why }],
  };
}
