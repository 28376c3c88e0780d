import { expect, test } from 'vitest';
import { openEventSocket } from '../../client/platform/event-socket.ts';
import type { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import type { RunEvent } from '../../shared/protocol/events.ts';
import { paths } from '../../shared/protocol/paths.ts';
import type { RunView } from '../../shared/protocol/run-view.ts';
import { publishedVersion, readLedger, until } from '../support/poll.ts';
import { rawPut, responseOf } from '../support/raw-put.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { shownOf } from '../support/shown-of.ts';
import { usePlatform } from '../support/test-platform.ts';
import {
  createTinyRun,
  joinMany,
  joinRun,
  type TinyRun,
  type TinyVolunteer,
  takeLease,
  train,
} from '../support/tiny-run.ts';
import { upgradeResponse } from '../support/upgrade-response.ts';

/** Entries of the ledger in one response. */
const PAGE = 1_000;

const platform = usePlatform();

test('the ledger counts from one without a gap, and so does the socket, live', async () => {
  const { client } = platform;
  const { socket, tiny } = await watchedRun(client);
  await playRound(client, tiny, await joinMany(client, tiny.run, 2));
  const ledger = await readLedger(client, tiny.run);
  expect(ledger.map(({ seq }) => seq)).toEqual(ledger.map((_, i) => i + 1));
  expect(await socket.upTo(ledger.length)).toEqual(ledger);
  expect(socket.messages.length).toBeGreaterThan(1);
  socket.close();
});

test('a socket opened after event n tells exactly what came later, then what comes', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  await playRound(client, tiny, await joinMany(client, tiny.run, 2));
  const before = await readLedger(client, tiny.run);
  const middle = Math.floor(before.length / 2);
  const socket = new RawSocket(client, tiny.run, middle);
  expect(await socket.upTo(before.length)).toEqual(before.slice(middle));
  await client.control(tiny.run, 'pause', tiny.hostKey);
  const last = await socket.upTo(before.length + 1);
  expect(last.at(-1)).toMatchObject({ seq: before.length + 1, event: { type: 'run-paused' } });
  socket.close();
});

test('who was away for a while comes back to what was missed, and to nothing twice', async () => {
  const { client } = platform;
  const { socket, tiny } = await watchedRun(client);
  const pair = await joinMany(client, tiny.run, 2);
  await playRound(client, tiny, pair);
  const seen = await socket.upTo((await readLedger(client, tiny.run)).length);
  socket.close();
  await playRound(client, tiny, pair, 2);
  const later = new RawSocket(client, tiny.run, seen.at(-1)?.seq ?? 0);
  const ledger = await readLedger(client, tiny.run);
  expect([...seen, ...(await later.upTo(ledger.length))]).toEqual(ledger);
  later.close();
});

test('every watcher is told everything, and one that left troubles no other', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const sockets = Array.from({ length: 4 }, () => new RawSocket(client, tiny.run, 0));
  await Promise.all(sockets.map(socket => socket.open()));
  sockets.shift()?.close();
  await playRound(client, tiny, await joinMany(client, tiny.run, 2));
  const ledger = await readLedger(client, tiny.run);
  for (const socket of sockets) {
    expect(await socket.upTo(ledger.length)).toEqual(ledger);
    socket.close();
  }
});

test('a watcher that connects while much happens misses nothing and hears nothing twice', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const busy = joinMany(client, tiny.run, 40);
  const sockets: RawSocket[] = [];
  for (let i = 0; i < 5; i++) {
    const socket = new RawSocket(client, tiny.run, 0);
    await socket.open();
    sockets.push(socket);
  }
  await busy;
  const ledger = await readLedger(client, tiny.run);
  for (const socket of sockets) {
    expect(await socket.upTo(ledger.length)).toEqual(ledger);
    socket.close();
  }
});

/** [VIEW9] Who is here does not follow from the ledger. */
const withoutPresence = ({ away: _, here: __, ...view }: RunView): RunView => view;

test('[VIEW1] folding all events gives the view that the run tells of itself, in the middle and at the end', async () => {
  const { client } = platform;
  const tiny = await createTinyRun(client);
  const foldedView = async () => shownOf(await readLedger(client, tiny.run));
  const toldView = async () => withoutPresence((await client.run(tiny.run)).view);
  const [first, second] = await joinMany(client, tiny.run, 2);
  if (!first || !second) throw new Error('two volunteers');
  const lease = await takeLease(client, tiny.run, first);
  await rawPut(client, paths.update(tiny.run, lease.id), Uint8Array.of(1), { token: lease.token });
  await takeLease(client, tiny.run, second);
  expect(await toldView()).toEqual(await foldedView());
  for (const volunteer of [first, second]) await train(client, tiny, volunteer, () => 0.25);
  await publishedVersion(client, tiny.run, 1);
  // [CLOSE5] Nobody judges version 1 here.
  await client.control(tiny.run, 'finish-now', tiny.hostKey);
  const view = await toldView();
  expect(view).toEqual(await foldedView());
  expect(view).toMatchObject({ phase: 'finished', why: 'host', accepted: 2, refused: 1, version: 1 });
});

test('a ledger of more than a page comes in pages, by socket as well, and outlives a restart', async () => {
  const tiny = await createTinyRun(platform.client);
  // Whoever has a key need not wait for its turn.
  for (let i = 0; i < PAGE / 20 + 1; i++)
    await Promise.all(Array.from({ length: 20 }, () => joinRun(platform.client, tiny.run, {}, tiny.hostKey)));
  const page = await platform.client.ledger(tiny.run, 0);
  expect(page.events).toHaveLength(PAGE);
  expect(page.last).toBeGreaterThan(PAGE);
  const ledger = await readLedger(platform.client, tiny.run);
  expect(ledger.map(({ seq }) => seq)).toEqual(Array.from({ length: page.last }, (_, i) => i + 1));
  await platform.restart();
  const heard: RunEvent[] = [];
  const socket = openEventSocket(platform.client, tiny.run, 0, events => void heard.push(...events));
  await until(async () => heard.length >= page.last, 'the whole ledger');
  expect(heard).toEqual(ledger);
  socket.close();
  expect(withoutPresence((await platform.client.run(tiny.run)).view)).toEqual(shownOf(ledger));
});

test('a listener that says goodbye hears it back, and so keeps no process waiting', async () => {
  const { client } = platform;
  const { run } = await createTinyRun(client);
  const socket = new WebSocket(client.eventsUrl(run, 0));
  await new Promise(resolve => socket.addEventListener('message', resolve, { once: true }));
  const closed = new Promise<CloseEvent>(resolve => socket.addEventListener('close', resolve));
  socket.close();
  expect((await closed).wasClean).toBe(true);
});

test('events of no run, and a request that is no WebSocket, are refused', async () => {
  const { client } = platform;
  await expect(new RawSocket(client, 'nosuchrun3', 0).open()).rejects.toThrow('refused');
  expect(await upgradeResponse(client, paths.events('nosuchrun3'))).toContain('"reason":"not-found"');
  const { run } = await createTinyRun(client);
  expect(await responseOf(await fetch(client.origin + paths.events(run)))).toMatchObject({
    status: 400,
    reason: 'malformed',
  });
  for (const after of ['-1', 'x', '1.5', '1e400', '9007199254740993']) {
    expect(await upgradeResponse(client, `${paths.events(run)}?after=${after}`)).toContain(
      '"reason":"malformed"',
    );
    expect(
      await responseOf(await fetch(`${client.origin}${paths.ledger(run)}?after=${after}`)),
    ).toMatchObject({
      status: 400,
      reason: 'malformed',
    });
  }
});

async function watchedRun(client: HomeroomClient) {
  const tiny = await createTinyRun(client);
  const socket = new RawSocket(client, tiny.run, 0);
  await socket.open();
  return { tiny, socket };
}

/** These two train, which makes this version. */
async function playRound(
  client: HomeroomClient,
  tiny: TinyRun,
  volunteers: readonly TinyVolunteer[],
  version = 1,
): Promise<void> {
  for (const volunteer of volunteers) await train(client, tiny, volunteer, () => 0.25);
  await publishedVersion(client, tiny.run, version);
}
