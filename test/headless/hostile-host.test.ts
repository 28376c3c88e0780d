import { beforeAll, describe, expect, test } from 'vitest';
import type { BuiltModel } from '../../client/trainer/trainer-api.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { withTrainer } from '../support/browser-run.ts';
import { createHostileRun, type Hostility } from '../support/hostile-run.ts';
import { entriesOf } from '../support/poll.ts';
import { type Ended, runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';

const platform = usePlatform();
let built: BuiltModel;

beforeAll(async () => {
  built = await withTrainer(trainer =>
    trainer.build({ name: 'cnn-tiny', inputShape: [28, 28, 1], classes: 10, seed: 1 }),
  );
});

interface Scene extends Ended {
  readonly run: string;
}

/** A volunteer whose output goes into a pipe, which is stopped once its words are there. */
async function join(
  hostility: Hostility,
  flags: readonly string[] = [],
  interruptOn?: RegExp,
): Promise<Scene> {
  const { client } = platform;
  const run = await createHostileRun(client, built, hostility);
  const link = `${client.origin}${runPage(run)}`;
  const args = ['join', link, '--name', 'Ada', '--backend', 'wasm', ...flags];
  return { ...(await runHomeroom(args, interruptOn ? { interruptOn } : {})), run };
}

const whyEnded = async (run: string): Promise<string[]> =>
  (await entriesOf(platform.client, run, 'lease-ended')).map(({ why }) => why);

const withMacs =
  (macs: number) =>
  (outline: ModelOutline): ModelOutline => ({
    ...outline,
    segments: outline.segments.map(segment => ({ ...segment, macs })),
  });

/** As long as a host may make leases and rounds. */
const long = { policy: { leaseMs: 3_600_000, roundMs: 86_400_000 } };
const heavy: Hostility = {
  spec: { training: { partsPerLease: 64 }, plan: { name: 'conventional', epochs: 50 }, ...long },
};

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('a volunteer in a pipe says in words what a hostile host does to it', () => {
  const diverging: [string, Hostility, string][] = [
    ['weights that are no numbers', { weight: () => Number.NaN }, 'came with weights that are no numbers'],
    ['weights of 1e30', { weight: () => 1e30 }, 'came with weights up to 1.0e+30'],
  ];
  test.each(diverging)('%s', async (_, hostility, words) => {
    const { status, stdout, stderr } = await join(hostility, [], /Waiting: the run is paused/);
    expect(stdout).toContain(words);
    expect({ status, stderr }).toEqual({ status: 130, stderr: '' });
  });

  test('a rate of 10: its updates are refused, and why', async () => {
    const hostility = { spec: { training: { learningRate: 10 } } };
    const { status, stdout } = await join(hostility, [], /\(.* changes by|diverge|not a finite/i);
    expect(stdout).toMatch(/at most 64 is accepted|too high/);
    expect([0, 130]).toContain(status);
  });

  test('claims of 10¹⁵ multiply-accumulates: the device is too slow', async () => {
    const { status, stdout } = await join({ outline: withMacs(1e15) }, [], /Waiting: /);
    expect(stdout).toContain('Waiting: this device is too slow for the rest of this run');
    expect(status).toBe(130);
  });

  test('a topology that nests 100,000 deep', async () => {
    const topology = (json: string): string =>
      json.replaceAll('"trainable":true', `"trainable":true,"dtype":${nested(100_000)}`);
    const { status, stderr, run } = await join({ topology });
    expect(stderr).toBe('homeroom: this is no topology: it is not JSON, or nests too deep\n');
    expect(status).toBe(2);
    expect(await whyEnded(run)).toContain(
      'the trainer failed: this is no topology: it is not JSON, or nests too deep',
    );
  });
});

test('[WORK1] a lease of 64 parts and 50 epochs that claims much work is given back before a download, with the reason', async () => {
  const hostility = { ...heavy, outline: withMacs(1e6) };
  const { status, stdout, run } = await join(hostility, ['--most-minutes', '1'], /was given back/);
  const words = /the task would take about [\d.]+ minutes here, and this device agreed to 1/;
  expect(stdout).toMatch(words);
  expect(stdout).toContain(', 0 B down');
  expect(status).toBe(130);
  expect((await whyEnded(run))[0]).toMatch(words);
});
