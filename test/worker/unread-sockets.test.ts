import { expect, test } from 'vitest';
import { openEventSocket } from '../../client/platform/event-socket.ts';
import { rest } from '../../client/platform/rest.ts';
import type { RunEvent } from '../../shared/protocol/events.ts';
import { socketCodes } from '../../shared/protocol/frames.ts';
import { editStorage } from '../support/edit-storage.ts';
import { until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun, type TinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

test('[EVENT5] a socket brings a page of the ledger and no more, says so, and one that comes back gets the next', async () => {
  const tiny = await createTinyRun(platform.client);
  await fillLedger(tiny, 3_000);
  const { client } = platform;
  const { last } = await client.ledger(tiny.run, 0);
  const url = client.eventsUrl(tiny.run, 0);
  const modern = new WebSocket(url);
  const said: unknown[] = [];
  let heard = 0;
  modern.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (Array.isArray(message)) heard += message.length;
    else said.push(message);
  });
  await new Promise(resolve => modern.addEventListener('close', resolve, { once: true }));
  expect(heard).toBe(1_000);
  expect(said).toContainEqual({
    ...{ type: 'bye', code: socketCodes.readOn, reason: 'read the ledger after 1000, then come back' },
  });
  // A page of a release before frames is told by the code alone.
  const old = await readAsOld(url.replace('entries=1&', ''));
  expect(old).toMatchObject({ seq: 1_000, code: socketCodes.readOn });
  expect((await readAsOld(client.eventsUrl(tiny.run, old.seq).replace('entries=1&', ''))).seq).toBe(2_000);
  const events: RunEvent[] = [];
  const follower = openEventSocket(client, tiny.run, 0, more => void events.push(...more));
  await until(async () => events.length >= last, 'the whole ledger');
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: last }, (_, n) => n + 1));
  await joinRun(client, tiny.run);
  await until(async () => events.length > last, 'what happens then');
  follower.close();
}, 60_000);

test('[EVENT5] of many who read nothing in a quiet run those who are furthest behind are dropped', async () => {
  const tiny = await createTinyRun(platform.client);
  await fillLedger(tiny, 1_000);
  const { client } = platform;
  // Each gets a page of two megabytes, and all together may have 32 of them unread.
  const sockets = Array.from({ length: 30 }, () => new WebSocket(client.eventsUrl(tiny.run, 0)));
  const codes: number[] = [];
  for (const socket of sockets)
    socket.addEventListener('message', ({ data }) => {
      const { type, code } = JSON.parse(String(data));
      if (type === 'bye') codes.push(code);
    });
  await until(async () => codes.length >= 14, 'the relay to drop those beyond its memory');
  expect(new Set(codes)).toEqual(new Set([socketCodes.behind]));
  await rest(1_000);
  expect(codes.length).toBeLessThan(20);
  for (const socket of sockets) socket.close();
}, 60_000);

/** Entries of two kilobytes, as if they had been written. */
async function fillLedger({ run }: TinyRun, count: number): Promise<void> {
  await platform.stop();
  editStorage(platform.folder, 'coordinators', database => {
    const { json } = database.prepare("SELECT json FROM item WHERE kind = 'identity'").get() ?? {};
    if (JSON.parse(String(json)).run !== run) return;
    const insert = database.prepare('INSERT INTO ledger (seq, at, json) VALUES (?, ?, ?)');
    const joined = { type: 'volunteer-joined', name: 'x'.repeat(2_000), backend: 'cpu', referee: false };
    for (let seq = 2; seq <= count; seq++)
      insert.run(seq, 1, JSON.stringify({ ...joined, volunteer: `volunteer${seq}` }));
  });
  await platform.start();
}

/** Reads until it is dropped. */
async function readAsOld(url: string): Promise<{ seq: number; code: number; reason: string }> {
  const socket = new WebSocket(url);
  let seq = 0;
  socket.addEventListener('message', ({ data }) => {
    seq = JSON.parse(String(data)).at(-1).seq;
  });
  return new Promise(resolve =>
    socket.addEventListener('close', ({ code, reason }) => resolve({ seq, code, reason })),
  );
}
