import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AggregationName } from '../../shared/protocol/aggregation-spec.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import { freePort } from '../support/free-port.ts';
import { publishedVersion } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { type Change, changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, refusalOf, takeLease, updateOf } from '../support/tiny-run.ts';
import { type HeapWatch, watchHeap } from '../support/watch-heap.ts';

let platform: TestPlatform;
let heap: HeapWatch;

beforeEach(async () => {
  const inspectorPort = await freePort();
  platform = new TestPlatform({}, { inspectorPort });
  await platform.start();
  heap = await watchHeap(inspectorPort, true);
});
afterEach(async () => {
  heap.end();
  await platform.remove();
});

/** Eight shards in f32. */
const large = createTinyModel([2_000, 1_000]);
const UPDATE_BYTES = 8_000_000;
const codec = { name: 'f32' } as const;
const change: Change = (_, i) => (i % 5) / 8;
const hostile: Change = () => -40;

test.each<[AggregationName, number]>([
  ['clipped-mean', 4],
  ['median', 7],
  ['geometric-median', 7],
  ['multi-krum', 7],
])(
  '%s folds %i large updates without holding them all, and to compare them leaves a hostile one out',
  async (aggregation, count) => {
    const { client } = platform;
    const policy = { updatesPerRound: count, evaluators: 'referees' } as const;
    const spec = { plan: { name: 'conventional' }, rounds: 1, aggregation, codec, policy } as const;
    const tiny = await createTinyRun(client, { model: large, spec });
    const leases: Lease[] = [];
    for (const volunteer of await joinMany(client, tiny.run, count))
      leases.push(await takeLease(client, tiny.run, volunteer));
    // Clipping bounds a hostile update. It does not leave it out, so there all are honest.
    const bad = aggregation === 'clipped-mean' ? -1 : 0;
    for (const [i, lease] of leases.entries()) {
      const body = updateOf(large, lease, i === bad ? hostile : change, { codec });
      await client.putUpdate(tiny.run, lease.id, lease.token, body);
    }
    const { segments } = await publishedVersion(client, tiny.run, 1);
    // The others are the same, so what a rule makes of them is what they are: of means but for a rounding.
    if (aggregation !== 'geometric-median')
      expect(segments['segment-2']?.shards).toEqual(changedShards(large, 'segment-2', change));
    const published = await publishedEntry(tiny.run);
    expect(published?.aggregation?.whole?.fallback).toBeUndefined();
    expect(heap.looks).toBeGreaterThan(10);
    expect(heap.peakBytes).toBeLessThan(count * UPDATE_BYTES);
  },
);

async function publishedEntry(run: string) {
  const { events } = await platform.client.ledger(run, 0);
  for (const { event } of events) if (event.type === 'version-published') return event;
  return null;
}

test('[PUB9] a rule that its plan never has enough updates for is refused before anything is kept', async () => {
  const spec = {
    plan: { name: 'conventional' },
    aggregation: 'multi-krum',
    policy: { updatesPerRound: 4 },
  } as const;
  const refusal = await refusalOf(createTinyRun(platform.client, { spec }));
  expect(refusal.message).toContain('let a round take 5 updates or more');
});

test('[PUB9] a round with too few updates counts by a weaker rule, and the ledger and the view say so', async () => {
  const { client } = platform;
  const policy = { updatesPerRound: 5, evaluators: 'referees' } as const;
  const spec = { plan: { name: 'conventional' }, rounds: 2, aggregation: 'multi-krum', policy } as const;
  const tiny = await createTinyRun(client, { spec });
  for (const volunteer of await joinMany(client, tiny.run, 2)) {
    const lease = await takeLease(client, tiny.run, volunteer);
    await client.putUpdate(tiny.run, lease.id, lease.token, updateOf(tiny.model, lease, change));
  }
  await publishedVersion(client, tiny.run, 1);
  expect((await publishedEntry(tiny.run))?.aggregation).toEqual({ whole: { fallback: 'clipped-mean' } });
  const { view } = await client.run(tiny.run);
  expect(view.rounds.at(-1)?.fallback).toEqual({ whole: 'clipped-mean' });
});
