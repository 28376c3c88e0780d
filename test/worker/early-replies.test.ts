import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { RefusedError } from '../../client/platform/call-platform.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, takeLease, updateOf } from '../support/tiny-run.ts';

/**
 * The platform often knows its reply before a large body has come. Over HTTP/1.1 whoever sends must get to read it: a
 * connection that broke says nothing, and the same bytes would be sent again and again.
 */
const platform = usePlatform();

/** An update of 4 MB in f32. */
const large = createTinyModel([1_000, 1_000]);
const codec = { name: 'f32' } as const;

async function largeUpdate() {
  const { client } = platform;
  const spec = { plan: { name: 'conventional' }, codec, policy: { updatesPerRound: 2 } } as const;
  const { run, hostKey } = await createTinyRun(client, { model: large, spec });
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('a volunteer');
  const lease = await takeLease(client, run, volunteer);
  return { run, hostKey, lease, body: updateOf(large, lease, () => 0.25, { codec }) };
}

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'accepted',
    (error: unknown) => (error instanceof RefusedError ? error.reason : error),
  );

test('uploads whose token is forged are told so, however long their bodies are', async () => {
  const { client } = platform;
  const { run, lease, body } = await largeUpdate();
  const sends = Array.from({ length: 8 }, () => reasonOf(client.putUpdate(run, lease.id, 'forged', body)));
  expect(new Set(await Promise.all(sends))).toEqual(new Set(['unauthorised']));
});

test('a blob that is too long is told so', async () => {
  const { client } = platform;
  const long = new Uint8Array(20_000_000);
  expect(await reasonOf(client.putBlob('0'.repeat(64), long))).toBe('too-large');
});

test.each([
  ['a lease of a run that has ended', (token: string) => token, { status: 409, reason: 'run-not-open' }],
  ['a forged lease', () => 'forged', { status: 401, reason: 'unauthorised' }],
])('whoever sends a large update of %s slowly, and reads last, hears why', async (_, tokenOf, reply) => {
  const { client } = platform;
  const { run, hostKey, lease, body } = await largeUpdate();
  await client.control(run, 'finish', hostKey);
  expect(await sendInPieces(paths.update(run, lease.id), tokenOf(lease.token), body, 6, 500)).toEqual(reply);
});

/** Sends a body in so many pieces, a while apart, and reads the reply only when all is sent: so do browsers. */
async function sendInPieces(path: string, token: string, body: Uint8Array, pieces: number, apartMs: number) {
  const { hostname, port } = new URL(platform.client.origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`PUT ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\n`);
  socket.write(`connection: close\r\ncontent-length: ${body.length}\r\n\r\n`);
  const size = Math.ceil(body.length / pieces);
  for (let piece = 0; piece < pieces; piece++) {
    const sent = body.subarray(piece * size, (piece + 1) * size);
    await new Promise<void>((resolve, reject) =>
      socket.write(sent, error => (error ? reject(error) : resolve())),
    );
    await new Promise(resolve => setTimeout(resolve, apartMs));
  }
  const [head = '', text = ''] = Buffer.concat(await socket.toArray())
    .toString()
    .split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    reason: refusalBodySchema.parse(JSON.parse(text)).error.reason,
  };
}
