import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventBody, RunEvent } from '../../shared/protocol/events.ts';
import { countsIn } from '../support/counts-in.ts';
import { propertyRuns } from '../support/extent.ts';
import { findDifference } from '../support/recompute-versions.ts';
import { Crowd } from './crowd/crowd.ts';
import { policyOf } from './crowd/crowd-run.ts';
import type { CrowdSettings } from './crowd/crowd-world.ts';

const few: CrowdSettings = {
  ...{ volunteers: 8, rounds: 4, seed: 1, plan: 'layer-to-layer', goal: 4 },
  ...{ dropout: 0, malice: 0, parameters: 1_000_000 },
};

interface Played {
  readonly crowd: Crowd;
  readonly ledger: readonly RunEvent[];
  readonly archive: ReadonlyMap<string, Uint8Array>;
}

/** With real envelopes. */
async function play(settings: CrowdSettings): Promise<Played> {
  const ledger: RunEvent[] = [];
  const archive = new Map<string, Uint8Array>();
  const crowd = new Crowd(settings, { archive, onEvent: event => ledger.push(event) });
  while (!crowd.isOver) await crowd.advance(1_000);
  return { crowd, ledger, archive };
}

const ofType = <T extends EventBody['type']>(ledger: readonly RunEvent[], type: T) =>
  ledger.flatMap(({ event }) => {
    const isOf = (one: EventBody): one is Extract<EventBody, { type: T }> => one.type === type;
    return isOf(event) ? [event] : [];
  });

const training = (ledger: readonly RunEvent[]) =>
  ofType(ledger, 'update-accepted').filter(({ role }) => role !== 'evaluator');

const anyCrowd: fc.Arbitrary<CrowdSettings> = fc.record({
  volunteers: fc.integer({ min: 4, max: 14 }),
  rounds: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  plan: fc.constantFrom('layer-to-layer' as const, 'conventional' as const, 'growing-together' as const),
  goal: fc.integer({ min: 1, max: 8 }),
  dropout: fc.constantFrom(0, 0.3, 0.6),
  malice: fc.constantFrom(0, 0.3),
  parameters: fc.constantFrom(1_000, 5_000_000),
});

const holds = (check: (played: Played) => Promise<void> | void, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyCrowd, async settings => check(await play(settings))),
    { numRuns: propertyRuns(numRuns) },
  );

describe('a crowd', () => {
  it('goes on to the last round while an honest volunteer stays', async () => {
    let finished = 0;
    await holds(({ crowd }) => {
      if (!crowd.hasHonest) return;
      expect([crowd.phase, crowd.version]).toEqual(['finished', crowd.settings.rounds]);
      finished += 1;
    }, 15);
    expect(finished).toBeGreaterThan(0);
  });

  it('loses no update that was taken, and counts none twice', async () => {
    await holds(({ crowd, ledger }) => {
      const accepted = ofType(ledger, 'update-accepted').map(({ lease }) => lease);
      expect(new Set(accepted).size).toBe(accepted.length);
      // What was taken in the run's last moment is reported to nobody.
      const told = new Set(accepted);
      const untold = [...crowd.takenLeases].filter(lease => !told.has(lease));
      if (crowd.phase !== 'finished') expect(untold).toEqual([]);
      for (const { round, updates } of ofType(ledger, 'version-published')) {
        const counted = training(ledger).filter(event => countsIn(event) === round);
        const published = Object.values(updates).reduce<number>((sum, count) => sum + (count ?? 0), 0);
        expect(counted, `the updates of round ${round}`).toHaveLength(published);
      }
    }, 15);
  });

  it('[LEASE10] ends every lease once in the ledger', async () => {
    await holds(({ ledger }) => {
      const open = new Set<string>();
      for (const { event } of ledger) {
        if (event.type === 'lease-granted') open.add(event.lease);
        if (event.type === 'lease-ended') expect(open.delete(event.lease), event.lease).toBe(true);
        if (event.type === 'update-accepted' || event.type === 'update-refused') open.delete(event.lease);
      }
      if (ledger.at(-1)?.event.type === 'run-finished') expect([...open]).toEqual([]);
    }, 15);
  });

  it('makes versions that anyone can compute again from the ledger and the envelopes', async () => {
    let versions = 0;
    await holds(async ({ crowd, ledger, archive }) => {
      const { config, blobs, first } = crowd;
      expect(await findDifference({ config, ledger, first, blobs, archive })).toBeNull();
      versions += crowd.version;
    }, 15);
    expect(versions).toBeGreaterThan(0);
  });

  it('is told apart from what its envelopes give if one of them is another', async () => {
    const { crowd, ledger, archive } = await play(few);
    const [first, second] = training(ledger);
    if (!first || !second) throw new Error('two updates');
    const other = new Map(archive).set(first.lease, archive.get(second.lease) ?? new Uint8Array());
    const { config, blobs } = crowd;
    const difference = await findDifference({ config, ledger, first: crowd.first, blobs, archive: other });
    expect(difference).toMatch(
      /^version 1, role .* the archive has an update that the ledger did not accept/,
    );
  });

  it('is the same again from the same seed, and another from another', async () => {
    const settings = { ...few, dropout: 0.3, malice: 0.2 };
    const { ledger } = await play(settings);
    expect((await play(settings)).ledger).toEqual(ledger);
    expect((await play({ ...settings, seed: 2 })).ledger).not.toEqual(ledger);
  });

  it('meets with all that can go wrong, and counts it', async () => {
    const { crowd } = await play({ ...few, volunteers: 20, rounds: 15, goal: 8, dropout: 0.3, malice: 0.3 });
    const { refused, dropped } = crowd.tally;
    expect([...refused.keys()]).toEqual(
      expect.arrayContaining(['unauthorised', 'duplicate', 'not-finite', 'out-of-range']),
    );
    expect(dropped).toBeGreaterThan(0);
  });

  it('has the policy that was asked for, or none', () => {
    expect(policyOf(new Crowd({ ...few, policy: policyOf(new Crowd(few).config) }).config)).toBe(
      policyOf(new Crowd(few).config),
    );
    expect(() => new Crowd({ ...few, policy: 'hasty' })).toThrow();
  });
});
