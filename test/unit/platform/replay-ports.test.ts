import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { replayPorts } from '../../../client/platform/replay-ports.ts';
import { retryForAWhile } from '../../../client/platform/retry-for-a-while.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { MemorySums } from '../../support/memory-sums.ts';

const limits = { ...timeLimits, callRetry: { first: [1, 2], last: [3, 4] }, personMs: 20 } as const;

let server: Server;
let client: HomeroomClient;
let calls = 0;

/** A platform that is busy, and counts how often it says so. */
beforeEach(async () => {
  calls = 0;
  server = createServer((_, response) => {
    calls += 1;
    response.writeHead(503).end(JSON.stringify({ error: { reason: 'busy', text: `call ${calls}` } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  client = new HomeroomClient(`http://127.0.0.1:${port}`, { limits });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const portsOf = (signal?: AbortSignal) => {
  const sums = new MemorySums();
  // Nothing but the run's name is asked for.
  const info = { run: 'abcdef' } as RunInfo;
  return replayPorts(client, info, role => sums.of(role), signal);
};

test('a replay asks six times, and says what came of the last one', async () => {
  await expect(portsOf().blob('0'.repeat(64))).rejects.toThrow('call 6');
  expect(calls).toBe(6);
});

test('a replay that is ended while it waits throws what ended it', async () => {
  const end = new AbortController();
  const reading = portsOf(end.signal).blob('0'.repeat(64));
  setTimeout(() => end.abort(new Error('enough')), 3);
  await expect(reading).rejects.toThrow('enough');
});

test('a person who waits hears what came of the last attempt', async () => {
  const heard: string[] = [];
  const asked = retryForAWhile(
    limits,
    () => client.listRuns(),
    ({ message }) => heard.push(message),
  );
  const error = await asked.catch(caught => caught);
  expect(error.message).toBe(`call ${calls}`);
  expect(heard).toEqual(Array.from({ length: heard.length }, (_, i) => `call ${i + 1}`));
});
