import { expect, test } from 'vitest';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf, viewWhen } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

/** As it comes from the trainer's thread: an error that bears the name. */
function diverging(leases: number, trainer = new ScriptedTrainer()): ScriptedTrainer {
  trainer.failing = leases;
  trainer.failure = Object.assign(new Error('the loss is NaN at step 3'), { name: 'DivergedError' });
  return trainer;
}

const volunteer = (
  run: string,
  trainer: ScriptedTrainer,
  control: VolunteerControl,
): Promise<VolunteerStatus> =>
  runVolunteer({
    client: platform.client,
    run,
    control,
    trainer: trainer.api,
    trainerOptions: { backend: 'cpu' },
    cache: keepsNothing,
    residuals: keepsNothing,
    name: 'Ada',
    memoryMB: 0,
  });

test('[DIV1] a lease that diverges is given back with the reason, and the next one is at half the rate', async () => {
  const { run } = await createTinyRun(platform.client, { spec: { training: { learningRate: 0.2 } } });
  const trainer = diverging(4);
  expect(await volunteer(run, trainer, new VolunteerControl())).toMatchObject({
    activity: 'stopped',
    refused: 0,
  });
  expect((await platform.client.run(run)).view).toMatchObject({ phase: 'finished', version: 3, refused: 0 });
  const rates = trainer.jobs.flatMap(({ task }) => (task.role === 'evaluator' ? [] : task.schedule.rate));
  expect(rates.slice(0, 5)).toEqual([0.2, 0.1, 0.05, 0.025, 0.0125]);
  const reasons = (await entriesOf(platform.client, run, 'lease-ended')).map(({ why }) => why);
  expect(reasons.filter(why => why === 'the training diverged: the loss is NaN at step 3')).toHaveLength(4);
});

test('[DIV1] a lease asked for ahead of one that diverges is given back: it is at the rate that was too high', async () => {
  const { run } = await createTinyRun(platform.client, { spec: { training: { learningRate: 0.2 } } });
  const trainer = diverging(1, new ScriptedTrainer(200));
  trainer.failsLate = true;
  expect(await volunteer(run, trainer, new VolunteerControl())).toMatchObject({ activity: 'stopped' });
  const rates = trainer.jobs.flatMap(({ task }) => (task.role === 'evaluator' ? [] : task.schedule.rate));
  expect(rates.slice(0, 3)).toEqual([0.2, 0.1, 0.1]);
  const reasons = (await entriesOf(platform.client, run, 'lease-ended')).map(({ why }) => why);
  expect(reasons).toContain('the training before it diverged');
});

test('[DIV2] a run in which every lease diverges pauses itself and says why, and its volunteer waits', async () => {
  const { run } = await createTinyRun(platform.client);
  const control = new VolunteerControl();
  const trainer = diverging(Number.POSITIVE_INFINITY);
  const end = volunteer(run, trainer, control);
  const view = await viewWhen(platform.client, run, ({ phase }) => phase === 'paused', 'the pause');
  expect(view.why).toBe('diverged');
  expect(await entriesOf(platform.client, run, 'run-paused')).toEqual([
    { type: 'run-paused', why: 'diverged' },
  ]);
  control.stop();
  await end;
  expect(trainer.jobs).toHaveLength(5);
  const { status, stdout } = await runHomeroom(['status', `${platform.client.origin}${runPage(run)}`]);
  expect(status).toBe(0);
  expect(stdout).toContain('The run paused itself: the training diverges on every device that tries it. ');
});
