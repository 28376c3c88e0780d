import { afterEach, beforeEach, expect, test } from 'vitest';
import { HomeroomClient } from '../../client/platform/homeroom-client.ts';
import type { KeptTensors, LeaseJob } from '../../client/trainer/trainer-api.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import type { VolunteerIdentity } from '../../client/volunteer/volunteer-options.ts';
import type { VolunteerStatus } from '../../client/volunteer/volunteer-status.ts';
import { elementCount } from '../../shared/codec/safetensors.ts';
import { FaultyLink, refusal } from '../support/faulty-link.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';
import { keepsNothing, MemoryStore } from '../support/memory-store.ts';
import { entriesOf, until } from '../support/poll.ts';
import { ScriptedTrainer } from '../support/scripted-trainer.ts';
import { usePlatform } from '../support/test-platform.ts';
import { createTinyRun } from '../support/tiny-run.ts';

const platform = usePlatform();
let link: FaultyLink;
let client: HomeroomClient;
let residuals: MemoryStore;
let trainer: ScriptedTrainer;
let known: VolunteerIdentity | null;

beforeEach(async () => {
  link = new FaultyLink(platform.client.origin);
  client = new HomeroomClient(await link.open());
  residuals = new MemoryStore();
  known = null;
  trainer = new ScriptedTrainer(20);
  trainer.leaves = job => left(job, trainer.jobs.length);
});

afterEach(() => link.close());

const volunteer = (
  run: string,
  control = new VolunteerControl(),
  outbox = new MemoryOutbox().open().store,
): Promise<VolunteerStatus> =>
  runVolunteer({
    outbox,
    client,
    run,
    control,
    trainer: trainer.api,
    trainerOptions: { backend: 'cpu' },
    cache: keepsNothing,
    residuals,
    name: 'Ada',
    memoryMB: 0,
    identity: known,
    onIdentity: identity => {
      known = identity;
    },
  });

/** Tensors of all that this job trains, each value the job's number. */
const left = ({ task, segments }: LeaseJob, number: number): KeptTensors =>
  Object.fromEntries(
    task.trains.map(id => {
      const tensors = segments[id]?.tensors ?? [];
      const values = tensors.map(
        tensor => [tensor.name, new Float32Array(elementCount(tensor)).fill(number)] as const,
      );
      return [id, Object.fromEntries(values)];
    }),
  );

/** What each job must have had with it if only these jobs' updates were taken. */
function expected(jobs: readonly LeaseJob[], isTaken: (number: number) => boolean): KeptTensors[] {
  let kept: KeptTensors = {};
  return jobs.map((job, i) => {
    const here = kept;
    if (isTaken(i + 1)) kept = { ...kept, ...left(job, i + 1) };
    const own = job.task.trains.flatMap(id => (here[id] ? [[id, here[id]] as const] : []));
    return Object.fromEntries(own);
  });
}

const isUpdate = (request: string): boolean => request.endsWith('/update');

test('what an update left goes with the next job that trains its segments', async () => {
  const { run } = await createTinyRun(platform.client);
  await volunteer(run);
  const had = trainer.jobs.map(({ residual }) => residual);
  expect(had).toEqual(expected(trainer.jobs, () => true));
  expect(had.filter(residual => Object.keys(residual ?? {}).length > 0).length).toBeGreaterThan(1);
});

test.each([
  ['refused', 1, refusal],
  ['sent five times before it came through', 4, { status: 503 }],
  ['sent again since its reply was lost', 1, 'cut'],
] as const)('an update that was %s leaves its residual once if it was taken', async (how, faults, fault) => {
  const { run } = await createTinyRun(platform.client);
  let toFail = faults as number;
  link.fault = request => (isUpdate(request) && toFail-- > 0 ? fault : 'pass');
  await volunteer(run);
  const isTaken = (job: number): boolean => how !== 'refused' || job > 1;
  expect(trainer.jobs.map(({ residual }) => residual)).toEqual(expected(trainer.jobs, isTaken));
});

test('a volunteer that comes back has what it left', async () => {
  const { run } = await createTinyRun(platform.client);
  const control = new VolunteerControl();
  trainer.leaves = job => {
    if (trainer.jobs.length === 2) control.finishThenStop();
    return left(job, trainer.jobs.length);
  };
  await volunteer(run, control);
  const before = trainer.jobs.length;
  expect(residuals.kept.size).toBeGreaterThan(0);
  await volunteer(run);
  expect(trainer.jobs.length).toBeGreaterThan(before);
  expect(trainer.jobs.map(({ residual }) => residual)).toEqual(expected(trainer.jobs, () => true));
});

test('a reply that was lost as the device was stopped: what the update leaves is there after the restart, once', async () => {
  const { run } = await createTinyRun(platform.client, { spec: { rounds: 6 } });
  const device = new MemoryOutbox();
  let isAway = true;
  link.fault = request => (isUpdate(request) && isAway ? 'cut' : 'pass');
  const [tab, control] = [device.open(), new VolunteerControl()];
  const end = volunteer(run, control, tab.store);
  await until(async () => device.kept.size > 0 && link.seen.some(isUpdate), 'an update on its way');
  const taken = async () =>
    (await entriesOf(platform.client, run, 'update-accepted')).map(({ lease }) => lease);
  await until(async () => (await taken()).length > 0, 'an update that the platform has');
  control.stop();
  await end;
  tab.close();
  expect(residuals.kept.size).toBe(0);
  isAway = false;
  await volunteer(run, new VolunteerControl(), device.open().store);
  const isTaken = new Set(await taken());
  const had = trainer.jobs.map(({ residual }) => residual);
  expect(had).toEqual(expected(trainer.jobs, job => isTaken.has(trainer.jobs[job - 1]?.lease ?? '')));
  expect(had.filter(residual => Object.keys(residual ?? {}).length > 0).length).toBeGreaterThan(1);
});

const corrected = { plan: { name: 'depth-federated', correction: 0.1 } } as const;

test.each([
  ['taken', 0, { status: 503 }],
  ['refused', 1, refusal],
  ['sent five times before it was taken', 4, { status: 503 }],
] as const)(
  '[PUB8] the first update was %s: each job has the drift of all that were taken',
  async (how, faults, fault) => {
    trainer.leaves = null;
    const training = () => trainer.jobs.filter(({ task }) => task.role !== 'evaluator');
    trainer.drifts = job => left(job, training().length);
    const { run } = await createTinyRun(platform.client, { spec: corrected });
    let toFail = faults as number;
    link.fault = request => (isUpdate(request) && toFail-- > 0 ? fault : 'pass');
    await volunteer(run);
    const jobs = training();
    const isTaken = (number: number): boolean => how !== 'refused' || number > 1;
    expect(jobs.length).toBeGreaterThan(2);
    expect(jobs.map(({ drift }) => drift)).toEqual(expected(jobs, isTaken));
  },
);

test('[PUB8] a job of a run that corrects no drift has none with it', async () => {
  trainer.drifts = job => left(job, 1);
  const { run } = await createTinyRun(platform.client);
  await volunteer(run);
  for (const job of trainer.jobs) expect(job).not.toHaveProperty('drift');
});
