import { readFile, truncate, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPage } from '../../shared/protocol/paths.ts';
import { archivedRound, publishedVersion } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { editBucket, fileOfObject, readBucket } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyModel } from '../support/tiny-model.ts';
import { createTinyRun, joinMany, train } from '../support/tiny-run.ts';

/** Updates of 1.2 MB: each is an object of its own, and an index says where. */
const model = createTinyModel([600, 1_000]);
const policy = { updatesPerRound: 2, evaluators: 'referees' } as const;
const spec = { plan: { name: 'conventional' }, policy, rounds: 3 } as const;

const platform = new TestPlatform();
let run: string;

beforeAll(async () => {
  await platform.start();
  const tiny = await createTinyRun(platform.client, { model, spec });
  run = tiny.run;
  const volunteers = await joinMany(platform.client, run, 2);
  for (const version of [1, 2]) {
    for (const volunteer of volunteers) await train(platform.client, tiny, volunteer, () => version / 64);
    await publishedVersion(platform.client, run, version);
  }
  await archivedRound(platform.client, run, 'whole', 2);
});
afterAll(() => platform.remove());

const index = (): string => `archive/${run}/whole/2/index`;

/** What R2 keeps of the first update of round 2. */
const firstUpdate = (): Promise<string> =>
  editBucket(platform.folder, async bucket => {
    const stored = await bucket.get(index());
    const [first] = JSON.parse((await stored?.text()) ?? '[]');
    return first.key;
  });

const replay = () => runHomeroom(['replay', platform.client.origin + runPage(run)]);

/** Replays while an object is another. Then it is as it was. */
async function replayWith(key: string, bytes: string) {
  const put = (value: Uint8Array | string) =>
    editBucket(platform.folder, async bucket => void (await bucket.put(key, value)));
  await platform.stop();
  const before = (await readBucket(platform.folder, key)).get(key) ?? new Uint8Array();
  await put(bytes);
  await platform.start();
  const said = await replay();
  await platform.stop();
  await put(before);
  await platform.start();
  return said;
}

test.each(['{{{{', '{}', '[{"key":7}]', ''])(
  'an index that was made %j is a difference, and it is said where',
  async bytes => {
    const { status, stdout } = await replayWith(index(), bytes);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^DIFFERENCE at version 2, role whole, lease [a-z0-9]+\n/);
    expect(stdout).toContain(`the index ${index()} does not say where updates lie`);
    expect(stdout).toContain('Before it version 1 matches');
  },
);

test('an update that cannot be read is named, and is no difference', async () => {
  await platform.stop();
  const file = fileOfObject(platform.folder, await firstUpdate());
  const before = await readFile(file);
  await truncate(file, 1_000);
  await platform.start();
  const { status, stderr } = await replay();
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /^no difference up to version 1, then it broke off\nhomeroom: object 0 with updates of whole in round 2 could not be read, 6 times, so nobody knows whether it is the same: /,
  );
  await platform.stop();
  await writeFile(file, before);
  await platform.start();
});

test('what was mended replays equal', async () => {
  expect((await replay()).stdout).toMatch(/^All 2 versions match/);
});
