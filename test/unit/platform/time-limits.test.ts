import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { callPlatform, isPassing, UnreachableError } from '../../../client/platform/call-platform.ts';
import { replyLimitMs, timeLimits } from '../../../client/platform/time-limits.ts';

let server: Server;
afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

/** @returns its URL */
async function serve(handle: RequestListener): Promise<string> {
  server = createServer(handle);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const limits = { ...timeLimits, replyMs: 400 };
const readText = (response: Response): Promise<string> => response.text();

/** Replies in so many pieces, one each `everyMs`; then nothing more comes, or the end. */
const inPieces =
  (pieces: number, everyMs: number, end: 'ends' | 'hangs'): RequestListener =>
  (request, response) => {
    request.resume();
    let sent = 0;
    const timer = setInterval(() => {
      if (sent++ < pieces) return void response.write('.');
      clearInterval(timer);
      if (end === 'ends') response.end();
    }, everyMs);
  };

async function failureOf(url: string): Promise<Error> {
  const error = await callPlatform(url, {}, readText, limits).catch(caught => caught);
  expect(error).toBeInstanceOf(UnreachableError);
  expect(isPassing(error)).toBe(true);
  return error;
}

test('a platform that never replies is given up in time, which is passing, and the message says so', async () => {
  const url = await serve(() => {});
  expect((await failureOf(url)).message).toBe(`${url} has not replied for 0.4 s`);
});

test('a reply that stops in the middle is given up as well', async () => {
  const url = await serve(inPieces(2, 50, 'hangs'));
  expect((await failureOf(url)).message).toContain('has not replied for 0.4 s');
});

/** A server that writes a piece whenever it is told to. */
async function servePieces(): Promise<{ url: string; write: () => void; end: () => void }> {
  let [write, end] = [() => {}, () => {}];
  const url = await serve((_, response) => {
    [write, end] = [() => void response.write('.'), () => void response.end()];
    write();
  });
  return { url, write: () => write(), end: () => end() };
}

test('a slow line is not cut off while it moves, however long the whole reply takes', async () => {
  const { url, write, end } = await servePieces();
  // Only the limit's own timer stands still, so a busy machine is never too slow for it.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const readSlowly = async ({ body }: Response): Promise<number> => {
    let pieces = 0;
    for await (const _ of body ?? []) {
      vi.advanceTimersByTime(0.8 * limits.replyMs);
      if (++pieces < 10) write();
      else end();
    }
    return pieces;
  };
  expect(await callPlatform(url, {}, readSlowly, limits)).toBe(10);
});

test('an upload has as much more time as its size needs on the slowest line', async () => {
  expect(replyLimitMs({ ...timeLimits, replyMs: 100, uploadBytesPerSecond: 1_000 }, 5_000)).toBe(5_100);
  const url = await serve((request, response) => {
    request.resume();
    setTimeout(() => response.end('taken'), 800);
  });
  const put = { method: 'PUT', body: new Uint8Array(100) };
  const slow = { ...limits, uploadBytesPerSecond: 1 };
  expect(await callPlatform(url, put, readText, slow)).toBe('taken');
  await expect(callPlatform(url, put, readText, limits)).rejects.toBeInstanceOf(UnreachableError);
});

test('a call that its caller ends throws what the caller says', async () => {
  const url = await serve(() => {});
  const caller = new AbortController();
  const call = callPlatform(url, { signal: caller.signal }, readText, limits);
  caller.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
});
