import { describe, expect, it } from 'vitest';
import { pendingFolds } from '../../../shared/federation/round/fold-order.ts';
import { nextAlarm } from '../../../shared/federation/run-state.ts';
import { conventional, SmallRun } from './small-run.ts';

const DAY_MS = 86_400_000;
const policy = { updatesPerRound: 2 };

/** One of two volunteers has returned its update, the other is silent. */
function halfDone(): SmallRun {
  const run = SmallRun.open(2, { plan: conventional, policy });
  const returned = run.lease('volunteer0');
  run.lease('volunteer1');
  run.at(1_000).accept(returned);
  return run;
}

function publishes(run: SmallRun): void {
  expect(pendingFolds(run.config, run.state)).toEqual(['whole']);
  run.fold('whole');
  expect(run.state.manifest.version).toBe(1);
  expect(run.lease('volunteer0').round).toBe(2);
}

describe('an alarm', () => {
  it('[LEASE3] [ROUND2] that rings a day late ends what was due, closes the round once, and the run goes on', () => {
    const run = halfDone();
    run.at(DAY_MS).alarm();
    expect(run.last('lease-ended')).toMatchObject({ volunteer: 'volunteer1', why: 'the deadline passed' });
    const told = run.events.length;
    run.alarm();
    expect(run.events).toHaveLength(told);
    publishes(run);
  });

  it('[RUN8] that rings on a clock set back a day ends nothing, and all is due a day earlier', () => {
    const run = halfDone();
    const due = nextAlarm(run.state) ?? Number.NaN;
    const { leases } = run.state;
    run.at(-DAY_MS).alarm();
    const ids = (table: typeof leases): string[] => [...table.values()].map(({ id }) => id);
    expect(ids(run.state.leases)).toEqual(ids(leases));
    expect(nextAlarm(run.state)).toBeLessThan(due - DAY_MS + 1_001);
    run.at(run.config.spec.policy.roundMs).alarm();
    publishes(run);
  });

  it('that rings before anything is due changes nothing', () => {
    const run = halfDone();
    const { state } = run;
    const due = nextAlarm(state) ?? 0;
    expect(due).toBeGreaterThan(run.now);
    for (; run.now < due; run.now += (due - run.now) / 2 + 1) run.alarm();
    expect(run.state).toEqual(state);
    run.at(run.config.spec.policy.roundMs).alarm();
    publishes(run);
  });
});

describe('a clock that was a day ahead and is set right', () => {
  it.each(['buffered', 'synchronous'] as const)(
    '[ROUND4] keeps no %s round from closing, though nobody returns more',
    rounds => {
      const run = SmallRun.open(0, {
        plan: conventional,
        policy: { ...policy, rounds, evaluators: 'referees' },
      });
      run.at(DAY_MS);
      for (const volunteer of ['volunteer0', 'volunteer1']) run.join(volunteer);
      const [returned, given] = [run.lease('volunteer0'), run.lease('volunteer1')];
      run.at(1_000).accept(returned);
      run.step({
        type: 'release',
        volunteer: 'volunteer1',
        lease: given.id,
        reason: 'gone',
        diverged: false,
      });
      run.step({ type: 'presence', here: [], gone: ['volunteer1'] });
      expect(run.ask('volunteer0').type).toBe('wait');
      expect(run.state.round).toMatchObject({ status: 'open', idleSince: run.now });
      run.at(-DAY_MS);
      for (let asked = 0; asked < 20 && run.state.manifest.version === 0; asked++) {
        run.at(5_000).ask('volunteer0');
        if (pendingFolds(run.config, run.state).length > 0) run.fold('whole');
      }
      expect(run.state.manifest.version).toBe(1);
    },
  );
});
