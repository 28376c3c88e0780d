import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../support/extent.ts';
import { anyNetwork, anySpec, honest, quiet, type Scenario, type Traits } from './scenario.ts';
import { type Checking, countedIn } from './simulated-referee.ts';
import { play } from './simulator.ts';
import type { Transition } from './transition.ts';

const checkMs = fc.constantFrom(10, 500, 3_000);

/** An honest referee that trains too, and others of whom any number is hostile, always or now and then. */
const anyCrowd = (until: fc.Arbitrary<number | null>): fc.Arbitrary<readonly Traits[]> =>
  fc
    .tuple(
      fc.record({ checkMs, until }),
      fc.array(fc.constantFrom(0, 0, 0.3, 1), { minLength: 1, maxLength: 7 }),
    )
    .map(([checking, harms]: [Checking, number[]]) => [
      { ...honest, checking },
      ...harms.map((harm): Traits => ({ ...honest, isReferee: false, harm })),
    ]);

const checked = (
  check: 'if-present' | 'always',
  until: fc.Arbitrary<number | null> = fc.constant(null),
): fc.Arbitrary<Scenario> =>
  fc
    .record({ seed: fc.nat(), spec: anySpec, volunteers: anyCrowd(until), network: anyNetwork })
    .map(({ spec, ...scenario }) => ({ ...quiet, ...scenario, spec: withCheck(spec, check) }));

const withCheck = (spec: Partial<RunSpecInput>, check: 'if-present' | 'always'): Partial<RunSpecInput> => ({
  ...spec,
  root: { parts: 1 },
  // The simulated losses are of no accuracy.
  policy: { ...spec.policy, minVolunteers: 1, maxDrop: 0, check },
});

/** Fails if a version comes out that was checked and has a hostile update. */
function watchVersions({ before, step }: Transition, hostile: ReadonlySet<string>): void {
  const published = step.events.find(event => event.type === 'version-published');
  if (!published?.check || before.round.status !== 'checking') return;
  const bad = countedIn(before.round).filter(({ lease }) => hostile.has(lease));
  expect(bad, 'no hostile update is in a version that was checked').toEqual([]);
}

describe('a run with an honest referee', () => {
  it('[CHECK7] [CHECK8] publishes no version that is worse, however many are hostile, and refuses no honest update', () =>
    fc.assert(
      fc.asyncProperty(checked('always'), async scenario => {
        const { state, ledger, hostile } = await play(scenario, { onStep: watchVersions, patience: 3 });
        expect(state.phase).toBe('finished');
        for (const { event } of ledger) {
          if (event.type === 'version-published') expect(event.check, 'each is checked').not.toBeNull();
          if (event.type === 'update-refused' && event.reason === 'harmful')
            expect(hostile.has(event.lease), 'only hostile updates are refused').toBe(true);
        }
      }),
      { numRuns: propertyRuns(60) },
    ));

  it('[CHECK5] goes on when its referee has gone without a word, wherever it was', () =>
    fc.assert(
      fc.asyncProperty(checked('if-present', fc.integer({ min: 0, max: 40_000 })), async scenario => {
        const { state } = await play(scenario, { onStep: watchVersions, patience: 3 });
        expect(state.phase).toBe('finished');
      }),
      { numRuns: propertyRuns(60) },
    ));

  it('[CHECK9] comes to the same, however often its objects sleep and whatever JSON loses', () =>
    fc.assert(
      fc.asyncProperty(checked('if-present'), async scenario => {
        const { ledger } = await play(scenario, { patience: 3 });
        const again = await play(scenario, { patience: 3, evicts: true, throughJson: true });
        expect(again.ledger).toEqual(ledger);
      }),
      { numRuns: propertyRuns(8) },
    ));
});
