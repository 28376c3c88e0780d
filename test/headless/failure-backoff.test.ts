import { expect, test } from 'vitest';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerOptions } from '../../client/volunteer/volunteer-options.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

const volunteer = (
  run: string,
  trainer: ScriptedTrainer,
  more: Partial<VolunteerOptions> = {},
): Promise<VolunteerStatus> =>
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
    ...more,
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

test('[WORK2] a training that takes longer than was agreed is stopped and given back with the reason, and the volunteer goes on', async () => {
  const { run } = await createTinyRun(platform.client);
  const trainer = ScriptedTrainer.held();
  const control = new VolunteerControl();
  const notes: (string | null)[] = [];
  const end = volunteer(run, trainer, {
    control,
    workLimits: { minutes: 0.002, downloadMB: 1 },
    onStatus: ({ note }) => {
      notes.push(note);
      // The second lease shows that the first one did not end it.
      if (trainer.jobs.length > 1) control.stop();
    },
  });
  expect(await end).toMatchObject({ activity: 'stopped' });
  expect((await reasonsOf(run))[0]).toMatch(
    /^the task would take about .* minutes here, and this device agreed to 0.002$/,
  );
  expect(notes).toContainEqual(expect.stringMatching(/^a task was given back: the task would take about/));
});
