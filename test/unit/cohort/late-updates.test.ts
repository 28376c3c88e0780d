import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../shared/codec/safetensors.ts';
import { planTasks } from '../../../shared/plan/plan-tasks.ts';
import type { CohortEntry, FoldedRole } from '../../../shared/protocol/cohort-report.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import type { RunSpecInput } from '../../../shared/protocol/run-spec.ts';
import { propertyRuns } from '../../support/extent.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { type Change, createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest } from '../../support/tiny-run.ts';
import { unwrap } from '../codec/arbitraries.ts';
import { TestCohort } from './test-cohort.ts';

const model = createTinyModel([3, 10], { hasNorm: true });

function createRun(spec: Partial<RunSpecInput> = {}) {
  const request = tinyRequest({ model, spec: { plan: { name: 'conventional' }, rounds: 9, ...spec } });
  const config: RunConfig = { spec: request.spec, model: model.outline };
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  const segments = Object.entries(request.segments).map(([id, shards]) => [id, { version: 0, shards }]);
  const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };
  const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
  const cohort = new TestCohort(config, 'whole', blobs);
  const claims = (volunteer: string, round: number) => cohort.claims(volunteer, round, trains);
  return { config, blobs, manifest, cohort, claims, trains };
}

type Accepted = Extract<CohortEntry, { ok: true }>;

/** Which round each accepted update counts in, as the coordinator is told. */
const told = (entries: readonly CohortEntry[]) =>
  entries
    .filter((entry): entry is Accepted => entry.ok)
    .map(({ round, countsIn }) => [round, countsIn ?? round]);

/** Weights change by this much, and batch norm has observed that. */
const update =
  (weights: number, observed = 0): Change =>
  tensor =>
    tensor.includes('moving') ? observed : weights;

async function published(blobs: MemoryBlobs, { segments }: FoldedRole, tensor: string): Promise<number[]> {
  const files = await Promise.all((segments['segment-2'] ?? []).map(({ sha256 }) => blobs.get(sha256)));
  const found = files.flatMap(file => unwrap(decodeSafetensors(file))).find(({ name }) => name === tensor);
  return [...(found?.values ?? [])];
}

const first = model.weights['segment-2']?.find(({ name }) => name === 's2/bias')?.values[0] ?? 0;

describe('late updates at a cohort', () => {
  it('[ROUND6] count in the first round that is not closed, and are stale beyond maxStaleness', async () => {
    const { cohort, claims, manifest } = createRun({ policy: { maxStaleness: 2 } });
    cohort.now = 60_001;
    for (const [volunteer, closed] of [
      ['ada', 0],
      ['bob', 1],
      ['cleo', 2],
    ] as const) {
      if (closed > 0) await cohort.fold(closed, manifest);
      expect(cohort.send(claims(volunteer, 1), update(0)), '[ACC1] after its deadline too').toMatchObject({
        ok: true,
      });
    }
    await cohort.fold(3, manifest);
    const refusal = cohort.send(claims('dan', 1), update(0));
    expect(refusal).toMatchObject({
      reason: 'stale',
      detail: expect.stringContaining('up to 2 after its own'),
    });
    expect(told(cohort.log.outbox)).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
  });

  it('[ROUND6] count in no round after the last one', async () => {
    const { cohort, claims, manifest } = createRun({ rounds: 1 });
    await cohort.fold(1, manifest);
    expect(cohort.send(claims('ada', 1), update(0))).toMatchObject({ reason: 'stale' });
  });

  it('[ROUND7] weigh less by the root of their staleness, statistics too', async () => {
    const { cohort, claims, blobs, manifest } = createRun();
    cohort.close(1);
    cohort.send(claims('ada', 1), update(0.5, 6));
    cohort.send(claims('bob', 2), update(-0.25, 9));
    const folded = await cohort.fold(2, manifest);
    expect(cohort.log.measured(2).map(({ weight }) => weight)).toEqual([10 / Math.sqrt(2), 10]);
    // Weights are multiples of 2^-10 in the sum.
    const late = Math.round((10 / Math.sqrt(2)) * 1_024) / 1_024;
    const mean = (a: number, b: number): number => Math.fround((late * a + 10 * b) / (late + 10));
    expect((await published(blobs, folded, 's2/bias'))[0]).toBe(Math.fround(first + mean(0.5, -0.25)));
    expect((await published(blobs, folded, 'norm/moving_mean'))[0]).toBe(mean(6, 9));
  });

  it('[PUB4] count as leases of their full size', () => {
    const { cohort, claims } = createRun();
    cohort.close(1);
    cohort.send(claims('ada', 1), update(0));
    expect(cohort.log.examples(2)).toEqual([10]);
  });

  it('[ACC1] [ACC2] are taken once, however late they are sent again, and whatever has been folded', async () => {
    const { cohort, claims, manifest } = createRun();
    cohort.close(1);
    cohort.send(claims('ada', 1), update(0));
    for (const round of [2, 3, 4, 5]) {
      expect(cohort.send(claims('ada', 1), update(0))).toMatchObject({ reason: 'duplicate' });
      const another = { ...claims('ada', 1), lease: `another${round}` };
      expect(cohort.send(another, update(0))).toMatchObject({ reason: 'duplicate' });
      await cohort.fold(round, manifest);
    }
    expect(cohort.send(claims('ada', 1), update(0)), 'told from a stale one').toMatchObject({
      reason: 'duplicate',
    });
  });

  it('[ACC2] are at most two of one volunteer in a round: a third counts in the next one', () => {
    const { cohort, claims } = createRun();
    cohort.close(3);
    for (const round of [1, 2, 3, 4]) cohort.send(claims('ada', round), update(0));
    expect(told(cohort.log.outbox)).toEqual([
      [1, 4],
      [2, 4],
      [3, 5],
      [4, 5],
    ]);
  });

  it('[ACC2] count in the next round if this one is full', () => {
    const { cohort, claims } = createRun();
    for (let i = 0; i < 512; i++) cohort.send(claims(`volunteer${i}`, 1), update(0));
    cohort.send(claims('late', 1), update(0));
    expect(told(cohort.log.outbox).at(-1)).toEqual([1, 2]);
  });

  it('[ACC2] are refused as busy if no round that they could count in has room', () => {
    const { cohort, claims } = createRun({ policy: { maxStaleness: 0 } });
    for (let i = 0; i < 512; i++) cohort.send(claims(`volunteer${i}`, 1), update(0));
    expect(cohort.send(claims('late', 1), update(0))).toMatchObject({ reason: 'busy' });
  });

  it('are clipped by what the rule remembers once the round before has folded', async () => {
    const play = async (isEvicted: boolean): Promise<FoldedRole> => {
      const { cohort, claims, manifest } = createRun({ aggregation: 'clipped-mean' });
      cohort.send(claims('ada', 1), update(0.001));
      await cohort.fold(1, manifest);
      cohort.send(claims('ada', 2), update(0.5));
      cohort.close(2);
      cohort.evict();
      // The rule does not know yet how large the updates of round 2 are.
      cohort.send(claims('cleo', 2), update(0.25));
      await cohort.fold(2, manifest);
      if (isEvicted) cohort.evict();
      return cohort.fold(3, manifest);
    };
    expect(await play(false)).toEqual(await play(true));
  });
});

/** What happens at a cohort: somebody sends an update to a lease of this round, again perhaps, or the next round folds. */
type Happening = { readonly volunteer: number; readonly round: number } | 'fold' | 'evict';

const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.record({ volunteer: fc.nat(4), round: fc.integer({ min: 1, max: 7 }) }) },
    { weight: 3, arbitrary: fc.constant('fold' as const) },
    { weight: 1, arbitrary: fc.constant('evict' as const) },
  ),
  { minLength: 5, maxLength: 40 },
);

describe('in any order of updates and folds', () => {
  it('[ROUND6] every update that was taken is folded once, and the version is what all of them come to', async () => {
    await fc.assert(
      fc.asyncProperty(
        happenings,
        fc.constantFrom('mean' as const, 'clipped-mean' as const),
        async (story, aggregation) => {
          const { cohort, claims, manifest, config, blobs } = createRun({ rounds: 7, aggregation });
          const counted = new Map<number, { readonly volunteer: string; readonly round: number }[]>();
          const folds: FoldedRole[] = [];
          let folding: Promise<unknown> = Promise.resolve();
          const fold = async (): Promise<void> => {
            await folding;
            if (folds.length < 7) folds.push(await cohort.fold(folds.length + 1, manifest));
          };
          for (const what of story) {
            // A fold goes on meanwhile.
            await null;
            if (what === 'fold') folding = fold();
            else if (what === 'evict') {
              await folding;
              cohort.evict();
            } else {
              // Nobody is leased a round that has not begun.
              const round = Math.min(what.round, Math.max(1, cohort.log.closedRound() + 1), 7);
              const volunteer = `volunteer${what.volunteer}`;
              if (!cohort.send(claims(volunteer, round), update(changeOf(volunteer, round))).ok) continue;
              const entry = cohort.log.outbox.findLast(({ ok }) => ok);
              const { countsIn = round } = entry?.ok ? entry : {};
              counted.set(countsIn, [...(counted.get(countsIn) ?? []), { volunteer, round }]);
            }
          }
          await folding;
          while (folds.length < 7) await fold();
          for (const [i, folded] of folds.entries())
            expect(folded.updates).toBe(counted.get(i + 1)?.length ?? 0);
          expect(await replay(counted, config, blobs, manifest)).toEqual(folds);
        },
      ),
      { numRuns: propertyRuns(40) },
    );
  });
});

const changeOf = (volunteer: string, round: number): number => (Number(volunteer.at(-1)) - round) / 64;

/** The same updates one round after another, each sent when the rounds before the one that it counts in are closed. */
async function replay(
  counted: ReadonlyMap<number, readonly { readonly volunteer: string; readonly round: number }[]>,
  config: RunConfig,
  blobs: MemoryBlobs,
  manifest: Manifest,
): Promise<FoldedRole[]> {
  const cohort = new TestCohort(config, 'whole', blobs);
  const trains = planTasks(config.spec, config.model, 1)[0]?.trains ?? [];
  const folds: FoldedRole[] = [];
  for (let number = 1; number <= 7; number++) {
    for (const { volunteer, round } of counted.get(number) ?? [])
      cohort.train(volunteer, round, trains, update(changeOf(volunteer, round)));
    folds.push(await cohort.fold(number, manifest));
  }
  return folds;
}
