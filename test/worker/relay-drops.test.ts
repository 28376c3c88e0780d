import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { socketCodes, VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import { startBarePlatform } from '../support/bare-platform.ts';
import { entriesOf, until } from '../support/poll.ts';
import { createTinyRun, joinMany, takeLease } from '../support/tiny-run.ts';

let miniflare: Miniflare;

beforeAll(async () => {
  miniflare = await startBarePlatform();
});
afterAll(() => miniflare.dispose());

interface Relay {
  tell(batch: unknown): Promise<{ readonly sockets: number }>;
}

/** A relay as its coordinator reaches it. */
async function relayOf(run: string): Promise<Relay> {
  const relays = await miniflare.getDurableObjectNamespace('RELAYS');
  return relays.get(relays.idFromName(`${run}/0`)) as unknown as Relay;
}

test('[EVENT6] a volunteer whose socket is dropped because it reads nothing is gone, and its place is free', async () => {
  const client = new HomeroomClient((await miniflare.ready).origin);
  const { run } = await createTinyRun(client);
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const lease = await takeLease(client, run, volunteer);
  // It confirms nothing.
  const socket = new WebSocket(client.signalUrl(run, 1), [VOLUNTEER_PROTOCOL, volunteer.token]);
  const dropped = new Promise<number>(resolve =>
    socket.addEventListener('message', ({ data }) => {
      const { type, code } = JSON.parse(String(data));
      if (type === 'bye') resolve(code);
    }),
  );
  await new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  const relay = await relayOf(run);
  const { view } = await client.run(run);
  // Signals are short. It would take a busy run some minutes to send as much.
  const long = { type: 'signal', seq: view.seq, wakes: ['x'.repeat(40_000)] };
  for (let seq = view.seq; seq < view.seq + 4; seq++) {
    const changes = { seq: seq + 1, fields: {}, volunteers: [], unlisted: [] };
    const batch = { changes: { ...changes, rounds: [], leftOut: [], refusals: [] } };
    await relay.tell({ ...batch, from: seq, news: { latest: [], names: {} }, signal: long });
  }
  expect(await dropped).toBe(socketCodes.behind);
  const freed = await until(
    async () => (await entriesOf(client, run, 'place-freed')).at(0),
    'its place to be free',
  );
  expect(freed).toMatchObject({ lease: lease.id, why: 'gone' });
}, 60_000);
