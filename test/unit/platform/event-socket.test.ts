import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openEventSocket } from '../../../client/platform/event-socket.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';
import { until } from '../../support/poll.ts';

/** RFC 6455, 1.3: what a server adds to the client's key. */
const HANDSHAKE = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Opens each socket, sends one message and closes it. Notes when each came. */
async function openBrokenPlatform(message: string) {
  const times: number[] = [];
  const server = createServer();
  server.on('upgrade', ({ headers }: IncomingMessage, socket: Socket) => {
    times.push(performance.now());
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${HANDSHAKE}`).digest('base64');
    socket.on('error', () => {});
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    // One text message, then a close of code 1000.
    const text = [0x81, message.length, ...Buffer.from(message)];
    socket.end(Buffer.from([...text, 0x88, 2, 0x03, 0xe8]));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  return { origin: `http://127.0.0.1:${port}`, times, close: () => server.close() };
}

test.each([
  ['nothing that can be read', 'garbage'],
  ['nothing new', '[]'],
])('a socket that opens, tells %s and closes is opened ever less often', async (_, message) => {
  const platform = await openBrokenPlatform(message);
  const socketRetry = { first: [10, 20], last: [5_000, 10_000] } as const;
  const limits = { ...timeLimits, socketRetry };
  const socket = openEventSocket(new HomeroomClient(platform.origin, { limits }), 'run', 0, () => {});
  const { times } = platform;
  await until(async () => times.length >= 6, 'six connections');
  socket.close();
  platform.close();
  // The fifth rest is at least 10 ms doubled four times.
  expect((times[5] ?? 0) - (times[4] ?? 0)).toBeGreaterThan(150);
});
