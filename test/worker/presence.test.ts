import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, test } from 'vitest';
import { openSignalSocket } from '../../client/platform/event-socket.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import { PING, socketCodes } from '../../shared/protocol/frames.ts';
import { FaultyLink } from '../support/faulty-link.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { boundMs } from '../support/patience.ts';
import { until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany } from '../support/tiny-run.ts';

const SILENCE_MS = boundMs(1_000);

const platform = usePlatform({ SOCKET_SILENCE_MS: String(SILENCE_MS) });

let close: (() => void)[] = [];
afterEach(() => {
  for (const each of close) each();
  close = [];
});

/** Whom the relays of a run have told the coordinator to be here. They are read while the platform runs. */
function here(run: string): string[] {
  const folder = join(platform.folder, 'objects/-EventRelay');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => /^[0-9a-f]{64}\.sqlite$/.test(file))
    .flatMap(file => readHere(join(folder, file), run))
    .sort();
}

function readHere(path: string, run: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = Object.fromEntries(
      database
        .prepare('SELECT name, json FROM relay')
        .all()
        .map(({ name, json }) => [String(name), JSON.parse(String(json))]),
    );
    return rows.address?.run === run ? (rows.here ?? []) : [];
  } catch {
    // Nobody has sat there yet.
    return [];
  } finally {
    database.close();
  }
}

const whenHere = (run: string, volunteers: readonly string[], limitMs?: number): Promise<unknown> =>
  until(
    async () => here(run).join() === volunteers.toSorted().join(),
    `the presence of ${volunteers.length}`,
    limitMs,
  );

/** Two volunteers with a socket each, which sends heartbeats while `beats` holds. */
async function twoHere() {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const [first, second] = await joinMany(client, run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const sockets = [first, second].map(({ token }) => FrameSocket.ofVolunteer(client, run, token));
  await Promise.all(sockets.map(socket => socket.open()));
  const [mine, other] = sockets;
  if (!mine || !other) throw new Error('two sockets');
  const beats = setInterval(() => other.socket.send(PING), SILENCE_MS / 4);
  close.push(
    () => clearInterval(beats),
    () => mine.close(),
    () => other.close(),
  );
  await whenHere(run, [first.volunteer, second.volunteer]);
  return { run, first, second, mine };
}

test('[EVENT6] who says goodbye is gone, and whoever else is here stays', async () => {
  const { run, second, mine } = await twoHere();
  mine.close();
  await whenHere(run, [second.volunteer]);
});

test('[EVENT6] who sends no heartbeat is closed with the reason, and gone; who sends them stays', async () => {
  const { run, second, mine } = await twoHere();
  expect(await mine.closed).toEqual([socketCodes.silent, 'no heartbeat came: come back']);
  await whenHere(run, [second.volunteer]);
  await rest(3 * SILENCE_MS);
  expect(here(run)).toEqual([second.volunteer]);
}, 60_000);

test('[EVENT6] a connection that breaks ends the presence after a while, but not if it comes back', async () => {
  const { run } = await createTinyRun(platform.client);
  const volunteers = await joinMany(platform.client, run, 2);
  const link = new FaultyLink(platform.client.origin);
  const limits = { ...timeLimits, pingMs: SILENCE_MS / 4 };
  const client = new HomeroomClient(await link.open(), { limits });
  const { view } = await client.run(run);
  const sockets = volunteers.map(({ token }) => openSignalSocket(client, run, token, view, () => {}));
  close.push(() => link.close(), ...sockets.map(socket => () => socket.close()));
  const both = volunteers.map(({ volunteer }) => volunteer);
  await whenHere(run, both);
  link.breakSockets();
  await rest(7_000);
  expect(here(run)).toEqual(both.toSorted());
  link.fault = () => 'hold';
  link.breakSockets();
  await whenHere(run, [], boundMs(15_000));
}, 90_000);

test('[EVENT6] who does not come back after a restart is gone, and who does is here', async () => {
  const { run, first, second } = await twoHere();
  await platform.stopAtOnce();
  await platform.start();
  const socket = FrameSocket.ofVolunteer(platform.client, run, first.token);
  await socket.open();
  const beats = setInterval(() => socket.socket.send(PING), SILENCE_MS / 4);
  close.push(
    () => clearInterval(beats),
    () => socket.close(),
  );
  expect(here(run)).toContain(second.volunteer);
  await whenHere(run, [first.volunteer], boundMs(30_000));
}, 150_000);

test('[VIEW9] people hear at once who left and when, and that somebody came back, though no entry tells of it', async () => {
  const { run, first, second, mine } = await twoHere();
  const page = FrameSocket.ofView(platform.client, run);
  close.push(() => page.close());
  const both = await page.viewWhen(({ here }) => here === 2, 'both');
  expect(both.away).toEqual({});
  const before = Date.now();
  mine.close();
  const alone = await page.viewWhen(({ here }) => here === 1, 'one to have left');
  expect(Object.keys(alone.away ?? {})).toEqual([first.volunteer]);
  expect(alone.away?.[first.volunteer]).toBeGreaterThanOrEqual(before);
  expect(alone.seq).toBe(both.seq);
  expect((await platform.client.run(run)).view).toEqual(alone);
  // [EVENT2] Whoever knew the last entry was away when the volunteer left.
  const late = FrameSocket.ofView(platform.client, run, both.seq);
  close.push(() => late.close());
  await until(async () => late.types.length > 0, 'the first frame');
  const [frame] = late.frames;
  expect(frame).toMatchObject({ type: 'changes', changes: { fields: { away: alone.away, here: 1 } } });
  const back = FrameSocket.ofVolunteer(platform.client, run, first.token);
  close.push(() => back.close());
  const again = await page.viewWhen(({ here }) => here === 2, 'the one to be back');
  expect(again.away).toEqual({});
  expect(again.volunteers[second.volunteer]).toBeDefined();
}, 60_000);

test('[LEASE18] what the volunteer of a broken connection held goes to whoever is here, and not at its deadline', async () => {
  const leaseMs = boundMs(120_000);
  const { run } = await createTinyRun(platform.client, {
    spec: { plan: { name: 'conventional' }, policy: { updatesPerRound: 1, overIssue: 1, leaseMs } },
  });
  const [held, next] = await joinMany(platform.client, run, 2);
  if (!held || !next) throw new Error('two volunteers');
  const link = new FaultyLink(platform.client.origin);
  const client = new HomeroomClient(await link.open(), { limits: { ...timeLimits, pingMs: SILENCE_MS / 4 } });
  const { view } = await client.run(run);
  const socket = openSignalSocket(client, run, held.token, view, () => {});
  close.push(
    () => link.close(),
    () => socket.close(),
  );
  await whenHere(run, [held.volunteer]);
  expect((await client.lease(run, held.token)).type).toBe('lease');
  link.fault = () => 'hold';
  link.breakSockets();
  const asks = async () => (await platform.client.lease(run, next.token)).type === 'lease';
  await until(asks, 'the task', boundMs(15_000));
}, 90_000);
