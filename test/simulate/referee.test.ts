import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../support/extent.ts';
import { anyNetwork, anyPlan, honest, type Scenario, type Traits } from './scenario.ts';
import { play } from './simulator.ts';

/** It comes and leaves whenever it likes, and some bring nothing at all. */
const anyOther: fc.Arbitrary<Traits> = fc
  .record({
    joinsAtMs: fc.integer({ min: 0, max: 60_000 }),
    vanishesAtMs: fc.option(fc.integer({ min: 0, max: 30_000 }), { nil: null }),
    trainMs: fc.constantFrom(10, 1_000, 3_000),
    isWeak: fc.boolean(),
    crash: fc.constantFrom(0, 0, 0.5, 1),
  })
  .map(traits => ({ ...honest, isReferee: false, ...traits }));

/** A run by fltrust whose host trains, beside so many others. */
const withReferee = (others: fc.Arbitrary<readonly Traits[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    seed: fc.nat(),
    spec: fc.record({
      aggregation: fc.constant('fltrust' as const),
      root: fc.constant({ parts: 1 }),
      plan: anyPlan,
      rounds: fc.integer({ min: 1, max: 5 }),
      policy: fc.record({
        updatesPerRound: fc.integer({ min: 1, max: 4 }),
        leaseMs: fc.constantFrom(4_000, 10_000),
        roundMs: fc.constantFrom(3_000, 15_000, 40_000),
        rounds: fc.constantFrom('buffered' as const, 'synchronous' as const),
        evaluators: fc.constantFrom('volunteers' as const, 'referees' as const),
      }),
    }),
    segments: fc.constantFrom(2 as const, 3 as const),
    volunteers: others.map(all => [honest, ...all]),
    host: fc.constant([]),
    network: anyNetwork,
  });

const goesOn = (others: fc.Arbitrary<readonly Traits[]>, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(withReferee(others), async scenario => {
      const { view } = await play(scenario);
      expect(view.why, 'the run has its last round').toMatch(/rounds|target/);
    }),
    { numRuns: propertyRuns(numRuns) },
  );

describe('[ROOT4] a run by fltrust whose referee stays', () => {
  it('goes on in whatever order others come and leave', () =>
    goesOn(fc.array(anyOther, { maxLength: 4 }), 100));

  it('goes on with its referee alone', () => goesOn(fc.constant([]), 30));

  it('goes on whenever its only volunteer leaves', () =>
    goesOn(
      fc.integer({ min: 0, max: 8_000 }).map(vanishesAtMs => [{ ...honest, isReferee: false, vanishesAtMs }]),
      100,
    ));
});
