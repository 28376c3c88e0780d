import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { refusalBodySchema } from '../../shared/protocol/refusal-body.ts';
import { createTinyRun } from '../support/tiny-run.ts';

describe.each([true, false])('a local platform, with pages: %s', pages => {
  let folder: string;
  let platform: Platform;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeroom-front-'));
    platform = await startPlatform({ folder, port: 0, pages });
  });
  afterAll(async () => {
    await platform.stop();
    await rm(folder, { recursive: true });
  });

  test('an event socket is not compressed, though its other end offers it: that would take memory', async () => {
    const { run } = await createTinyRun(new HomeroomClient(platform.origin));
    const headers = await upgrade(`${paths.events(run)}?frames=1`);
    expect(headers).toMatchObject({ upgrade: 'websocket' });
    expect(headers['sec-websocket-extensions']).toBeUndefined();
  });

  test.each([
    ['GET', '/api/nothing'],
    ['GET', '/nothing'],
    ['POST', '/nothing'],
  ])('%s %s is refused in JSON', async (method, path) => {
    const response = await fetch(platform.origin + path, { method });
    expect(response.status).toBe(404);
    expect(refusalBodySchema.parse(await response.json()).error.reason).toBe('not-found');
  });

  test.runIf(pages)('a page is served, and asked again it has not changed', async () => {
    const page = await fetch(`${platform.origin}/`);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toMatch(/<!doctype html>/i);
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(`${platform.origin}/`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  async function upgrade(path: string) {
    const headers = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
    };
    const call = request(platform.origin + path, { headers }).end();
    const [response, socket] = await once(call, 'upgrade');
    socket.destroy();
    return response.headers;
  }
});
