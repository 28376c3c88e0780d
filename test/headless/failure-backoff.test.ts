import { expect, test } from 'vitest';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

const volunteer = (run: string, trainer: ScriptedTrainer): Promise<VolunteerStatus> =>
  runVolunteer({
    client: platform.client,
    run,
    control: new VolunteerControl(),
    trainer: trainer.api,
    trainerOptions: { backend: 'cpu' },
    cache: keepsNothing,
    residuals: keepsNothing,
    name: 'Ada',
    memoryMB: 0,
  });

const reasonsOf = async (run: string): Promise<string[]> =>
  (await entriesOf(platform.client, run, 'lease-ended')).map(({ why }) => why);

test('a lease that the trainer fails at is given back with the reason, and the next one is taken', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer();
  trainer.failing = 2;
  expect(await volunteer(run, trainer)).toMatchObject({ activity: 'stopped', refused: 0 });
  expect((await platform.client.run(run)).view.phase).toBe('finished');
  const failed = (await reasonsOf(run)).filter(
    why => why === 'the trainer failed: a kernel trapped: divide by zero',
  );
  expect(failed).toHaveLength(2);
});

test('a trainer that fails at three leases in a row ends the volunteer, with the reason', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = new ScriptedTrainer();
  trainer.failing = Number.POSITIVE_INFINITY;
  await expect(volunteer(run, trainer)).rejects.toThrow('divide by zero');
  expect(trainer.jobs).toHaveLength(3);
});
