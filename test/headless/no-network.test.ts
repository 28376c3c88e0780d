import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../client/headless/package-root.ts';

/**
 * Runs a command where there is no network but its own loopback. The command and all that it has started end after a
 * while: `--kill-child` and a process space of its own see to that.
 */
const withoutNetwork = (...command: readonly string[]) =>
  spawnSync(
    'unshare',
    [
      ...['--map-root-user', '--net', '--pid', '--fork', '--kill-child'],
      ...['sh', '-c', 'ip link set lo up && timeout -s KILL 30 "$@"', 'sh', ...command],
    ],
    { encoding: 'utf8' },
  );

/** Linux lets every user do that, unless a machine forbids it. */
const isPossible = withoutNetwork('true').status === 0;

test.skipIf(!isPossible)('`start --lan` where there is no network says so and ends', () => {
  const homeroom = join(packageRoot, 'client/headless/homeroom.mjs');
  const { status, stdout, stderr } = withoutNetwork(
    process.execPath,
    homeroom,
    'start',
    '--lan',
    '--port',
    '0',
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/no address in a local network/);
});
