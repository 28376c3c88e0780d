import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { isPassing, RefusedError, UnreachableError } from '../../../client/platform/call-platform.ts';
import { HomeroomClient } from '../../../client/platform/homeroom-client.ts';
import type { ClientOptions } from '../../../client/platform/platform-calls.ts';
import { timeLimits } from '../../../client/platform/time-limits.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function clientOf(handle: RequestListener, options: ClientOptions = {}): Promise<HomeroomClient> {
  server = createServer(handle);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return new HomeroomClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, options);
}

/** A platform whose every reply is this text. */
const replying =
  (text: string): RequestListener =>
  (_, response) =>
    void response.end(text);

test('a whole reply that does not read as agreed is of another version, which does not pass', async () => {
  const client = await clientOf(replying('{"runs":[{"run":7}]}'));
  const error = await client.listRuns().catch(caught => caught);
  expect(error.name).toBe('OtherVersionError');
  expect(error.message).toBe(`the platform at ${client.origin} speaks another version: update homeroom`);
  expect(isPassing(error)).toBe(false);
});

test('the reader of a page is told to reload it', async () => {
  const client = await clientOf(replying('{}'), { mend: 'reload the page' });
  await expect(client.lease('abc123defg', 'token')).rejects.toThrow('another version: reload the page');
});

test.each(['<!doctype html><p>Sign in to the school’s network', '{"runs":[{"run":', ''])(
  'a reply that is no whole JSON is passing: %s',
  async text => {
    const client = await clientOf(replying(text));
    const error = await client.listRuns().catch(caught => caught);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(isPassing(error)).toBe(true);
  },
);

test('a call that gives the platform much to do waits longer for its reply than others', async () => {
  const limits = { ...timeLimits, replyMs: 200 };
  const slow: RequestListener = (request, response) => {
    request.resume();
    setTimeout(() => response.end('{}'), 500);
  };
  const client = await clientOf(slow, { limits });
  await client.control('abc123defg', 'open', 'key');
  await expect(client.release('abc123defg', 'l1', 'token', 'tired')).rejects.toBeInstanceOf(UnreachableError);
});

test.each([
  ['{"message":"Forbidden"}', false],
  ['{"error":"upload too large"}', false],
  ['null', false],
  ['<html>', false],
  ['{"error":{"reason":"late","text":"too late"}}', true],
  ['{"error":{"reason":"a reason of a later release","text":"no"}}', true],
])('a refusal with the body %s is the platform’s own: %s', async (body, isPlatforms) => {
  const client = await clientOf((_, response) => void response.writeHead(403).end(body));
  const error = await client.listRuns().catch(caught => caught);
  expect(error).toBeInstanceOf(RefusedError);
  expect(error.isPlatforms).toBe(isPlatforms);
});

test('an update is taken if the platform says so, and not if something on the way says anything else', async () => {
  const replies = ['true', '{"success":true}', '"ok"', '<html>'];
  const client = await clientOf((request, response) => {
    request.resume();
    response.end(replies.shift());
  });
  const put = (): Promise<void> => client.putUpdate('abc123defg', 'l1', 'token', Uint8Array.of(1));
  await put();
  for (const reply of [...replies]) await expect(put(), reply).rejects.toBeInstanceOf(UnreachableError);
});

test('a page of a network in the place of the platform does not say that a blob is missing', async () => {
  const replies = ['{"error":{"reason":"not-found","text":"no such thing"}}', '<html>'];
  const client = await clientOf((_, response) => void response.writeHead(404).end(replies.shift()));
  expect(await client.storedBlob('0'.repeat(64))).toBeNull();
  await expect(client.storedBlob('0'.repeat(64))).rejects.toBeInstanceOf(RefusedError);
});

/** A platform that hangs up on the first calls, as one does that closes a connection which it takes for idle. */
function hangingUp(calls: number, reply: string): { handle: RequestListener; count: () => number } {
  let count = 0;
  const handle: RequestListener = (request, response) => {
    if (++count <= calls) request.socket.resetAndDestroy();
    else response.end(reply);
  };
  return { handle, count: () => count };
}

const RUN = 'abc123defg';
const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: 0 };
const joined = '{"volunteer":"v123456789ab","token":"t"}';
const nonce = 'n'.repeat(32);

test.each<[string, string, (client: HomeroomClient) => Promise<unknown>]>([
  ['an upload', 'true', client => client.putUpdate(RUN, 'l1', 'token', new Uint8Array(8))],
  ['an ask for a lease', '{"type":"finished"}', client => client.lease(RUN, 'token')],
  ['a release', 'true', client => client.release(RUN, 'l1', 'token', 'tired')],
  ['a join with a nonce', joined, client => client.join(RUN, { name: 'Ada', device, nonce })],
])('%s is sent again at once if its connection breaks', async (_, reply, act) => {
  const { handle, count } = hangingUp(2, reply);
  await act(await clientOf(handle));
  expect(count()).toBe(3);
});

test.each<[string, (client: HomeroomClient) => Promise<unknown>]>([
  ['a join without a nonce', client => client.join(RUN, { name: 'Ada', device })],
  ['a host’s word', client => client.control(RUN, 'finish', 'key')],
])('%s is sent once: the platform may have it', async (_, act) => {
  const { handle, count } = hangingUp(2, joined);
  await expect(act(await clientOf(handle))).rejects.toBeInstanceOf(UnreachableError);
  expect(count()).toBe(1);
});
