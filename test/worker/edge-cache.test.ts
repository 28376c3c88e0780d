import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../shared/math/sha256.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { bundleWorker, workerIndex } from '../support/bundle-worker.ts';
import { DeployedPlatform, OWNER_KEY } from '../support/deployed-platform.ts';
import { createTinyRun, type TinyRun } from '../support/tiny-run.ts';

/**
 * The Worker behind a cache that keeps what Cloudflare's in front of a Worker keeps, as its documents say ("Workers Cache"): of
 * GET alone, by path and query; `cloudflare-cdn-cache-control` before `cache-control`; and without either for two hours. What
 * is kept and for how long is up to workerd's own cache. It counts how often R2 is read, and how often an object is called.
 */
const ENTRY = `
  import worker from ${JSON.stringify(workerIndex)};
  export * from ${JSON.stringify(workerIndex)};

  let reads = 0;
  const READING = ['get', 'head', 'list', 'idFromName', 'getByName', 'prepare'];
  const counted = binding => new Proxy(binding, {
    get(target, name) {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (...args) => {
        if (READING.includes(name)) reads += 1;
        return value.apply(target, args);
      };
    },
  });
  const watched = env => ({
    ...env,
    BLOBS: counted(env.BLOBS),
    COORDINATORS: counted(env.COORDINATORS),
    RELAYS: counted(env.RELAYS),
    DIRECTORY: counted(env.DIRECTORY),
  });
  const run = (request, env, ctx) => worker.fetch(request, watched(env), ctx);

  async function cached(request, env, ctx) {
    const key = new URL(request.url);
    key.host = 'cache.example';
    const kept = await caches.default.match(key.href);
    if (kept) return new Response(kept.body, { headers: { 'cf-cache-status': 'HIT' } });
    const response = await run(request, env, ctx);
    const { headers } = response;
    const control = headers.get('cloudflare-cdn-cache-control') ?? headers.get('cache-control') ?? 'max-age=7200';
    const stored = new Response(response.clone().body, response);
    stored.headers.set('cache-control', control);
    if (response.status !== 206) await caches.default.put(key.href, stored);
    return response;
  }

  export default {
    fetch(request, env, ctx) {
      const { pathname } = new URL(request.url);
      if (pathname === '/reads') return Response.json(reads);
      if (pathname === '/routes') return Response.json(worker.routes.map(({ method, path }) => [method, path]));
      return request.method === 'GET' && !request.headers.has('upgrade') ? cached(request, env, ctx) : run(request, env, ctx);
    },
  };
`;

let platform: DeployedPlatform;
let tiny: TinyRun;
beforeAll(async () => {
  platform = new DeployedPlatform({ script: await bundleWorker(ENTRY), everythingToTheWorker: true });
  tiny = await createTinyRun(await platform.client(), { key: OWNER_KEY });
});
afterAll(() => platform.stop());

const read = async (): Promise<number> => Number(await (await platform.fetch('/reads')).text());

describe('a blob', () => {
  const path = (): string => paths.blob(tiny.model.blobs[0]?.sha256 ?? '');

  it('is read from storage once, however many want it', async () => {
    const asleep = await read();
    const first = await platform.fetch(path());
    const bytes = await first.arrayBuffer();
    const before = await read();
    expect(before).toBe(asleep + 1);
    for (let i = 0; i < 20; i++) {
      const again = await platform.fetch(path());
      expect(again.headers.get('cf-cache-status')).toBe('HIT');
      expect(await again.arrayBuffer()).toEqual(bytes);
    }
    expect(await read()).toBe(before);
  });

  it('may be kept for ever by a browser, and by Cloudflare for an hour, also if the Worker fails', async () => {
    const { headers } = await platform.fetch(`${path()}?anew`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('cloudflare-cdn-cache-control')).toBe('public, max-age=3600, must-revalidate');
  });

  it('that is not there is asked for anew, and so found once it is uploaded', async () => {
    const client = await platform.client();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const sha256 = sha256Hex(bytes);
    expect((await platform.fetch(paths.blob(sha256))).status).toBe(404);
    await client.putBlob(sha256, bytes, OWNER_KEY);
    expect((await platform.fetch(paths.blob(sha256))).status).toBe(200);
  });
});

it('a run is asked for anew by everybody', async () => {
  await platform.fetch(paths.run(tiny.run));
  const before = await read();
  await platform.fetch(paths.run(tiny.run));
  expect(await read()).toBeGreaterThan(before);
});

it('every other response of the API says that no cache keeps it, whatever its status', async () => {
  const routes: [string, string][] = JSON.parse(await (await platform.fetch('/routes')).text());
  const asked = routes.filter(([method, path]) => method !== 'ALL' && path.startsWith('/api/'));
  const found = new Set<number>();
  for (const [method, path] of [...asked, ['GET', '/api/none'], ['PUT', '/api/none']] as const)
    for (const authorization of ['', `Bearer ${tiny.hostKey}`, `Bearer ${OWNER_KEY}`]) {
      const headers = { ...(authorization && { authorization }), 'content-type': 'application/json' };
      // Nothing is deleted, so that the other routes have their run.
      const of = method === 'DELETE' ? 'nosuchrun3' : tiny.run;
      const url = path
        .replace(':run', of)
        .replace(/:version.*/, '0')
        .replace(':role', 'student')
        .replace(/:round|:number/g, '1')
        .replace(/:\w+/g, 'nosuchname');
      const body = method === 'GET' ? {} : { body: '{}' };
      const response = await platform.fetch(url, { method, headers, ...body });
      await response.arrayBuffer();
      found.add(response.status);
      expect([method, url, response.status, response.headers.get('cache-control')]).toEqual([
        ...[method, url, response.status, 'no-store'],
      ]);
    }
  for (const status of [200, 400, 401, 403, 404]) expect(found).toContain(status);
});
