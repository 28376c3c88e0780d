import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSpecInput } from '../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../support/extent.ts';
import { honest, quiet, type Scenario, type Traits } from './scenario.ts';
import { type Outcome, play } from './simulator.ts';

const worker: Traits = { ...honest, isReferee: false };

/** Takes every lease that it gets, and returns nothing. */
const silent: Traits = { ...worker, crash: 1 };
const returning: Traits = { ...worker, release: 1 };

/** The sybils come first, in the order of joining too. */
const beside = (sybils: readonly Traits[], workers: number, spec: Partial<RunSpecInput>): Scenario => ({
  ...quiet,
  spec: { rounds: 30, ...spec },
  volunteers: [...sybils, ...Array<Traits>(workers).fill({ ...worker, joinsAtMs: 1_000 })],
});

/** Of all leases, the share of those who joined last. */
function shareOf({ ledger, config }: Outcome, sybils: number, workers: number): number {
  const ids = new Set(Array.from({ length: workers }, (_, i) => `volunteer${sybils + i}`));
  const leases = ledger.flatMap(({ event }) => (event.type === 'lease-granted' ? [event.volunteer] : []));
  expect(leases.length).toBeGreaterThan(config.spec.rounds);
  return leases.filter(id => ids.has(id)).length / leases.length;
}

const durationMs = ({ ledger }: Outcome): number => (ledger.at(-1)?.at ?? 0) - (ledger[0]?.at ?? 0);

const plans = [{ name: 'conventional' as const }, { name: 'layer-to-layer' as const }];

describe('sybils', () => {
  it.each([
    { plan: plans[0], seed: 3, updatesPerRound: 8 },
    { plan: plans[1], seed: 2, updatesPerRound: 4 },
  ])(
    '[CROWD5] [CROWD6] 40 silent ones beside four who work: these get 60 % of the leases at least, $plan.name',
    async ({ plan, seed, updatesPerRound }) => {
      const spec = { ...(plan && { plan }), policy: { updatesPerRound } };
      const outcome = await play({ ...beside(Array<Traits>(40).fill(silent), 4, spec), seed });
      expect(outcome.view.phase).toBe('finished');
      expect(shareOf(outcome, 40, 4)).toBeGreaterThanOrEqual(0.6);
    },
  );

  it('[LEASE14] [CROWD5] 40 silent ones who say that they are weak keep places from nobody, and hold no round up', async () => {
    const spec = { plan: { name: 'layer-to-layer' as const }, policy: { updatesPerRound: 4 } };
    const slow: Traits = { ...worker, joinsAtMs: 1_000, trainMs: 10_000 };
    const weak = Array<Traits>(40).fill({ ...silent, isWeak: true });
    const playBeside = (sybils: readonly Traits[]): Promise<Outcome> =>
      play({ ...beside(sybils, 0, spec), volunteers: [...sybils, ...Array<Traits>(4).fill(slow)] });
    const [alone, outcome] = [await playBeside([]), await playBeside(weak)];
    expect(outcome.view.phase).toBe('finished');
    expect(shareOf(outcome, 40, 4)).toBeGreaterThanOrEqual(0.6);
    expect(durationMs(outcome)).toBeLessThan(3 * durationMs(alone));
  });

  it('[CROWD4] [CROWD5] whatever they do, everybody who works comes to prove itself, and the run finishes', async () => {
    const sybil = fc.record({
      traits: fc.constantFrom(silent, returning),
      joinsAtMs: fc.integer({ min: 0, max: 60_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(sybil, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(...plans),
        fc.integer({ min: 1, max: 8 }),
        async (sybils, workers, plan, updatesPerRound) => {
          const traits = sybils.map(one => ({ ...one.traits, joinsAtMs: one.joinsAtMs }));
          const spec = { plan, rounds: 15, policy: { updatesPerRound } };
          const { view, ledger } = await play(beside(traits, workers, spec));
          expect(view.phase).toBe('finished');
          const trained = new Set(
            ledger.flatMap(({ event }) =>
              event.type === 'update-accepted' && event.role !== 'evaluator' ? [event.volunteer] : [],
            ),
          );
          for (let i = 0; i < workers; i++) expect(trained).toContain(`volunteer${sybils.length + i}`);
        },
      ),
      { numRuns: propertyRuns(8) },
    );
  });
});
