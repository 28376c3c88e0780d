import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Match,
  type RoundWork,
  roundCost,
  roundsWithin,
  runCost,
} from '../../../shared/plan/cost/budget.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../../support/extent.ts';
import { smallModel, smallSpec } from '../federation/small-run.ts';
import { arbitraryRun } from './arbitrary-runs.ts';
import { chainOutline } from './outlines.ts';

/** Three batches an epoch, two bytes a parameter. */
const work: RoundWork = { updates: 4, examples: 10, batch: 4, bytesPerParameter: 2 };
const specOf = (name: PlanName, rounds = 10): RunSpec => smallSpec({ plan: { name }, rounds });

/** The small model: S 100 parameters, 1,000 MACs; A 7, 30; T 1,000, 400. */
describe('what a round costs', () => {
  const split = planTasks(specOf('layer-to-layer'), smallModel, 1);
  const student = 3 * 1_030;
  const teacher = 1_000 + 2 * 3 * 400;

  it('is its updates, shared evenly among the roles, each of the task its role has', () => {
    expect(roundCost(smallModel, split, work)).toEqual({
      macs: 2 * 10 * student + 2 * 10 * teacher,
      steps: 2 * 3 + 2 * 2 * 3,
      uploadBytes: 2 * (2 * 107 + 2 * 1_000),
      downloadBytes: 2 * (2 * 107 + 2 * 1_100),
    });
  });

  it.each([
    [1, 2 * 107 + 2 * 1_000],
    [5, 2 * (2 * 107 + 2 * 1_000)],
    [6, 3 * (2 * 107 + 2 * 1_000)],
  ])('of %i updates gives every role as many, one at least', (updates, bytes) => {
    expect(roundCost(smallModel, split, { ...work, updates }).uploadBytes).toBe(bytes);
  });

  it('takes the updates of every role if they are told', () => {
    const updates = (role: string): number => (role === 'student' ? 3 : 1);
    expect(roundCost(smallModel, split, { ...work, updates }).uploadBytes).toBe(3 * 2 * 107 + 2 * 1_000);
  });

  it('makes a run of its rounds: seven split, three in which all are teachers', () => {
    expect(runCost(specOf('layer-to-layer'), smallModel, work)).toMatchObject({
      macs: 7 * 2 * 10 * (student + teacher) + 3 * 4 * 10 * teacher,
      steps: 7 * 18 + 3 * 4 * 2 * 3,
      uploadBytes: 7 * 4_428 + 3 * 4 * 2 * 1_000,
    });
  });
});

describe('rounds within a budget', () => {
  const conventional = specOf('conventional');
  const within = (match: Match, amount: number, spec = conventional): number =>
    roundsWithin(spec, smallModel, { match, amount, work });

  it.each([
    ['flops', 4 * 10 * 3 * 1_400],
    ['steps', 4 * 3],
    ['bytes', 4 * 2 * 1_100],
  ] as const)('of %s are as many as go into it', (match, round) => {
    expect(within(match, 7 * round)).toBe(7);
    expect(within(match, 7 * round - 1)).toBe(6);
    expect(within(match, round)).toBe(1);
  });

  it('are none if one is too much, and no more than a run may have', () => {
    expect(within('steps', 11)).toBe(0);
    expect(within('steps', 0)).toBe(0);
    expect(within('steps', Number.POSITIVE_INFINITY)).toBe(10_000);
  });

  it('are not of the rounds that the spec names', () => {
    expect(within('steps', 120, specOf('conventional', 3))).toBe(within('steps', 120));
  });

  it('are the ones a run was measured by', () => {
    for (const name of planNames.filter(name => name !== 'momentum-auxiliary')) {
      const { macs } = runCost(specOf(name, 20), smallModel, work);
      expect(within('flops', macs, specOf(name))).toBe(20);
    }
  });

  it('are found on both sides of a round that makes a run cheaper: a costly stage is shorter by it', () => {
    const plan = { name: 'growing-together', growAt: 0.2, freezeAt: 0.52, lambda: 0, beta: 0 } as const;
    const spec = smallSpec({ plan, rounds: 1 });
    const one: RoundWork = { updates: 1, examples: 1, batch: 1, bytesPerParameter: 1 };
    const outline = chainOutline(3);
    const total = (rounds: number): number => runCost({ ...spec, rounds }, outline, one).macs;
    const found = (amount: number): number =>
      roundsWithin(spec, outline, { match: 'flops', amount, work: one });
    expect(total(21)).toBeLessThan(total(20));
    expect(found(total(20))).toBe(20);
    expect(found(total(20) - 1)).toBe(21);
  });

  it('come as near to it as any number of rounds does, whatever the plan', () => {
    const outline = chainOutline(4, { averages: true });
    const plan = fc.constantFrom(...planNames).chain(name => arbitraryRun(name, 4));
    fc.assert(
      fc.property(
        plan,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (spec, upTo, part) => {
          const total = (rounds: number): number =>
            rounds === 0 ? 0 : runCost({ ...spec, rounds }, outline, work).macs;
          const amount = total(upTo) * (1 + part / upTo);
          const best = Array.from({ length: 40 }, (_, rounds) => total(rounds)).filter(
            macs => macs <= amount,
          );
          const found = total(roundsWithin(spec, outline, { match: 'flops', amount, work }));
          expect(found).toBe(Math.max(...best));
        },
      ),
      { numRuns: propertyRuns(15) },
    );
  });
});
