import { expect, it } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { until } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

it('[KEY7] a volunteer that waits hears that its run is deleted, says so and ends', async () => {
  const { client } = platform;
  // A draft gives no work.
  const { run, hostKey } = await createTinyRun(client, { isOpen: false });
  const joined = runHomeroom(['join', `${client.origin}/#/runs/${run}`, '--backend', 'cpu']);
  await until(async () => (await client.run(run)).view.joined === 1, 'the volunteer');
  await new RunHost(client, run, hostKey).deleteRun();
  const { status, stderr } = await joined;
  expect(status).toBe(2);
  expect(stderr).toContain('the host has deleted this run');
});
