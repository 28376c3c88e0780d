import { expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import { concatBytes } from '../../shared/math/bytes.ts';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { readArchive } from '../../shared/replay/read-archive.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { archivedRound, entriesOf } from '../support/poll.ts';
import { editBucket } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, train } from '../support/tiny-run.ts';

const platform = usePlatform();
const policy = { updatesPerRound: 4, evaluators: 'referees' } as const;
const spec = { plan: { name: 'conventional' }, policy, rounds: 2 } as const;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function framed(envelope: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, envelope.length, true);
  return concatBytes([length, envelope]);
}

test('large updates that an index refers to are read in their places, and replay equal', async () => {
  const { run } = await createTinyRun(platform.client, { spec }).then(async tiny => {
    for (const [i, volunteer] of (await joinMany(platform.client, tiny.run, 4)).entries())
      await train(platform.client, tiny, volunteer, () => (i - 1) / 8);
    await archivedRound(platform.client, tiny.run, 'whole', 1);
    return tiny;
  });
  const folder = `archive/${run}/whole/1`;
  const large = (place: number): string => `envelopes/${run}/whole/1/lease${place}/x`;
  await platform.stop();
  // The first and the third become objects of their own; the others stay in a numbered one.
  await editBucket(platform.folder, async bucket => {
    const whole = await bucket.get(`${folder}/0`);
    if (!whole) throw new Error('nothing is archived');
    const all: Uint8Array[] = [];
    for await (const envelope of readArchive(once(new Uint8Array(await whole.arrayBuffer()))))
      all.push(envelope);
    const [a, b, c, d] = all;
    if (!a || !b || !c || !d) throw new Error('four updates');
    await bucket.put(large(0), a);
    await bucket.put(large(2), c);
    await bucket.put(`${folder}/0`, concatBytes([framed(b), framed(d)]));
    const index = [
      { lease: 'a', key: large(0) },
      { lease: 'b', key: `${folder}/0`, offset: 4, bytes: b.length },
      { lease: 'c', key: large(2) },
      { lease: 'd', key: `${folder}/0`, offset: 8 + b.length, bytes: d.length },
    ];
    await bucket.put(`${folder}/index`, JSON.stringify(index));
  });
  await platform.start();
  const { client } = platform;
  expect((await client.archive(run, 'whole', 1)).map(({ number }) => number)).toEqual([1, 0, 2, 0]);
  const ports = replayPorts(client, await client.run(run), role => new MemorySums().of(role));
  const hashes: string[] = [];
  for await (const envelope of ports.archives.envelopes('whole', 1)) hashes.push(sha256Hex(envelope));
  expect(hashes).toEqual((await entriesOf(client, run, 'update-accepted')).map(({ sha256 }) => sha256));
  expect(await replayRun(ports)).toMatchObject({
    matched: { first: 1, last: 1 },
    updates: 4,
    difference: null,
  });
  for (const name of ['3', 'index']) {
    const response = await fetch(`${client.origin}${paths.archive(run, 'whole', 1)}/${name}`);
    expect(response.status).toBe(404);
  }
});
