import { describe, expect, it } from 'vitest';
import { UpdateSketch } from '../../../shared/aggregation/update-sketch.ts';
import { StreamedCheck } from '../../../shared/cohort/check-stream.ts';
import { foldCohorts } from '../../../shared/cohort/fold-cohorts.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { createRandom } from '../../../shared/math/random.ts';
import { sha256 } from '../../../shared/math/sha256.ts';
import type { Manifest } from '../../../shared/protocol/model-outline.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { MemoryBlobs } from '../../support/memory-blobs.ts';
import { MemorySums } from '../../support/memory-sums.ts';
import { testSeed } from '../../support/test-seeds.ts';
import { type Change, createTinyModel } from '../../support/tiny-model.ts';
import { codecSamples } from '../codec/codec-samples.ts';
import { smallSpec } from '../federation/small-run.ts';
import { TestCohort } from './test-cohort.ts';

const model = createTinyModel([60, 30], { hasNorm: true });
const trains = ['segment-1', 'segment-2'];
const segments = Object.entries(model.shards).map(([id, shards]) => [
  id,
  { version: 0, shards: [...shards] },
]);
const manifest: Manifest = { version: 0, segments: Object.fromEntries(segments) };

const configOf = (change: Parameters<typeof smallSpec>[0] = {}): RunConfig => ({
  spec: smallSpec({ plan: { name: 'conventional' }, ...change }),
  model: model.outline,
});

function blobsOf(): MemoryBlobs {
  const blobs = new MemoryBlobs();
  for (const { bytes } of model.blobs) blobs.keep(bytes);
  return blobs;
}

/** Random numbers that belong to a volunteer: the same at the same place of any tensor. */
function noiseOf(...seed: readonly (string | number)[]): Change {
  const random = createRandom('work', ...seed);
  const drawn = Float64Array.from({ length: MOST_VALUES }, () => (random() - 0.5) / 64);
  return (tensor, i) => (tensor.includes('moving') ? 1 : (drawn[(i + tensor.length) % MOST_VALUES] ?? 0));
}

const cohortOf = (config: RunConfig, blobs = blobsOf(), sums = new MemorySums(), number = 0): TestCohort =>
  new TestCohort(config, 'whole', blobs, sums, number, { seedOf: testSeed });

/** More than any tensor has. */
const MOST_VALUES = 2_000;
const common = noiseOf('common');

/** Something that all honest updates have in common, and as much again that is this one's. A statistic is what it is. */
function honest(own: number): Change {
  const noise = noiseOf('own', own);
  return (tensor, i) => (tensor.includes('moving') ? 1 : common(tensor, i) + noise(tensor, i));
}

const nothing: Change = tensor => (tensor.includes('moving') ? 1 : 0);

/** Four honest ones, and beside them one who does nothing, a copier and one who sends random values. */
function sendAll(send: (volunteer: string, change: Change) => void): void {
  for (const i of [1, 2, 3, 4]) send(`honest${i}`, honest(i));
  send('idle', nothing);
  const copied = honest(2);
  send('copier', (tensor, i) => copied(tensor, i) * 1.5);
  send('free', noiseOf('free'));
}

const expected = {
  seed: testSeed(1),
  helped: ['honest1', 'honest2', 'honest3', 'honest4'],
  zero: ['idle'],
  copied: ['copier'],
  unlike: ['free'],
};

describe.each(codecSamples)('real envelopes of codec %j', codec => {
  it('[STAND3] tell who worked and who did not', async () => {
    const cohort = cohortOf(configOf({ codec }));
    sendAll((volunteer, change) => cohort.train(volunteer, 1, trains, change));
    expect((await cohort.fold(1, manifest)).work).toEqual(expected);
  });

  it('[STAND2] have the same sketch whether they lie in memory or pass by', async () => {
    const config = configOf({ codec });
    const cohort = cohortOf(config);
    const claims = cohort.claims('ada', 1, trains);
    const envelope = cohort.envelope(claims, honest(1));
    expect(cohort.send(claims, honest(1)).ok).toBe(true);
    const sketch = new UpdateSketch(testSeed(1));
    const chunks: Uint8Array[] = [];
    const hash = () => ({
      add: async (bytes: Uint8Array) => void chunks.push(bytes.slice()),
      digest: async () => sha256(concatBytes(chunks)),
    });
    const check = new StreamedCheck(config, claims, hash, false, sketch);
    for (let at = 0; at < envelope.length; at += 97) await check.add(envelope.subarray(at, at + 97));
    expect(cohort.log.sketched(1)[0]?.sketch).toEqual(sketch.bytes());
  });
});

describe.each(['mean', 'clipped-mean', 'median', 'geometric-median'] as const)('by %s', aggregation => {
  it('[STAND3] it is told alike, whatever was forgotten between', async () => {
    const cohort = cohortOf(configOf({ aggregation }));
    sendAll((volunteer, change) => {
      cohort.train(volunteer, 1, trains, change);
      cohort.evict();
    });
    const { work } = await cohort.fold(1, manifest);
    expect(work).toEqual(expected);
    // Asked again, it says the same.
    expect((await cohort.fold(1, manifest)).work).toEqual(expected);
  });
});

it('[STAND2] several cohorts of a role tell together what one would', async () => {
  const config = configOf({ aggregation: 'mean', policy: { cohorts: 3 } });
  const [blobs, sums] = [blobsOf(), new MemorySums()];
  const cohorts = [0, 1, 2].map(number => cohortOf(config, blobs, sums, number));
  let next = 0;
  sendAll((volunteer, change) => cohorts[next++ % 3]?.train(volunteer, 1, trains, change));
  const seen: boolean[] = [];
  const members = cohorts.map((cohort, i) => ({
    close: async () => {
      cohort.close(1);
      return cohort.closed(1);
    },
    fold: async (asked: Parameters<TestCohort['foldAs']>[0]) => {
      seen[i] = asked.ofRole?.updates.some(({ told }) => told !== undefined) ?? false;
      return cohort.foldAs(asked);
    },
  }));
  const [lead, ...others] = members;
  if (!lead) throw new Error('three');
  const request = { round: 1, manifest, handed: {}, handsOn: [] };
  const { work = { seed: '' } } = await foldCohorts([lead, ...others], request, trains);
  expect(work.helped?.toSorted()).toEqual(expected.helped);
  // In the order of cohorts the copier of the third comes behind whom it copied, in the second.
  expect(work).toMatchObject({ zero: ['idle'], copied: ['copier'], unlike: ['free'] });
  // The sketches go to the one that tells, and to no other.
  expect(seen).toEqual([true, false, false]);
});

it('[STAND2] a late update is compared with those of the round that it counts in', async () => {
  const cohort = cohortOf(configOf());
  const late = cohort.claims('late', 1, trains);
  for (const i of [1, 2, 3]) cohort.train(`honest${i}`, 1, trains, honest(i));
  await cohort.fold(1, manifest);
  expect(cohort.send(late, honest(4)).ok).toBe(true);
  for (const i of [5, 6, 7]) cohort.train(`honest${i}`, 2, trains, honest(i));
  const { work } = await cohort.fold(2, { ...manifest, version: 1 });
  expect(work).toEqual({ seed: testSeed(2), helped: ['late', 'honest5', 'honest6', 'honest7'] });
});

it('[STAND7] an update weighs the share of its examples that its lease says', async () => {
  const cohort = cohortOf(configOf({ aggregation: 'mean' }));
  const whole = cohort.claims('ada', 1, trains);
  expect(cohort.send(whole, () => 0.25).ok).toBe(true);
  const less = { ...cohort.claims('bea', 1, trains), share: 3 / 8 };
  expect(cohort.send(less, () => 0.25).ok).toBe(true);
  expect(cohort.log.measured(1).map(({ weight }) => weight)).toEqual([10, 3.75]);
});
