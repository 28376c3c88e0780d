import { describe, expect, it } from 'vitest';
import { measuredActs } from '../../../shared/cost/acts.ts';
import { answersIn, type Crowd, crowdUse, pollsIn } from '../../../shared/cost/crowd-use.ts';
import { Crowd as SimulatedCrowd } from '../../simulate/crowd/crowd.ts';

const size = {
  ...{ rounds: 60, keepRounds: 50, roles: 2, shards: 3, filesALease: 2 },
  ...{ versionBytes: 100_000, updateBytes: 50_000 },
};
const pupils: Crowd = {
  ...{ volunteers: 30, rounds: 100, roundSeconds: 6, updatesPerRound: 4, spectators: 0, hasR2: true },
};

describe('what a crowd uses', () => {
  it('is by hand: what comes from outside in ten minutes of a class', () => {
    const polls = 100 * 30 * 2;
    expect(pollsIn(pupils)).toBe(polls);
    // Each evaluation and each answer is two calls. A version is evaluated by 1.1 leases, each of all three files.
    const evaluations = 110;
    const files = 400 * 2 + evaluations * 3 + 30 * 20;
    // A page with its socket is four, and before it there was the list of runs.
    const arrivals = 30 * (1 + 4 + 1 + 1);
    const created = measuredActs.create.workerRequests;
    const hand = polls + 2 * (400 + evaluations) + files + arrivals + created;
    expect(crowdUse(size, pupils).workerRequests).toBeCloseTo(hand, 6);
  });

  it('has objects awake all the time: a coordinator, a cohort for each role, a relay', () => {
    expect(crowdUse(size, pupils).objectGBSeconds).toBeCloseTo(4 * 600 * 0.128, 6);
  });

  it('keeps the updates of the last rounds and the versions', () => {
    const kept = (200 * 50_000 + 50 * 100_000 + 100_000) / 1e9;
    expect(crowdUse(size, pupils)).toMatchObject({ objectGB: 0, r2GB: expect.closeTo(kept, 10) });
    const without = crowdUse(size, { ...pupils, hasR2: false });
    expect(without).toMatchObject({ r2GB: 0, r2ClassA: 0, r2ClassB: 0, objectGB: expect.closeTo(kept, 10) });
  });

  it('without R2 is one call to an object for each call of R2, and writes rows', () => {
    const [on, off] = [crowdUse(size, pupils), crowdUse(size, { ...pupils, hasR2: false })];
    expect(off.objectRequests - on.objectRequests).toBeCloseTo(on.r2ClassA + on.r2ClassB, 6);
    // Two rows when a file is put, and two when it is swept.
    expect(off.objectRowsWritten - on.objectRowsWritten).toBeGreaterThan(4 * on.r2ClassA);
    expect(off.workerRequests).toBe(on.workerRequests);
  });

  it('of updates that no row holds is a file written and read for each', () => {
    const [small, large] = [crowdUse(size, pupils), crowdUse({ ...size, updateBytes: 2_000_000 }, pupils)];
    expect(large.r2ClassB - small.r2ClassB).toBeCloseTo(400, 6);
  });

  it('if everybody is at work has everybody look ahead', () => {
    const [some, all] = [crowdUse(size, pupils), crowdUse(size, { ...pupils, updatesPerRound: 30 })];
    // Each of 26 more in a round: a lease, an update, two files, and of all 30 a look at the version.
    const calls = 100 * (26 * (2 + 2) + 30);
    expect(all.workerRequests - some.workerRequests).toBeCloseTo(calls, 6);
  });

  it('grows with everything that is more', () => {
    const use = crowdUse(size, pupils);
    const more: Partial<Crowd>[] = [{ volunteers: 60 }, { rounds: 200 }, { spectators: 1_000 }];
    for (const change of more) {
      const greater = crowdUse(size, { ...pupils, ...change });
      expect(greater.workerRequests).toBeGreaterThan(use.workerRequests);
      expect(greater.objectRequests).toBeGreaterThan(use.objectRequests);
    }
  });
});

describe('what is reckoned of a class', () => {
  it.each([4, 30])('is a bound for what the simulator counts, with %i updates a round', async goal => {
    const simulated = new SimulatedCrowd({
      ...{ volunteers: 30, rounds: 12, seed: 1, plan: 'layer-to-layer', goal },
      ...{ dropout: 0, malice: 0, parameters: 25_000 },
    });
    while (!simulated.isOver) await simulated.advance(5_000);
    const { polls, answers, versions } = simulated.tally.demand;
    const roundSeconds = simulated.virtualMs / 1_000 / versions;
    const reckoned = { ...pupils, rounds: versions, roundSeconds, updatesPerRound: goal };
    expect(pollsIn(reckoned)).toBeGreaterThan(polls);
    // Of the simulated pupils a third close their tabs for a while.
    expect(pollsIn(reckoned)).toBeLessThan(4 * polls);
    expect(answersIn(reckoned)).toBeGreaterThan(0.6 * answers);
  });
});
