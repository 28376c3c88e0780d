import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { ownDeploymentKey } from '../../client/headless/local-platform/own-deployment-key.ts';

import { openVolunteerStores } from '../../client/headless/volunteer/volunteer-stores.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

const modeOf = async (...path: string[]): Promise<number> => (await stat(join(folder, ...path))).mode & 0o777;

/** Starts a platform on a folder and stops it. @returns whether it says that others could look into it */
async function visit(data: string): Promise<boolean> {
  const platform = await startPlatform({ folder: data, port: 0, pages: false });
  await platform.stop();
  return platform.isTightened;
}

describe.skipIf(process.platform === 'win32')('a data folder', () => {
  test('is closed to other users from the beginning, and so are its secrets', async () => {
    expect(await visit(join(folder, 'new'))).toBe(false);
    for (const part of ['.', 'objects', 'r2', 'd1']) expect(await modeOf('new', part), part).toBe(0o700);
    for (const secret of ['token-secret', 'deployment-key'])
      expect(await modeOf('new', secret), secret).toBe(0o600);
  });

  test('that an older release left open is closed, which is said once', async () => {
    const data = join(folder, 'old');
    await visit(data);
    const secret = await readFile(join(data, 'token-secret'), 'utf8');
    for (const path of ['.', 'objects']) await chmod(join(data, path), 0o755);
    await chmod(join(data, 'token-secret'), 0o644);
    expect(await visit(data)).toBe(true);
    expect([
      await modeOf('old'),
      await modeOf('old', 'objects'),
      await modeOf('old', 'token-secret'),
    ]).toEqual([...[0o700, 0o700, 0o600]]);
    expect(await readFile(join(data, 'token-secret'), 'utf8')).toBe(secret);
    expect(await visit(data)).toBe(false);
  });

  test('that has something else in it stays open for that, and what is ours is closed', async () => {
    const shared = join(folder, 'shared');
    await mkdir(shared);
    await writeFile(join(shared, 'homework.txt'), 'of somebody else');
    await chmod(shared, 0o755);
    await visit(shared);
    expect(await modeOf('shared')).toBe(0o755);
    for (const name of (await readdir(shared)).filter(file => ['objects', 'r2', 'd1'].includes(file)))
      expect(await modeOf('shared', name), name).toBe(0o700);
    expect(await modeOf('shared', 'token-secret')).toBe(0o600);
  });
});

test.skipIf(process.platform === 'win32')(
  'what a volunteer keeps is closed to other users, also if it lay there open',
  async () => {
    const cache = join(folder, 'cache');
    await mkdir(`${cache}-residuals`, { mode: 0o755 });
    const { residuals, cache: blobs } = openVolunteerStores(cache);
    await Promise.all([residuals.put('a', new Uint8Array(1)), blobs.put('b', new Uint8Array(1))]);
    expect([await modeOf('cache'), await modeOf('cache-residuals')]).toEqual([0o700, 0o700]);
  },
);

describe('the deployment key of a platform on this machine', () => {
  test('is shown to that platform while it is up, and to no other address', async () => {
    const platform = await startPlatform({ folder, port: 0, pages: false });
    const { port } = new URL(platform.origin);
    const key = await readFile(join(folder, 'deployment-key'), 'utf8');
    expect(ownDeploymentKey(platform.origin, folder)).toBe(key);
    expect(ownDeploymentKey(`http://localhost:${port}`, folder)).toBe(key);
    for (const other of [`http://localhost:${Number(port) - 1}`, `http://evil.example:${port}`])
      expect(ownDeploymentKey(other, folder), other).toBeUndefined();
    expect(ownDeploymentKey(platform.origin, join(folder, 'none'))).toBeUndefined();
    await platform.stop();
    expect(ownDeploymentKey(platform.origin, folder)).toBeUndefined();
  });
});

test('a platform that speaks https answers to its own names and pages alone, too', async () => {
  const platform = await startPlatform({ folder, port: 0, pages: true, https: true });
  const statusOf = (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      const call = request(platform.origin + path, { headers, method, rejectUnauthorized: false });
      call.on('error', reject).on('response', response => resolve(response.resume().statusCode));
      call.end();
    });
  for (const path of ['/', '/api/runs']) {
    expect(await statusOf(path, {}), path).toBe(200);
    expect(await statusOf(path, { host: 'evil.example' }), path).toBe(421);
  }
  const origin = 'https://evil.example';
  expect(await statusOf('/api/runs', { origin }, 'POST')).toBe(403);
  expect(await statusOf('/api/runs', { origin: platform.origin }, 'POST')).toBe(415);
  await platform.stop();
});
