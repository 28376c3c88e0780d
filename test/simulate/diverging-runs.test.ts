import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../support/extent.ts';
import { anyNetwork, anySpec, honest, quiet, type Scenario, type Traits } from './scenario.ts';
import { play } from './simulator.ts';

const withVolunteers = (volunteers: fc.Arbitrary<readonly Traits[]>): fc.Arbitrary<Scenario> =>
  fc.record({
    seed: fc.nat(),
    spec: anySpec.map(spec => ({ ...spec, policy: { ...spec.policy, minVolunteers: 1 } })),
    volunteers,
    host: fc.constant([]),
    network: anyNetwork,
  });

describe('a run whose training diverges', () => {
  const spec = {
    rounds: 4,
    plan: { name: 'conventional' as const },
    policy: { updatesPerRound: 3, leaseMs: 4_000, roundMs: 8_000 },
  };
  const pausesOf = async (scenario: Scenario): Promise<number> =>
    (await play(scenario)).ledger.filter(({ event }) => event.type === 'run-paused').length;

  it('[DIV2] everywhere pauses, and says why', async () => {
    const volunteers = Array(4).fill({ ...honest, diverge: 1 });
    const { state, view } = await play({ ...quiet, spec, volunteers });
    expect([state.phase, view.phase, view.why]).toEqual(['paused', 'paused', 'diverged']);
    expect(view.trainingUpdates).toBe(0);
  });

  it('[DIV2] often, at all who train it, pauses and is resumed and keeps every rule to its end', async () => {
    const crowd = fc
      .integer({ min: 1, max: 4 })
      .chain(count =>
        fc.constantFrom(0.6, 0.9).map(diverge => Array(count).fill({ ...honest, trainMs: 300, diverge })),
      );
    let pauses = 0;
    await fc.assert(
      fc.asyncProperty(withVolunteers(crowd), async given => {
        // Nine of ten leases diverge, and who returns none is leased one in half a minute: three in a row can take long.
        const { state, ledger } = await play({ ...given, resumesAfterMs: 1_000 }, { patience: 10 });
        expect(state.phase).toBe('finished');
        pauses += ledger.filter(({ event }) => event.type === 'run-paused').length;
      }),
      { numRuns: propertyRuns(40) },
    );
    expect(pauses).toBeGreaterThan(0);
  });

  it('[DIV2] at one stranger, who says so as fast as it can, goes on to its end', async () => {
    const stranger = { ...honest, diverge: 1, trainMs: 1 };
    for (let seed = 1; seed <= 20; seed++) {
      const scenario = {
        ...quiet,
        seed,
        spec,
        volunteers: [honest, stranger, { ...honest, trainMs: 4_000 }],
      };
      expect(await pausesOf(scenario)).toBe(0);
      expect((await play(scenario)).view.why).toBe('rounds');
    }
  });

  it('[DIV2] at one that has two tabs open goes on while four honest ones are there', async () => {
    const stranger = { ...honest, diverge: 1, trainMs: 1 };
    const volunteers = [stranger, stranger, honest, honest, honest, honest];
    for (let seed = 1; seed <= 20; seed++)
      expect(await pausesOf({ ...quiet, seed, spec, volunteers })).toBe(0);
  });
});
