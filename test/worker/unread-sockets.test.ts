import { expect, test } from 'vitest';
import { rest } from '../../client/platform/rest.ts';
import { socketCodes } from '../../shared/protocol/frames.ts';
import { editStorage } from '../support/edit-storage.ts';
import { until } from '../support/poll.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, type TinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

test('[EVENT5] who confirms nothing gets a page and no more; a page of an older release is dropped and comes back', async () => {
  const tiny = await createTinyRun(platform.client);
  await fillLedger(tiny, 3_000);
  const { client } = platform;
  const { last } = await client.ledger(tiny.run, 0);
  const url = client.eventsUrl(tiny.run, 0);
  const modern = new WebSocket(url);
  let [heard, token] = [0, ''];
  modern.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data));
    if (Array.isArray(message)) heard += message.length;
    else token = message.token;
  });
  await until(async () => token !== '', 'the question');
  await rest(1_000);
  expect(heard).toBe(1_000);
  modern.send(JSON.stringify({ type: 'ack', token: 'another' }));
  while (heard < last) {
    const before = heard;
    modern.send(JSON.stringify({ type: 'ack', token }));
    await until(async () => heard > before, 'the next page');
    await rest(100);
  }
  modern.close();
  const old = await readAsOld(url.replace('entries=1&', ''));
  expect(old).toMatchObject({ code: socketCodes.behind, reason: 'too much was not read: come back' });
  expect(old.seq).toBeLessThan(last);
  const rest2 = new RawSocket(client, tiny.run, old.seq);
  expect((await rest2.upTo(last)).length).toBe(last - old.seq);
  rest2.close();
}, 60_000);

test('[EVENT5] of many who read nothing in a quiet run those who are furthest behind are dropped', async () => {
  const tiny = await createTinyRun(platform.client);
  await fillLedger(tiny, 3_000);
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
