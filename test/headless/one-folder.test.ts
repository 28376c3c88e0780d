import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Platform, startPlatform } from '../../client/headless/local-platform/local-platform.ts';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import { createTinyRun, joinRun } from '../support/tiny-run.ts';

let folder: string;
let running: Platform[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroom-folder-'));
  running = [];
});

afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true });
});

async function start(): Promise<Platform> {
  const platform = await startPlatform({ folder, port: 0, pages: false });
  running.push(platform);
  return platform;
}

async function stopAll(): Promise<void> {
  for (const platform of running.splice(0)) await platform.stop();
}

test('a second platform on one folder is refused until the first one has stopped', async () => {
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(`another platform keeps its data in ${folder}`),
  });
  const { run } = await createTinyRun(new HomeroomClient(first.origin));
  await stopAll();
  const second = await start();
  expect((await new HomeroomClient(second.origin).run(run)).view.phase).toBe('open');
});

test('of two platforms that start on one new folder at once, one serves', async () => {
  const ends = await Promise.allSettled([start(), start()]);
  const [loser, ...others] = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []));
  expect(loser).toMatchObject({ name: 'UsageError' });
  expect(others).toEqual([]);
});

test('a secret whose write was broken off is made anew', async () => {
  const path = join(folder, 'token-secret');
  await writeFile(path, '');
  const { origin } = await start();
  const client = new HomeroomClient(origin);
  const { run } = await createTinyRun(client);
  await joinRun(client, run);
  expect(await readFile(path, 'utf8')).toMatch(/^[0-9a-f]{64}$/);
  expect((await stat(path)).mode & 0o077).toBe(0);
});
