import { expect, test } from 'vitest';
import { paths } from '../../shared/protocol/paths.ts';
import { countObjects } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';
import { upgradeResponse } from '../support/upgrade-response.ts';

const platform = usePlatform();

const classes = ['RunCoordinator', 'EventRelay'];
const count = async (): Promise<number[]> =>
  Promise.all(classes.map(name => countObjects(platform.folder, name).catch(() => 0)));

test('a call to a run that never was wakes no object, which would leave a file', async () => {
  const { origin } = platform.client;
  await createTinyRun(platform.client);
  const before = await count();
  const calls = [
    ['GET', ''],
    ['GET', '/ledger'],
    ['GET', '/versions/0'],
    ['POST', '/join'],
    ['POST', '/control'],
    ['POST', '/leases'],
    ['POST', '/pass'],
    ['PUT', '/leases/abcdefghijklmnop/update'],
  ] as const;
  for (const [i, [method, path]] of calls.entries()) {
    const response = await fetch(`${origin}${paths.runs}/neverwas${i}${path}`, { method });
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.json()).toMatchObject({
      error: { reason: 'not-found', detail: `run neverwas${i}` },
    });
  }
  expect(await upgradeResponse(platform.client, paths.events('neverwas'))).toContain('run neverwas');
  expect(await count()).toEqual(before);
});

test('a run is found again by a platform that was started anew', async () => {
  const { run } = await createTinyRun(platform.client);
  await platform.restart();
  expect(await platform.client.run(run)).toMatchObject({ run });
});
