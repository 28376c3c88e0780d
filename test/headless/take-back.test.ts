import { beforeAll, describe, expect, it } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { entriesOf, publishedVersion } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, type TinyRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();
let tiny: TinyRun;
let link: string;

beforeAll(async () => {
  const { client } = platform;
  const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
  tiny = await createTinyRun(client, { spec: { plan: { name: 'conventional' }, rounds: 9, policy } });
  link = `${client.origin}${runPage(tiny.run)}`;
  const pair = await joinMany(client, tiny.run, 2);
  for (const version of [1, 2]) {
    for (const volunteer of pair) await train(client, tiny, volunteer, () => version / 8);
    await publishedVersion(client, tiny.run, version);
  }
});

/** One clear line, exit status 2. */
async function expectUsage(args: readonly string[], words: RegExp): Promise<void> {
  const { status, stdout, stderr } = await runHomeroom(['take-back', ...args]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(words);
}

describe('homeroom take-back', () => {
  it('refuses in one line what cannot be, and says what can', async () => {
    await expectUsage([], /missing required argument 'link'/);
    await expectUsage(['somewhere', '1'], /'somewhere' is not a join link/);
    await expectUsage([link, 'newest'], /'newest' is no version.*whole number/);
    await expectUsage([link, '7'], /version 7 is not kept\. The run can return to versions 0 to 2/);
    await expectUsage([link, '1'], /needs the host key of the run/);
  });

  it('lists the versions that are kept', async () => {
    const { status, stdout } = await runHomeroom(['take-back', link]);
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      'version 0: not tested',
      'version 1: not tested',
      'version 2: not tested, the newest',
    ]);
  });

  it('says that it takes the right key', async () => {
    const { status, stderr } = await runHomeroom(['take-back', link, '1', '--key', 'x'.repeat(64)]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/not the host key/);
    expect(await entriesOf(platform.client, tiny.run, 'run-taken-back')).toEqual([]);
  });

  it('[BACK1] takes the run back, and the terminal shows it', async () => {
    const { status, stdout } = await runHomeroom(['take-back', link, '1', '--key', tiny.hostKey]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/back from version 2 to version 1\. Version 3 will have those weights/);
    await publishedVersion(platform.client, tiny.run, 3);
    expect((await runHomeroom(['status', link])).stdout).toMatch(/back to version 1/);
    expect((await runHomeroom(['take-back', link])).stdout).toMatch(
      /version 3: .*the weights of version 1, the newest/,
    );
  });
});
