import { type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { otherNamePage } from '../../worker/doors/other-name-page.ts';
import { type RawResponse, responseOf } from '../support/raw-put.ts';
import { TestPlatform, usePlatform } from '../support/test-platform.ts';
import { createTinyRun, tinyRequest } from '../support/tiny-run.ts';

const platform = usePlatform();

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call with any headers: `fetch` writes the host itself. */
async function send(
  { method = 'GET', path = paths.runs, headers = {}, body }: Call,
  origin = platform.client.origin,
) {
  const call = request(origin + path, { method, headers });
  const reply = new Promise<RawResponse & Pick<IncomingMessage, 'headers'>>((resolve, reject) => {
    call.on('error', reject);
    call.on('upgrade', ({ headers: told }, opened) => {
      opened.destroy();
      resolve({ status: 101, reason: undefined, detail: undefined, headers: told });
    });
    call.on('response', async response => {
      const text = Buffer.concat(await response.toArray()).toString();
      const read = await responseOf(new Response(text, { status: response.statusCode ?? 0 }));
      resolve({ ...read, headers: response.headers });
    });
  });
  call.end(body);
  return reply;
}

const portOf = (origin = platform.client.origin): string => new URL(origin).port;
const json = { 'content-type': 'application/json' };
const body = JSON.stringify({});
const socket = {
  ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
  'sec-websocket-key': Buffer.alloc(16).toString('base64'),
};

describe('the names of a platform', () => {
  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST', 'localhost.'])(
    '%s is one of a laptop',
    async name => {
      expect(await send({ headers: { host: `${name}:${portOf()}` } })).toMatchObject({ status: 200 });
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil-localhost',
    '192.168.1.7',
    'x.localhost',
  ])('%s is none, whatever is asked', async name => {
    const host = `${name}:${portOf()}`;
    for (const call of [
      { headers: { host } },
      { method: 'POST', headers: { host, ...json, origin: `http://${host}` }, body },
      { path: paths.events('abc123defg'), headers: { host, ...socket } },
      { path: '/', headers: { host } },
    ])
      expect(await send(call)).toMatchObject({ status: 421, reason: 'other-name' });
  });

  test('what is refused says how its owner adds the name', async () => {
    const { detail } = await send({ headers: { host: 'class.example' } });
    expect(detail).toBe('class.example needs `npx homeroom start --host class.example`');
  });

  test('people who come by another name read what to do, and nothing of theirs is taken for HTML', async () => {
    const headers = { host: 'class.example', accept: 'text/html,*/*' };
    const reply = await send({ path: '/', headers });
    expect(reply).toMatchObject({ status: 421, reason: undefined });
    expect(reply.headers['content-type']).toMatch(/^text\/html/);
    expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
    expect(String(otherNamePage('<b>'))).toContain('does not answer to &lt;b&gt;');
  });

  test('in a network it answers to every address in digits, and to names that were added', async () => {
    const names = async (list: string, asked: readonly string[]): Promise<string[]> => {
      const other = new TestPlatform({ OWN_NAMES: list });
      await other.start();
      const { origin } = other.client;
      const answered: string[] = [];
      for (const host of asked)
        if ((await send({ headers: { host } }, origin)).status === 200) answered.push(host);
      await other.remove();
      return answered;
    };
    const asked = [
      '192.168.1.7:8787',
      '[fe80::1]:8787',
      'class.example:99',
      'proxied.example',
      'evil.example',
    ];
    expect(await names('<loopback> <addresses> class.example https://proxied.example', asked)).toEqual(
      asked.slice(0, -1),
    );
    expect(await names('<loopback>', asked)).toEqual([]);
  });
});

describe('what changes something, and every socket', () => {
  const own = () => `http://127.0.0.1:${portOf()}`;
  const calls: readonly (readonly [string, Call])[] = [
    ['a JSON call', { method: 'POST', headers: json, body }],
    ['a form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body }],
    ['an upload', { method: 'PUT', path: paths.blob('a'.repeat(64)), body }],
    ['a removal', { method: 'DELETE', path: paths.volunteer('abc123defg', 'abc123defg') }],
    ['an event socket', { path: paths.events('abc123defg'), headers: socket }],
  ];
  const strangers: readonly Readonly<Record<string, string>>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'http://127.0.0.1.evil.example' },
    { origin: 'nonsense' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'nonsense' },
  ];

  test.each(calls)('%s of another site is refused', async (_, call) => {
    for (const of of strangers)
      expect(await send({ ...call, headers: { ...call.headers, ...of } }), JSON.stringify(of)).toMatchObject({
        status: 403,
        reason: 'other-site',
      });
    expect(
      await send({ ...call, headers: { ...call.headers, origin: own(), 'sec-fetch-site': 'cross-site' } }),
    ).toMatchObject({ reason: 'other-site' });
  });

  test.each(calls)('%s of a page of ours, or of a program, is not', async (_, call) => {
    for (const of of [{}, { origin: own(), 'sec-fetch-site': 'same-origin' }, { origin: own() }])
      expect((await send({ ...call, headers: { ...call.headers, ...of } })).reason).not.toBe('other-site');
  });

  test('a page behind a proxy is ours if its origin was named, and no other one of that name', async () => {
    const other = new TestPlatform({ OWN_NAMES: '<loopback> class.example https://class.example' });
    await other.start();
    const reasonOf = async (origin: string) =>
      (await send({ method: 'POST', headers: { ...json, origin }, body }, other.client.origin)).reason;
    expect(await reasonOf('https://class.example')).toBe('malformed');
    for (const origin of ['http://class.example', 'https://class.example:8443', 'http://localhost'])
      expect(await reasonOf(origin)).toBe('other-site');
    await other.remove();
  });

  test('an event socket of a page of ours opens', async () => {
    const { run } = await createTinyRun(platform.client);
    const path = `${paths.events(run)}?frames=1`;
    for (const headers of [{ ...socket, origin: own() }, socket])
      expect(await send({ path, headers })).toMatchObject({ status: 101 });
    expect(await send({ path, headers: { ...socket, origin: 'https://evil.example' } })).toMatchObject({
      status: 403,
    });
  });
});

describe('a body in JSON', () => {
  const create = (type?: string) =>
    send({
      method: 'POST',
      headers: type === undefined ? {} : { 'content-type': type },
      body: JSON.stringify(tinyRequest()),
    });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    '',
  ])('does not come as %s, which a form of another site can send', async type => {
    expect(await create(type)).toMatchObject({ status: 415, reason: 'wrong-type' });
  });

  test('comes as application/json, with a charset or without', async () => {
    await createTinyRun(platform.client);
    for (const type of ['application/json', 'application/json; charset=utf-8', 'Application/JSON'])
      expect(await create(type)).toMatchObject({ status: 201 });
    expect(await create()).toMatchObject({ reason: 'wrong-type' });
  });
});

test('no response may be read or embedded by another site, or be taken for another type', async () => {
  const { run } = await createTinyRun(platform.client);
  for (const path of [
    paths.runs,
    paths.run(run),
    paths.ledger(run),
    paths.datasets,
    '/nothing',
    paths.keys(run),
  ]) {
    const { headers } = await send({ path, headers: { origin: 'https://evil.example' } });
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(Object.keys(headers).filter(name => name.startsWith('access-control'))).toEqual([]);
  }
  const asked = await send({
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'PUT' },
  });
  expect(Object.keys(asked.headers).filter(name => name.startsWith('access-control'))).toEqual([]);
});
