import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import { propertyRuns } from '../support/extent.ts';
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

describe('tabs that only judge', () => {
  const tab: Traits = { ...liar, onlyJudges: true, trainMs: 200 };
  const doubter: Traits = { ...tab, lieInTurns: true };

  /** They come first, in the order of joining too. No version reaches the target or falls in truth. */
  const scenario = fc.record({
    seed: fc.nat(),
    tabs: fc.array(fc.constantFrom(tab, doubter), { minLength: 2, maxLength: 6 }),
    workers: fc.integer({ min: 1, max: 5 }),
    updatesPerRound: fc.integer({ min: 1, max: 4 }),
  });

  it('[EVAL13] [RUN5] [BACK5] end no run and take none back, and the run goes on to its last round', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ seed, tabs, workers, updatesPerRound }) => {
        const volunteers = [...tabs, ...Array(workers).fill({ ...volunteer, joinsAtMs: 1_000 })];
        const policy = { updatesPerRound, maxDrop: 0.2 };
        const played = withJudges(0, { seed, volunteers, spec: { rounds: 7, policy } });
        const { view, ledger } = await play(played);
        expect(view).toMatchObject({ phase: 'finished', why: 'rounds', version: 7 });
        expect(of(ledger, 'run-taken-back')).toEqual([]);
        for (const told of of(ledger, 'version-evaluated').filter(({ confirmed }) => confirmed !== false))
          expect(told.accuracy, 'what is confirmed is true').toBeLessThanOrEqual(0.8);
        const replayed = await play(played, { throughJson: true });
        expect(replayed.ledger, 'a replay comes to the same').toEqual(ledger);
      }),
      { numRuns: propertyRuns(8) },
    );
  });

  it('[EVAL13] are believed by nobody while the run ends at a target that is reached in truth', async () => {
    const volunteers = [tab, tab, ...Array(4).fill(volunteer)];
    const { view, ledger } = await play(
      withJudges(0, { volunteers, spec: { rounds: 60, targetAccuracy: 0.6 } }),
    );
    expect(view).toMatchObject({ why: 'target', unconfirmed: false });
    const [first] = of(ledger, 'version-evaluated');
    expect(first).toMatchObject({ confirmed: false });
    const tabs = ['volunteer0', 'volunteer1'];
    const judges = of(ledger, 'update-accepted').filter(({ role }) => role === 'evaluator');
    expect(judges.some(({ volunteer }) => tabs.includes(volunteer))).toBe(true);
  });
});
