import { existsSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = new TestPlatform(
  { INVITE_NAME: '192.168.1.20', OWN_NAMES: '<loopback> <addresses> https://class.example' },
  { pages: true },
);
beforeAll(() => platform.start());
afterAll(() => platform.remove());

const portOf = (): string => new URL(platform.client.origin).port;

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** As a browser asks for a page. `fetch` would write the host itself, and follow. */
const open = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const call = request(platform.client.origin + path, { headers: { accept: 'text/html', ...headers } });
    call.on('error', reject).on('response', async response => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    call.end();
  });

describe('what there is not', () => {
  test('is a page for people, in both languages, which leads home and is in no frame', async () => {
    const { status, headers, text } = await open('/some/path');
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('text/html');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    for (const part of ['There is no page here', 'Hier ist keine Seite', 'href="/"'])
      expect(text).toContain(part);
  });

  test.each([
    ['a program', '/some/path', { accept: '*/*' }],
    ['whoever asks the API', '/api/some/path', {}],
  ])('is a refusal for %s', async (_, path, headers) => {
    const { status, text } = await open(path, headers);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { reason: 'not-found', detail: path } });
  });
});

describe('the header by which threads may share memory', () => {
  const openerPolicy = async (path: string, headers: Readonly<Record<string, string>>) =>
    (await open(path, headers)).headers['cross-origin-opener-policy'];
  const elsewhere = (): string => `192.168.1.20:${portOf()}`;

  test.each(['/', '/try/abc123defg'])(
    'comes with %s, but not over http to another device, where browsers call it an error',
    async path => {
      expect(await openerPolicy(path, { host: `127.0.0.1:${portOf()}` })).toBe('same-origin');
      expect(await openerPolicy(path, { host: elsewhere() })).toBeUndefined();
    },
  );

  test('comes if a proxy speaks https to a browser, which then says what it fetches for', async () => {
    const headers = { host: elsewhere(), 'sec-fetch-dest': 'document' };
    expect(await openerPolicy('/', headers)).toBe('same-origin');
  });
});

describe('the pages of a laptop', () => {
  test.each(['localhost', 'LOCALHOST', 'localhost.', '[::1]'])(
    'are at one name, so that a browser has one memory of them: %s leads there',
    async name => {
      const { status, headers, text } = await open('/?a="<b>&c', { host: `${name}:${portOf()}` });
      expect([status, headers['cache-control'], headers.etag]).toEqual([200, 'no-store', undefined]);
      expect(text).toContain(`<a id="there" href="//127.0.0.1:${portOf()}/?a=%22%3Cb%3E&c">`);
      expect(text).not.toContain('{address}');
    },
  );

  test('are shown at that name, and a program is served at any', async () => {
    expect((await open('/')).status).toBe(200);
    const host = `localhost:${portOf()}`;
    expect((await open('/', { host, accept: '*/*' })).status).toBe(200);
    expect((await open('/api/runs', { host })).status).toBe(200);
  });
});

describe('a page is told to be isolated from other sites', () => {
  const isolation = async (host: string, more: Readonly<Record<string, string>> = {}) => {
    const { headers } = await open('/', { host, ...more });
    return [headers['cross-origin-opener-policy'], headers['cross-origin-embedder-policy']];
  };

  test('on this machine, and behind a proxy that speaks https', async () => {
    const asked = ['same-origin', 'require-corp'];
    expect(await isolation(`127.0.0.1:${portOf()}`)).toEqual(asked);
    expect(await isolation('class.example')).toEqual(asked);
    expect(await isolation('192.168.1.20', { 'x-forwarded-proto': 'https' })).toEqual(asked);
  });

  test('but not over http from another machine, where browsers complain of it', async () => {
    expect(await isolation(`192.168.1.20:${portOf()}`)).toEqual([undefined, undefined]);
    const { status, headers } = await open('/some/path', { host: `192.168.1.20:${portOf()}` });
    expect([status, headers['cross-origin-opener-policy']]).toEqual([404, undefined]);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

test('a run tells by which address others come, with the port of whoever asks', async () => {
  const { run } = await createTinyRun(platform.client);
  expect(await platform.client.run(run)).toMatchObject({ inviteOrigin: `http://192.168.1.20:${portOf()}` });
});

const hasTryPage = existsSync(join(packageRoot, 'dist/web/try.html'));

describe('the page on which a visitor tries a network', () => {
  test.runIf(hasTryPage)('may be shown in a frame of any site, and no other page may', async () => {
    const { status, headers } = await open('/try/abc123defg');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain('frame-ancestors *');
    expect(headers['cross-origin-resource-policy']).toBe('cross-origin');
    for (const path of ['/', '/try/abc123defg/more', '/trying'])
      expect((await open(path)).headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  test.runIf(hasTryPage)('may load an exported network from anywhere if it shows no run', async () => {
    const policy = async (path: string) => (await open(path)).headers['content-security-policy'];
    expect(await policy('/try/')).toContain("connect-src 'self' https: http:;");
    expect(await policy('/try/')).toContain('frame-ancestors *');
    expect(await policy('/try/abc123defg')).toContain("connect-src 'self';");
  });

  test.runIf(!hasTryPage)('is a page that there is not, as long as none is built', async () => {
    expect((await open('/try/abc123defg')).status).toBe(404);
  });
});
