import type { Remote } from 'comlink';
import { expect, test } from 'vitest';
import type { TrainerApi } from '../../client/trainer/trainer-api.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { entriesOf } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();

test('a volunteer whose graphics card cannot compile joins as what trains instead, and shows it', async () => {
  const { run } = await createTinyRun(platform.client);
  const scripted = new ScriptedTrainer();
  const device = { note: 'webgpu failed; training on cpu', macsPerSecond: 7e6, threads: 1 };
  const trainer = {
    ...scripted.api,
    start: async () => ({ ...device, backend: 'webgpu', note: null, macsPerSecond: 9e12, startMs: 0 }),
    compile: async () => ({ ...device, backend: 'cpu' }),
  } as unknown as Remote<TrainerApi>;
  const shown = new Set<string | null>();
  const end = await runVolunteer({
    client: platform.client,
    run,
    control: new VolunteerControl(),
    trainer,
    trainerOptions: { backend: 'webgpu' },
    cache: keepsNothing,
    residuals: keepsNothing,
    name: 'Ada',
    memoryMB: 0,
    onStatus: ({ fallback }) => shown.add(fallback),
  });
  expect(end).toMatchObject({ activity: 'stopped', backend: 'cpu', threads: 1 });
  expect(shown).toContain(device.note);
  const [joined] = await entriesOf(platform.client, run, 'volunteer-joined');
  expect(joined).toMatchObject({ name: 'Ada', backend: 'cpu' });
});
