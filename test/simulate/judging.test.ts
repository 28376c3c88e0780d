import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import { honest, quiet, type Scenario, type Traits } from './scenario.ts';
import { play } from './simulator.ts';

const volunteer: Traits = { ...honest, isReferee: false };
const liar: Traits = { ...volunteer, lie: 1 };

const of = <T extends EventBody['type']>(
  ledger: readonly RunEvent[],
  type: T,
): Extract<EventBody, { type: T }>[] =>
  ledger.flatMap(({ event }) => (event.type === type ? [event as Extract<EventBody, { type: T }>] : []));

/** Ten volunteers of whom four train in a round, and a target that no version reaches. */
const withJudges = (liars: number, change: Partial<Scenario> = {}): Scenario => ({
  ...quiet,
  volunteers: [...Array(10 - liars).fill(volunteer), ...Array(liars).fill(liar)],
  ...change,
  spec: {
    plan: { name: 'conventional' },
    rounds: 12,
    stopAtTarget: true,
    targetAccuracy: 0.95,
    policy: { updatesPerRound: 4, overIssue: 1 },
    ...change.spec,
  },
});

describe('a run some of whose judges lie', () => {
  it('[RUN5] [EVAL7] is not ended by one of ten, and the ledger says whose word was wrong', async () => {
    const contradicted = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const { view, ledger } = await play(withJudges(1, { seed }));
      expect(view.why).toBe('rounds');
      const confirmed = of(ledger, 'version-evaluated').filter(event => event.confirmed !== false);
      expect(confirmed.length).toBeGreaterThan(0);
      expect(Math.max(...confirmed.map(({ accuracy }) => accuracy))).toBeLessThanOrEqual(0.8);
      for (const event of of(ledger, 'judgement-contradicted')) contradicted.add(event.volunteer);
    }
    expect([...contradicted]).toEqual(['volunteer9']);
  });

  it('[EVAL8] of one or two has an accuracy that is not confirmed, and goes on to its last round', async () => {
    for (const volunteers of [[liar], [liar, liar]]) {
      const { view, ledger } = await play(withJudges(0, { volunteers }));
      expect(view).toMatchObject({ why: 'rounds', version: 12, unconfirmed: true });
      expect(of(ledger, 'version-evaluated').every(event => event.confirmed === false)).toBe(true);
    }
  });

  it('[EVAL7] believes its host’s referee against all others', async () => {
    const volunteers = [...Array(5).fill(liar), honest];
    const { view, ledger } = await play(withJudges(0, { volunteers }));
    expect(view).toMatchObject({ why: 'rounds', unconfirmed: false });
    const judged = of(ledger, 'version-evaluated').filter(event => event.confirmed !== false);
    expect(Math.max(...judged.map(({ accuracy }) => accuracy))).toBeLessThanOrEqual(0.8);
  });

  it('[EVAL12] ends at a target that is reached, though everybody trains every version', async () => {
    const scenario = withJudges(0, {
      volunteers: Array(4).fill(volunteer),
      spec: { rounds: 60, targetAccuracy: 0.6 },
    });
    const { view, ledger } = await play(scenario);
    expect(view).toMatchObject({ why: 'target', unconfirmed: false });
    expect(view.version).toBeLessThan(30);
    expect(of(ledger, 'version-evaluated').some(event => event.confirmed === false)).toBe(true);
  });
});

describe('a run with a version that hurts', () => {
  const refereed = [...Array(6).fill(volunteer), honest];

  it('[BACK5] returns to its best version and goes on from there', async () => {
    const { view, ledger } = await play(withJudges(0, { volunteers: refereed, harmful: [5, 6, 7] }));
    expect(view).toMatchObject({ why: 'rounds', version: 12 });
    const [back] = of(ledger, 'run-taken-back');
    expect(back).toMatchObject({ why: 'fell' });
    expect(back?.to).toBeLessThan(5);
    expect(view.accuracy).toBeGreaterThan(0.6);
  });

  it('[BACK6] pauses if every version hurts, and does not return for ever', async () => {
    const harmful = Array.from({ length: 20 }, (_, i) => i + 3);
    const { state, ledger } = await play(
      withJudges(0, { volunteers: refereed, harmful, spec: { rounds: 20, policy: { updatesPerRound: 4 } } }),
    );
    expect(state.phase).toBe('paused');
    expect(of(ledger, 'run-taken-back')).toHaveLength(3);
    expect(of(ledger, 'run-paused')).toMatchObject([{ why: 'keeps-falling' }]);
  });
});
