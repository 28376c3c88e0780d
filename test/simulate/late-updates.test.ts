import { describe, expect, it } from 'vitest';
import { createRandom, randomInteger } from '../../shared/math/random.ts';
import { honest, plansWithDefaults, quiet, type Traits } from './scenario.ts';
import { type Outcome, play } from './simulator.ts';

describe('late updates', () => {
  const policies = ['buffered', 'synchronous'] as const;

  /** Volunteers of many speeds, who ask ahead. Nobody drops out. */
  const people = (count: number): Traits[] => {
    const random = createRandom('late', count);
    const trainMs = (): number => 500 + randomInteger(random, 8_000);
    return Array.from({ length: count }, () => ({ ...honest, ahead: 1, trainMs: trainMs() }));
  };

  const accepted = (ledger: Outcome['ledger']) =>
    ledger.flatMap(({ event }) =>
      event.type === 'update-accepted' && event.role !== 'evaluator' ? [event] : [],
    );

  it.each(plansWithDefaults.flatMap(plan => policies.map(rounds => ({ plan, rounds }))))(
    'a run of $plan.name with $rounds rounds comes to its end, and all its updates are in its versions',
    async ({ plan, rounds }) => {
      const policy = { updatesPerRound: 6, minVolunteers: 8, roundMs: 6_000, rounds };
      const spec = { rounds: 12, plan, policy };
      const { view, ledger } = await play({ ...quiet, segments: 3, spec, volunteers: people(8) });
      expect(view.why).toBe('rounds');
      const updates = accepted(ledger);
      const folded = view.rounds.flatMap(round => Object.values(round.updates).map(count => count ?? 0));
      // What counts in a round that never came is in no version.
      const counted = updates.filter(({ round, countsIn = round }) => countsIn <= 12);
      expect(folded.reduce((sum, count) => sum + count, 0)).toBe(counted.length);
      const late = updates.filter(({ countsIn }) => countsIn !== undefined);
      if (rounds === 'synchronous') expect(late).toEqual([]);
      for (const { round, countsIn = round } of updates) {
        expect(countsIn - round).toBeGreaterThanOrEqual(0);
        expect(countsIn - round).toBeLessThanOrEqual(4);
      }
    },
  );

  it('[ROUND6] under one of a hundred updates is stale if nobody drops out, and more than ten if rounds are synchronous', async () => {
    const shareStale = async (rounds: 'buffered' | 'synchronous'): Promise<number> => {
      const policy = { updatesPerRound: 20, minVolunteers: 30, leaseMs: 30_000, roundMs: 60_000, rounds };
      const spec = { rounds: 80, plan: { name: 'conventional' as const }, policy };
      const { ledger } = await play({ ...quiet, spec, volunteers: people(30) });
      const stale = ledger.filter(({ event }) => event.type === 'update-refused' && event.reason === 'stale');
      return stale.length / (stale.length + accepted(ledger).length);
    };
    expect(await shareStale('buffered')).toBeLessThan(0.01);
    expect(await shareStale('synchronous')).toBeGreaterThan(0.1);
  });
});
