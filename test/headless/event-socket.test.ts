import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EventSocket, openEventSocket } from '../../client/platform/event-socket.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { rest } from '../../client/platform/rest.ts';
import { timeLimits } from '../../client/platform/time-limits.ts';
import type { RunEvent } from '../../shared/protocol/events.ts';
import { FaultyLink } from '../support/faulty-link.ts';
import { boundMs } from '../support/patience.ts';
import { readLedger, until } from '../support/poll.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

const platform = usePlatform();
const PING_MS = 100;
/** Two tests wait for this; a platform that is only slow has to reply in less. */
const GIVE_UP_MS = boundMs(500);

let link: FaultyLink;
let client: HomeroomClient;
let heard: RunEvent[];
let connections: boolean[];
let socket: EventSocket | null;

beforeEach(async () => {
  link = new FaultyLink(platform.client.origin);
  const socketRetry = { first: [10, 20], last: [25, 50] } as const;
  const limits = {
    ...timeLimits,
    socketOpenMs: GIVE_UP_MS,
    pingMs: PING_MS,
    pongMs: GIVE_UP_MS,
    socketRetry,
  };
  client = new HomeroomClient(await link.open(), { limits });
  [heard, connections, socket] = [[], [], null];
});

afterEach(() => {
  socket?.close();
  link.close();
});

function follow(run: string): void {
  socket = openEventSocket(client, run, 0, events => heard.push(...events), {
    onConnected: isOn => void connections.push(isOn),
  });
}

/** Waits for the whole ledger, once and in order. */
async function expectWholeLedger(run: string): Promise<void> {
  const ledger = await readLedger(platform.client, run);
  await until(async () => heard.length >= ledger.length, 'the whole ledger');
  expect(heard).toEqual(ledger);
}

test('a socket that never opens is given up, and the next one catches up', async () => {
  const { run } = await createTinyRun(platform.client);
  link.fault = () => (link.seen.length === 1 ? 'hold' : 'pass');
  follow(run);
  await expectWholeLedger(run);
  expect(connections).toEqual([false, true]);
});

test('a socket that falls silent is noticed, and the next one catches up', async () => {
  const { run } = await createTinyRun(platform.client);
  follow(run);
  await expectWholeLedger(run);
  link.isSilent = true;
  await joinRun(platform.client, run);
  await until(async () => connections.length === 2, 'the loss of the connection');
  link.isSilent = false;
  await expectWholeLedger(run);
});

test('a socket on which nothing happens is kept, for the platform replies to its pings', async () => {
  const { run } = await createTinyRun(platform.client);
  follow(run);
  await expectWholeLedger(run);
  await rest(30 * PING_MS);
  expect(connections).toEqual([true]);
  await joinRun(platform.client, run);
  await expectWholeLedger(run);
});
