import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { PING } from '../../shared/protocol/frames.ts';
import type { Lease } from '../../shared/protocol/lease.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { freePort } from '../support/free-port.ts';
import { publishedVersion } from '../support/poll.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { changedShards, createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, takeLease, updateOf } from '../support/tiny-run.ts';
import { type HeapWatch, watchHeap } from '../support/watch-heap.ts';

/** An isolate has 128 MB on Cloudflare. Garbage counts here too, and on a busy machine more of it lies about: up to 105 MB. */
const MOST_BYTES = 120_000_000;

let platform: TestPlatform;
let heap: HeapWatch;

async function start(withoutR2: boolean): Promise<void> {
  const inspectorPort = await freePort();
  platform = new TestPlatform({}, { inspectorPort, withoutR2 });
  await platform.start();
  heap = await watchHeap(inspectorPort);
}
afterEach(async () => {
  heap.end();
  await platform.remove();
});

/** 32 MB an update in f32, and 64 MB of sums. */
const large = createTinyModel([8_000, 1_000]);
const codec = { name: 'f32' } as const;
const change = (_: string, i: number): number => (i % 5) / 8;

const strange = new Uint8Array(1_000_000);

/** Begins an upload of a large update, and sends no more than a few bytes of it. Returns how to let go of it. */
function sendSlowly(run: string, { id, token }: Lease, bytes: number): () => void {
  const headers = { authorization: `Bearer ${token}`, 'content-length': bytes };
  const call = request(platform.client.origin + paths.update(run, id), { method: 'PUT', headers });
  call.on('error', () => {});
  call.write(new Uint8Array(1));
  const timer = setInterval(() => call.write(new Uint8Array(1)), 1_000);
  return () => {
    clearInterval(timer);
    call.destroy();
  };
}

test.each([
  ['R2', false],
  ['objects', true],
])(
  'the Worker and its objects stay below 120 MB while large updates come into %s, at once and slowly, and are folded',
  async (_, withoutR2) => {
    await start(withoutR2);
    const { client } = platform;
    const policy = { updatesPerRound: 3, evaluators: 'referees' } as const;
    const spec = {
      plan: { name: 'conventional' },
      rounds: 1,
      aggregation: 'clipped-mean',
      codec,
      policy,
    } as const;
    const tiny = await createTinyRun(client, { model: large, spec });
    const leases: Lease[] = [];
    for (const volunteer of await joinMany(client, tiny.run, 3))
      leases.push(await takeLease(client, tiny.run, volunteer));
    const [first] = leases;
    if (!first) throw new Error('a lease');
    const slow = Array.from({ length: 200 }, () => sendSlowly(tiny.run, first, first.byteAllowance));
    const bodies = leases.map(lease => ({ lease, body: updateOf(large, lease, change, { codec }) }));
    await Promise.all(
      bodies.map(({ lease, body }) => client.putUpdate(tiny.run, lease.id, lease.token, body)),
    );
    const whileSent = heap.peakBytes;
    const { segments } = await publishedVersion(client, tiny.run, 1);
    for (const letGo of slow) letGo();
    expect(segments['segment-2']?.shards).toEqual(changedShards(large, 'segment-2', change));
    expect(heap.looks).toBeGreaterThan(100);
    // A busy machine collects the pieces that have passed late: up to 52 MB were seen, of which 9 MB were in use.
    // A shelf holds some of each upload, of the slow ones too.
    const most = (withoutR2 ? 2.5 : 2) * large.blobs.length * 1_000_000;
    expect(whileSent, 'they did not lie in memory whole').toBeLessThan(most);
    expect(heap.peakBytes).toBeLessThan(MOST_BYTES);
  },
);

test('[EVENT5] bytes that a socket sends, which no client of ours does, are freed at once', async () => {
  await start(false);
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const socket = new WebSocket(client.viewUrl(run, 0, 1));
  await new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  for (let sent = 0; sent < 2 * MOST_BYTES; sent += strange.length) {
    while (socket.bufferedAmount > 4 * strange.length) await new Promise(resolve => setTimeout(resolve, 1));
    socket.send(strange);
  }
  const answered = new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  socket.send(PING);
  await answered;
  socket.close();
  expect(heap.peakBytes).toBeLessThan(MOST_BYTES);
});
