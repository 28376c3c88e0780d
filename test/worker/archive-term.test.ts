import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunHost } from '../../client/platform/run-host.ts';
import { editStorage } from '../support/edit-storage.ts';
import { archivedRound, publishedVersion, until } from '../support/poll.ts';
import { keysOnDisk } from '../support/stored-files.ts';
import { TestPlatform } from '../support/test-platform.ts';
import { createTinyRun, joinMany, refusalOf, type TinyRun, train } from '../support/tiny-run.ts';

let platform: TestPlatform;

beforeEach(async () => {
  platform = new TestPlatform({ ARCHIVE_DAYS: '30' });
  await platform.start();
});
afterEach(() => platform.remove());

const DAY_MS = 86_400_000;

const hostOf = ({ run, hostKey }: TinyRun): RunHost => new RunHost(platform.client, run, hostKey);

const termOf = async ({ run }: TinyRun) => (await platform.client.run(run)).archives;

/** A run with one round that anybody can recompute. */
async function trainedRun(): Promise<TinyRun> {
  const tiny = await createTinyRun(platform.client, { spec: { policy: { updatesPerRound: 2 } } });
  for (const volunteer of await joinMany(platform.client, tiny.run, 2))
    await train(platform.client, tiny, volunteer, () => 0.25);
  await publishedVersion(platform.client, tiny.run, 1);
  for (const role of ['student', 'teacher'] as const) await archivedRound(platform.client, tiny.run, role, 1);
  return tiny;
}

const finished = async (tiny: TinyRun): Promise<number> => {
  await platform.client.control(tiny.run, 'finish-now', tiny.hostKey);
  return until(async () => {
    const term = await termOf(tiny);
    return term !== undefined && 'until' in term && term.until;
  }, 'the term to begin');
};

const left = ({ run }: TinyRun): string[] =>
  ['archive', 'envelopes', 'sums'].flatMap(kind => keysOnDisk(platform.folder, `${kind}/${run}/`));

const isGone = (tiny: TinyRun) => async (): Promise<boolean> => {
  const term = await termOf(tiny);
  return term !== undefined && 'isGone' in term;
};

test('[SWEEP5] the updates of a run that has ended are kept for a month, and go by themselves after it', async () => {
  const tiny = await trainedRun();
  expect(await termOf(tiny)).toEqual({ days: 30 });
  const before = Date.now();
  const endsAt = await finished(tiny);
  expect(endsAt).toBeGreaterThanOrEqual(before + 30 * DAY_MS);
  expect(left(tiny).length).toBeGreaterThan(0);
  await platform.stop();
  // A month later.
  editStorage(platform.folder, 'coordinators', database =>
    database.exec(`UPDATE item SET json = '{"endsAt":${Date.now() - 1}}' WHERE kind = 'archive term'`),
  );
  await platform.start();
  await until(isGone(tiny), 'the updates to go');
  expect(left(tiny)).toEqual([]);
  expect((await platform.client.version(tiny.run, 1)).version).toBe(1);
});

test('[SWEEP5] the host keeps the updates for longer, or deletes them at once, and nobody else may', async () => {
  const tiny = await trainedRun();
  expect((await refusalOf(hostOf(tiny).setArchiveTerm('end'))).reason).toBe('run-not-open');
  const endsAt = await finished(tiny);
  await hostOf(tiny).setArchiveTerm('extend');
  expect(await termOf(tiny)).toEqual({ until: endsAt + 30 * DAY_MS });
  const stranger = hostOf({ ...tiny, hostKey: 'another' });
  expect((await refusalOf(stranger.setArchiveTerm('end'))).reason).toBe('forbidden');
  await hostOf(tiny).setArchiveTerm('end');
  await until(isGone(tiny), 'the updates to go');
  expect(left(tiny)).toEqual([]);
});

test('[SWEEP5] a run that had ended before its platform knew of a term has one from then on', async () => {
  const tiny = await trainedRun();
  await finished(tiny);
  await platform.stop();
  editStorage(platform.folder, 'coordinators', database =>
    database.exec("DELETE FROM item WHERE kind = 'archive term'"),
  );
  await platform.start();
  const begun = async (): Promise<boolean> => {
    const term = await termOf(tiny);
    return term !== undefined && 'until' in term;
  };
  await until(begun, 'the term to begin');
  expect(left(tiny).length).toBeGreaterThan(0);
});
