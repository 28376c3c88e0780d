import { describe, expect, it } from 'vitest';
import { honest, quiet, type Traits } from './scenario.ts';
import { play } from './simulator.ts';

/** Virtual ms from one version to the next, in the middle of all rounds of the runs of these seeds. */
async function medianRoundMs(drop: number, seeds: readonly number[]): Promise<number> {
  const ms = (await Promise.all(seeds.map(seed => roundsMs(drop, seed)))).flat();
  return ms.toSorted((a, b) => a - b)[Math.floor(ms.length / 2)] ?? Number.NaN;
}

async function roundsMs(drop: number, seed: number): Promise<number[]> {
  const volunteers = Array.from({ length: 10 }, (_, i) => ({ ...honest, trainMs: 10_000 + 700 * i, drop }));
  const policy = { updatesPerRound: 8, evaluators: 'referees' as const };
  const spec = { rounds: 16, plan: { name: 'layer-to-layer' as const }, policy };
  const { ledger } = await play({ ...quiet, seed, spec, volunteers });
  const published = ledger.flatMap(({ at, event }) => (event.type === 'version-published' ? [at] : []));
  return published.slice(1).map((at, i) => at - (published[i] ?? at));
}

describe('[LEASE17] [LEASE18] a round of ten volunteers', () => {
  it.each([
    [0.3, 2, [1, 2, 3]],
    // Each of those who left is somebody else's place, so this run knows hundreds of volunteers.
    [0.8, 6, [1, 2, 3]],
  ])(
    'of whom a share of %d drops its lease for good takes at most %i times as long',
    async (drop, times, seeds) => {
      expect(await medianRoundMs(drop, seeds)).toBeLessThanOrEqual(times * (await medianRoundMs(0, seeds)));
    },
  );

  it('of which one is silent from the first lease on takes fifteen seconds longer at most', async () => {
    const train = [3_000, 4_000, 5_000].map(trainMs => ({ ...honest, trainMs }));
    const silent = { ...honest, drop: 1, trainMs: 1e9 };
    const spec = { rounds: 3, policy: { evaluators: 'referees' as const } };
    const versions = async (volunteers: readonly Traits[]): Promise<number[]> =>
      (await play({ ...quiet, spec, volunteers })).ledger.flatMap(({ at, event }) =>
        event.type === 'version-published' ? [at] : [],
      );
    const [first = 0, second = 0, third = 0] = await versions([silent, ...train]);
    const [alone = 0] = await versions(train);
    expect(first - alone).toBeLessThanOrEqual(15_000);
    expect(third - second).toBeLessThanOrEqual(15_000);
  });
});
