import { expect, test } from 'vitest';
import type { RunState } from '../../../shared/federation/run-state.ts';
import { changesBetween, stateOf, storedState } from '../../../worker/coordinator/store/stored-state.ts';
import { conventional, SmallRun } from '../federation/small-run.ts';

/** As it is after the object has slept. */
const storedAndRead = (state: RunState): RunState =>
  stateOf(JSON.parse(JSON.stringify(storedState(state))), () => state.manifest, 0);

test.each(['awake', 'woken'] as const)(
  '[ROUND8] that a fold failed, and that it got further, changes nothing else of a state that is %s',
  how => {
    const run = SmallRun.open(1, { plan: conventional, policy: { updatesPerRound: 1 } });
    run.accept(run.lease('volunteer0'));
    if (how === 'woken') run.state = storedAndRead(run.state);
    const states = ['R2 is away', null].map(failure => {
      const before = run.state;
      run.step({ type: 'fold-tried', role: 'whole', round: 1, failure });
      return changesBetween(before, run.state);
    });
    expect(states).toEqual([
      { core: { fields: { foldFailures: expect.anything() } } },
      { core: { fields: {}, gone: ['foldFailures'] } },
    ]);
  },
);
