import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  callPlatform,
  callRepeatable,
  isPassing,
  UnreachableError,
} from '../../../client/platform/call-platform.ts';

let server: Server;
afterEach(() => server.close());

/** A server that hangs up on its first connections as soon as something comes, and answers the next. */
async function listen(hangUps: number): Promise<{ url: string; connections: () => number }> {
  let count = 0;
  server = createServer((socket: Socket) => {
    const isHangUp = ++count <= hangUps;
    socket.on('error', () => {});
    socket.once('data', () =>
      isHangUp
        ? socket.resetAndDestroy()
        : socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 4\r\n\r\nhere'),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  return { url: `http://127.0.0.1:${port}`, connections: () => count };
}

const put = { method: 'PUT', body: new Uint8Array(4) };
const readText = (response: Response): Promise<string> => response.text();

test('a call that may be repeated is sent again where the connection broke before an answer', async () => {
  const { url, connections } = await listen(2);
  expect(await callRepeatable(url, put, readText)).toBe('here');
  expect(connections()).toBe(3);
});

test('it is not sent for ever: the third broken connection is the last', async () => {
  const { url, connections } = await listen(9);
  const error = await callRepeatable(url, put, readText).catch(caught => caught);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(isPassing(error)).toBe(true);
  expect(connections()).toBe(3);
});

test('any other call is sent once', async () => {
  const { url, connections } = await listen(1);
  await expect(callPlatform(url, put, readText)).rejects.toBeInstanceOf(UnreachableError);
  expect(connections()).toBe(1);
});

test('an aborted call is not sent again', async () => {
  const { url, connections } = await listen(0);
  await expect(
    callRepeatable(url, { ...put, signal: AbortSignal.abort(new Error('enough')) }, readText),
  ).rejects.toThrow('enough');
  expect(connections()).toBe(0);
});

test.each([
  [429, true],
  [408, true],
  [502, true],
  [404, false],
  [403, false],
])('a response with status %i that is not of the platform passes: %s', async (status, isOver) => {
  server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', () =>
      socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 4\r\n\r\n<no>`),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  const error = await callPlatform(`http://127.0.0.1:${port}`, {}, readText).catch(caught => caught);
  expect(isPassing(error)).toBe(isOver);
});
