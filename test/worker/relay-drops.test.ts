import type { Miniflare } from 'miniflare';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { socketCodes, VOLUNTEER_PROTOCOL } from '../../shared/protocol/frames.ts';
import { startBarePlatform } from '../support/bare-platform.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { entriesOf, until } from '../support/poll.ts';
import { createTinyRun, joinMany, takeLease } from '../support/tiny-run.ts';

let miniflare: Miniflare;

let client: HomeroomClient;

beforeAll(async () => {
  miniflare = await startBarePlatform();
  client = new HomeroomClient((await miniflare.ready).origin);
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

/** Tells the relay of the next events, in words so long that a busy run would take minutes to send as much. */
async function tellMuch(run: string, batches: number, long: { fields?: object; wakes?: string[] }) {
  const relay = await relayOf(run);
  const { seq: first } = (await client.run(run)).view;
  const lists = { volunteers: [], unlisted: [], rounds: [], leftOut: [], refusals: [] };
  for (let seq = first; seq < first + batches; seq++)
    await relay.tell({
      from: seq,
      changes: { seq: seq + 1, fields: long.fields ?? {}, ...lists },
      news: { latest: [], names: {} },
      signal: { type: 'signal', seq, wakes: long.wakes ?? [], chance: 1 },
    });
}

/** A socket that reads and confirms nothing. @returns the code with which it is dropped */
async function openSilent(url: string, protocols: string[] = []) {
  const socket = new WebSocket(url, protocols);
  const dropped = new Promise<number>(resolve =>
    socket.addEventListener('message', ({ data }) => {
      const { type, code } = JSON.parse(String(data));
      if (type === 'bye') resolve(code);
    }),
  );
  await new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  return { dropped };
}

test('[EVENT6] a volunteer whose socket is dropped because it reads nothing is gone, and its place is free', async () => {
  const { run } = await createTinyRun(client);
  const [volunteer] = await joinMany(client, run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const lease = await takeLease(client, run, volunteer);
  const url = client.signalUrl(run, 1);
  const { dropped } = await openSilent(url, [VOLUNTEER_PROTOCOL, volunteer.token]);
  await tellMuch(run, 4, { wakes: ['x'.repeat(40_000)] });
  expect(await dropped).toBe(socketCodes.behind);
  const freed = await until(
    async () => (await entriesOf(client, run, 'place-freed')).at(0),
    'its place to be free',
  );
  expect(freed).toMatchObject({ lease: lease.id, why: 'gone' });
}, 60_000);

test('[EVENT5] a page that reads nothing is dropped once a few views are unread, and one that confirms stays', async () => {
  const { run } = await createTinyRun(client);
  const { view } = await client.run(run);
  const reading = FrameSocket.ofView(client, run);
  await reading.open();
  const { dropped } = await openSilent(client.viewUrl(run, 0, 1));
  await tellMuch(run, 8, { fields: { whyDetail: 'x'.repeat(40_000) } });
  expect(await dropped).toBe(socketCodes.behind);
  await reading.viewWhen(({ seq }) => seq === view.seq + 8, 'all of it');
  expect(reading.types).not.toContain('bye');
  reading.close();
}, 60_000);
