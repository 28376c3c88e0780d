import { expect, test } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { createBrowserRun, withTrainer } from '../support/browser-run.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';

const platform = usePlatform();

test('join trains on the threads it is given, says so, and its updates are accepted; a long name is cut between characters', async () => {
  const run = await withTrainer(trainer =>
    createBrowserRun(platform.client, trainer, { rounds: 1, minVolunteers: 1 }),
  );
  const link = `${platform.client.origin}${runPage(run)}`;
  const { status, stdout, stderr } = await runHomeroom([
    ...['join', link, '--name', `${'x'.repeat(39)}🚀`, '--backend', 'wasm', '--threads', '2'],
  ]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Training on wasm, 2 threads.');
  expect(stdout).toMatch(/[1-9]\d* contributions, 0 refused/);
  const { view } = await platform.client.run(run);
  expect(view.phase).toBe('finished');
  expect(Object.values(view.volunteers).map(({ name }) => name)).toEqual(['x'.repeat(39)]);
});
