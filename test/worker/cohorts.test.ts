import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { replayPorts } from '../../client/platform/replay-ports.ts';
import type { Manifest } from '../../shared/protocol/model-outline.ts';
import { ReplayRefusal } from '../../shared/replay/difference.ts';
import { replayRun } from '../../shared/replay/replay-run.ts';
import { MemorySums } from '../support/memory-sums.ts';
import { entriesOf, publishedVersion, until } from '../support/poll.ts';
import { countObjects, readBucket } from '../support/stored-files.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, joinRun, type TinyRun, train } from '../support/tiny-run.ts';

const platform = usePlatform();

/** The last segment has several shards, and statistics beside what is learnt. */
const model = createTinyModel([420, 640], { hasNorm: true });

const shared = { name: 'depth-federated', correction: 0.1 } as const;
const plain = { name: 'conventional' } as const;

/** Memory in MB by which a device has room for one segment or for both. */
const ROOM = [0, 0.002, 0, 0, 0.002, 0];

interface Played {
  readonly tiny: TinyRun;
  readonly last: Manifest;
}

/**
 * Two rounds of six volunteers, who always send the same.
 * @param stops milliseconds after a round's last update, and after each start, at which the platform is ended
 */
async function play(
  cohorts: number | 'auto',
  plan: typeof shared | typeof plain,
  stops: readonly number[] = [],
): Promise<Played> {
  const policy = { evaluators: 'referees', updatesPerRound: 6, cohorts } as const;
  // One cohort trims statistics if they are guarded, and several take their mean ([PUB5]).
  const robust = { statistics: 'mean' } as const;
  const spec = { plan, policy, rounds: 2, aggregation: 'clipped-mean', robust } as const;
  const tiny = await createTinyRun(platform.client, { model, spec });
  const volunteers = [];
  for (const memoryMB of ROOM) {
    const device = { backend: 'cpu', macsPerSecond: 0, memoryMB: plan === plain ? 0 : memoryMB };
    volunteers.push(await joinRun(platform.client, tiny.run, { device }));
  }
  for (let round = 1; round <= spec.rounds; round++) {
    for (const [i, volunteer] of volunteers.entries())
      await train(platform.client, tiny, volunteer, (tensor, index) =>
        tensor.includes('variance') ? i : (((index % 97) - 48) * (i + 1)) / 10_000,
      );
    for (const ms of stops) {
      await setTimeout(ms);
      await platform.stopAtOnce();
      await platform.start();
    }
    await publishedVersion(platform.client, tiny.run, round);
  }
  return { tiny, last: await publishedVersion(platform.client, tiny.run, spec.rounds) };
}

/** Whether the run replays, once all of its updates are archived. */
async function replayed({ run }: TinyRun) {
  const { client } = platform;
  const sums = new MemorySums();
  const ports = replayPorts(client, await client.run(run), role => sums.of(role));
  return until(async () => {
    const outcome = await replayRun(ports, { now: Date.now() }).catch((error: unknown) => {
      if (error instanceof ReplayRefusal) return null;
      throw error;
    });
    return outcome !== null && outcome.unarchived === null && outcome;
  }, 'the archives of the run');
}

test.each([
  ['whole networks', plain, [['whole', '', '/cohort-1', '/cohort-2']]],
  [
    'segments that roles share',
    shared,
    [
      ['student', '/cohort-1'],
      ['whole', '', '/cohort-2'],
    ],
  ],
] as const)(
  '[ROUND9] three cohorts publish the bytes of one, of %s, and replay',
  async (_, plan, archives) => {
    const [one, three] = [await play(1, plan), await play(3, plan)];
    expect(three.last).toEqual(one.last);
    const { client } = platform;
    // What is said of each update's work names other volunteers.
    const published = async ({ run }: TinyRun) =>
      (await entriesOf(client, run, 'version-published')).map(({ work: _, ...others }) => others);
    expect(await published(three.tiny)).toEqual(await published(one.tiny));
    expect(await entriesOf(client, three.tiny.run, 'update-accepted')).toHaveLength(12);
    const { difference, updates, matched } = await replayed(three.tiny);
    expect({ difference, updates, matched }).toEqual({
      difference: null,
      updates: 12,
      matched: { first: 1, last: 2 },
    });
    await platform.stop();
    const kept = (folder: string) => readBucket(platform.folder, `${folder}/${three.tiny.run}/`);
    const [archived, sums] = [await kept('archive'), await kept('sums')];
    await platform.start();
    const folders = [...archived.keys()].map(key => key.slice(0, key.lastIndexOf('/')));
    for (const [role, ...cohorts] of archives)
      for (const cohort of cohorts) expect(folders).toContain(`archive/${three.tiny.run}/${role}/1${cohort}`);
    expect(sums.size, 'what was handed is gone').toBe(0);
  },
);

test('[ROUND9] [ROUND8] a platform ended while sums of three cohorts are merged publishes the same bytes', async () => {
  const whole = await play(1, shared);
  const ended = await play(3, shared, [0, 20, 60]);
  expect(ended.last).toEqual(whole.last);
});

test('[ROUND9] a cohort whose volunteers were leased nothing is asked nothing, and never made', async () => {
  const policy = { evaluators: 'referees', updatesPerRound: 1, cohorts: 3 } as const;
  const spec = { plan: plain, policy, rounds: 2 } as const;
  const tiny = await createTinyRun(platform.client, { spec });
  const [, second] = await joinMany(platform.client, tiny.run, 3);
  if (!second) throw new Error('three volunteers');
  const count = () => countObjects(platform.folder, 'Cohort');
  const before = await count();
  await train(platform.client, tiny, second, () => 0.25);
  await publishedVersion(platform.client, tiny.run, 1);
  await platform.client.control(tiny.run, 'finish', tiny.hostKey);
  // Its own, the one that publishes, and that of the evaluators, which hears of the end.
  expect((await count()) - before).toBe(3);
});
