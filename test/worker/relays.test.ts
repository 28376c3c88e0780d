import { expect, test } from 'vitest';
import { openViewSocket } from '../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { type Signal, socketCodes } from '../../shared/protocol/frames.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { editStorage } from '../support/edit-storage.ts';
import { FrameSocket } from '../support/frame-socket.ts';
import { publishedVersion, readLedger, until } from '../support/poll.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, joinRun, takeLease, train } from '../support/tiny-run.ts';
import { upgradeResponse } from '../support/upgrade-response.ts';

const platform = usePlatform();

/** Longer than workerd keeps an idle object in memory. */
const SLEEP_MS = 12_000;

const viewOf = async (client: HomeroomClient, run: string): Promise<RunView> => (await client.run(run)).view;

/** Many join at once. */
const joinTogether = (client: HomeroomClient, run: string, count: number): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, () => joinRun(client, run)));

async function expectSameView(socket: FrameSocket, run: string, from?: RunView): Promise<void> {
  const view = await viewOf(platform.client, run);
  expect(await socket.viewWhen(({ seq }) => seq >= view.seq, `event ${view.seq}`, from)).toEqual(view);
}

test('[EVENT1] what happens at once is told together, and comes to the view that the run tells of itself', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const socket = FrameSocket.ofView(client, run);
  await socket.open();
  await joinTogether(client, run, 40);
  await expectSameView(socket, run);
  expect(socket.types[0]).toBe('view');
  expect(socket.types.slice(1).filter(type => type === 'view')).toEqual([]);
  expect(socket.frames.length).toBeLessThan(30);
  socket.close();
});

test('[EVENT2] who comes back in time gets changes, and who comes from anywhere else the whole view', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  await joinMany(client, run, 3);
  const view = await viewOf(client, run);
  const [same, older, never] = [view.seq, view.seq - 1, 10_000].map(after =>
    FrameSocket.ofView(client, run, after),
  );
  if (!same || !older || !never) throw new Error('three sockets');
  for (const socket of [same, older, never])
    await until(async () => socket.frames.length > 0, 'the first frame');
  expect([same.types, older.types, never.types]).toEqual([['changes'], ['view'], ['view']]);
  await joinRun(client, run);
  await expectSameView(same, run, view);
  await expectSameView(older, run);
  await expectSameView(never, run);
  for (const socket of [same, older, never]) socket.close();
});

test('[EVENT2] after relay and coordinator slept, the sockets hear what comes next, as changes', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const [volunteer] = await joinMany(client, tiny.run, 1);
  if (!volunteer) throw new Error('one volunteer');
  const watching = FrameSocket.ofView(client, tiny.run);
  const waiting = FrameSocket.ofVolunteer(client, tiny.run, volunteer.token);
  const reading = new RawSocket(client, tiny.run, 0);
  await Promise.all([watching.open(), waiting.open(), reading.open()]);
  await expectSameView(watching, tiny.run);
  for (let sleep = 0; sleep < 2; sleep++) {
    await rest(SLEEP_MS);
    await joinRun(client, tiny.run);
    await expectSameView(watching, tiny.run);
    await client.control(tiny.run, sleep === 0 ? 'pause' : 'resume', tiny.hostKey);
    const { seq } = await viewOf(client, tiny.run);
    await until(async () => waiting.frames.at(-1)?.type === 'signal' && seqOf(waiting) >= seq, 'the signal');
    expect(await reading.upTo(seq)).toEqual(await readLedger(client, tiny.run));
  }
  // One who comes while the relay has nothing in memory.
  await rest(SLEEP_MS);
  const late = FrameSocket.ofView(client, tiny.run);
  await expectSameView(late, tiny.run);
  await joinRun(client, tiny.run);
  for (const socket of [late, watching]) await expectSameView(socket, tiny.run);
  expect(watching.types.filter(type => type === 'view')).toEqual(['view']);
  for (const socket of [watching, waiting, reading, late]) socket.close();
}, 120_000);

test('[EVENT2] a restart drops every socket, and who comes back is told again', async () => {
  const tiny = await createTinyRun(platform.client);
  const before = FrameSocket.ofView(platform.client, tiny.run);
  await expectSameView(before, tiny.run);
  await platform.restart();
  await before.closed;
  const view = await viewOf(platform.client, tiny.run);
  const after = FrameSocket.ofView(platform.client, tiny.run, view.seq);
  await after.open();
  await joinRun(platform.client, tiny.run);
  await expectSameView(after, tiny.run, view);
  after.close();
});

test('[EVENT3] six hundred sockets spread over several relays, and each hears of everything', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const sockets: FrameSocket[] = [];
  for (let i = 0; i < 12; i++) {
    const some = Array.from({ length: 50 }, () => FrameSocket.ofView(client, tiny.run));
    sockets.push(...some);
    await Promise.all(some.map(socket => socket.open()));
  }
  await joinRun(client, tiny.run);
  const { seq } = await viewOf(client, tiny.run);
  for (const socket of sockets) await socket.viewWhen(view => view.seq === seq, 'the join');
  for (const socket of sockets) socket.close();
  const sizes = relaysOf(tiny.run);
  expect(sizes.length).toBeGreaterThanOrEqual(2);
}, 120_000);

test('[EVENT4] a volunteer hears of the phase, of versions and of what may bring work, and of nothing else', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const pair = await joinMany(client, tiny.run, 2);
  const [first] = pair;
  if (!first) throw new Error('two volunteers');
  const socket = FrameSocket.ofVolunteer(client, tiny.run, first.token);
  await socket.open();
  for (const volunteer of pair) await train(client, tiny, volunteer, () => 0.25);
  await publishedVersion(client, tiny.run, 1);
  // [CLOSE5] Nobody judges version 1 here.
  await client.control(tiny.run, 'finish-now', tiny.hostKey);
  const signals = await until(async () => {
    const heard = socket.frames.flatMap(frame => (frame.type === 'signal' ? [frame] : []));
    return heard.at(-1)?.phase === 'finished' && heard;
  }, 'the end');
  expect(socket.types).toEqual(signals.map(() => 'signal'));
  expect(signals.find(({ version }) => version === 1)).toMatchObject({ allServed: true, joined: 2 });
  const wakes = signals.flatMap(signal => signal.wakes);
  expect(wakes).toContain('version-published');
  expect(wakes).toContain('run-finished');
  for (const signal of signals) expect(JSON.stringify(signal).length).toBeLessThan(300);
  for (const [i, { phase, version, wakes: reasons }] of signals.slice(1).entries())
    expect([phase, version, reasons.length > 0], `signal ${i + 1} says something`).not.toEqual([
      ...[signals[i]?.phase, signals[i]?.version],
      false,
    ]);
  socket.close();
});

test('[EVENT4] a volunteer token that is not of this run opens no socket', async () => {
  const { client } = platform;
  const [mine, other] = [await createTinyRun(client), await createTinyRun(client)];
  const { token } = await joinRun(client, other.run);
  for (const wrong of [token, 'no.token.atall', ''])
    expect(
      await upgradeResponse(client, `${paths.events(mine.run)}?frames=1`, {
        'sec-websocket-protocol': `homeroom.volunteer, ${wrong}`,
      }),
    ).toContain('"reason":"unauthorised"');
});

test('[EVENT4] a page of the release before frames gets entries, and so does who comes from beyond the end, a reason', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  await joinMany(client, run, 3);
  const ledger = await readLedger(client, run);
  const old = new WebSocket(`${client.origin.replace('http', 'ws')}${paths.events(run)}?after=1`);
  const message = new Promise<string>(resolve =>
    old.addEventListener('message', ({ data }) => resolve(String(data))),
  );
  expect(JSON.parse(await message)).toEqual(ledger.slice(1));
  old.close();
  const beyond = new FrameSocket(client.eventsUrl(run, 1_000));
  expect(await beyond.closed).toEqual([socketCodes.beyondEnd, 'after 1000: the ledger ends at 4']);
});

test('[EVENT6] [LEASE16] a coordinator that has slept is told who is here, and wakes only some of a crowd', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const crowd = await joinMany(client, run, 20);
  const [first, second, ...others] = crowd;
  if (!first || !second) throw new Error('twenty volunteers');
  const sockets = crowd.map(({ token }) => FrameSocket.ofVolunteer(client, run, token));
  await Promise.all(sockets.map(socket => socket.open()));
  const lease = await takeLease(client, run, first);
  await rest(SLEEP_MS);
  await takeLease(client, run, second);
  // The relays are told, and tell, once a second at most.
  await rest(3_000);
  await client.release(run, lease.id, first.token, 'enough');
  for (const volunteer of others.slice(0, 9)) {
    const taken = await takeLease(client, run, volunteer);
    await client.release(run, taken.id, volunteer.token, 'enough');
    await rest(500);
  }
  // Ten times, of the nineteen who wait, about four. All would be two hundred.
  const woken = sockets.flatMap(signalsOf).filter(({ wakes }) => wakes.includes('lease-ended'));
  expect(woken.length).toBeGreaterThan(0);
  expect(woken.length).toBeLessThan(120);
  expect(new Set(woken.map(({ chance }) => chance))).toEqual(new Set([1]));
  for (const socket of sockets) socket.close();
}, 60_000);

const signalsOf = (socket?: FrameSocket): Signal[] =>
  (socket?.frames ?? []).flatMap(frame => (frame.type === 'signal' ? [frame] : []));

test('the client follows the view through it all', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const { view } = await client.run(run);
  let seen = view;
  let named: string[] = [];
  const socket = openViewSocket(client, run, view, (next, { latest }) => {
    seen = next;
    named = [...named, ...latest.map(({ event }) => event.type)];
  });
  await joinTogether(client, run, 20);
  const last = await viewOf(client, run);
  await until(async () => seen.seq === last.seq, 'the last event');
  expect(seen).toEqual(last);
  expect(named).toContain('volunteer-joined');
  socket.close();
});

const seqOf = ({ frames }: FrameSocket): number => {
  const last = frames.at(-1);
  return last?.type === 'signal' ? last.seq : 0;
};

/** The slots of a run's relays that have had sockets. */
function relaysOf(run: string): number[] {
  const rows = editStorage(platform.folder, 'relays', database => {
    const row = database.prepare("SELECT json FROM relay WHERE name = 'address'").get();
    return JSON.parse(String(row?.json));
  });
  return rows.filter(address => address.run === run).map(({ slot }) => slot);
}
