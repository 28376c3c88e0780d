import type { Remote } from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { createRun } from '../../client/host/create-run.ts';
import type { LeaseJob, LeaseResult, TrainerApi } from '../../client/trainer/trainer-api.ts';
import { runVolunteer } from '../../client/volunteer/run-volunteer.ts';
import { VolunteerControl } from '../../client/volunteer/volunteer-control.ts';
import { decodeUpdate, encodeUpdate, openEnvelope } from '../../shared/codec/envelope.ts';
import type { GlyphsDataset } from '../../shared/protocol/dataset.ts';
import { expectedTensors } from '../../shared/protocol/expected-tensors.ts';
import type { ModelOutline } from '../../shared/protocol/model-outline.ts';
import { runPage } from '../../shared/protocol/paths.ts';
import type { RunSpec } from '../../shared/protocol/run-spec.ts';
import { fewGlyphs, startLocalTrainer } from '../support/local-trainer.ts';
import { keepsNothing } from '../support/memory-store.ts';
import { archivedRound, entriesOf } from '../support/poll.ts';
import { runHomeroom } from '../support/run-homeroom.ts';
import { usePlatform } from '../support/test-platform.ts';

const platform = usePlatform();
const ROUNDS = 8;
const dataset: GlyphsDataset = { ...fewGlyphs, trainParts: 8, testParts: 2, examplesPerPart: 250 };

let controls: VolunteerControl[] = [];
afterEach(() => {
  for (const control of controls) control.stop();
  controls = [];
});

/** One trainer for all volunteers of this thread: it does one thing after the other. */
async function sharedTrainer(): Promise<TrainerApi> {
  const { trainer } = await startLocalTrainer();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => null);
    return next;
  };
  return {
    ...trainer,
    build: request => inTurn(() => trainer.build(request)),
    start: options => inTurn(() => trainer.start(options)),
    compile: job => inTurn(() => trainer.compile(job)),
    measure: async () => 0,
    work: (job, onProgress) => inTurn(() => trainer.work(job, onProgress)),
    cancel: async () => undefined,
  };
}

/** What was learnt, turned round and ten times as long. */
function turned(model: ModelOutline, { task, codec, lease }: LeaseJob, result: LeaseResult): LeaseResult {
  const expected = expectedTensors(model, task.trains, task.slices);
  const opened = openEnvelope(result.envelope);
  const decoded = opened.ok ? decodeUpdate(opened.value, { codec, tensors: expected }) : opened;
  if (!opened.ok || !decoded.ok) throw new Error('its own envelope');
  const tensors = expected.map((tensor, i) => ({
    ...tensor,
    values: (decoded.value[i] ?? new Float32Array()).map(value => (tensor.statistic ? value : -10 * value)),
  }));
  return { ...result, envelope: encodeUpdate({ lease, codec, tensors, metrics: opened.value.metrics }) };
}

/** Volunteers until the run has finished. */
function start(run: string, trainer: TrainerApi, name: string, hostKey?: string): Promise<unknown> {
  const control = new VolunteerControl();
  controls.push(control);
  return runVolunteer({
    ...{ client: platform.client, run, control, name, memoryMB: 0 },
    ...{ trainerOptions: { backend: 'wasm' }, cache: keepsNothing, residuals: keepsNothing },
    trainer: trainer as unknown as Remote<TrainerApi>,
    ...(hostKey && { hostKey }),
  });
}

/** A run with two honest volunteers, two who send their updates turned round, and the host as referee. */
async function attacked(aggregation: 'fltrust' | 'clipped-mean', check: RunSpec['policy']['check'] = 'off') {
  const trainer = await sharedTrainer();
  const { run, hostKey } = await createRun({
    ...{ client: platform.client, trainer: trainer as unknown as Remote<TrainerApi>, model: 'cnn-tiny' },
    spec: {
      ...{ name: aggregation, seed: 1, dataset, rounds: ROUNDS, aggregation },
      plan: { name: 'conventional' },
      training: { learningRate: 0.05, batch: 16 },
      policy: { updatesPerRound: 4, minVolunteers: 5, evaluators: 'referees', maxDrop: 0, check },
    },
  });
  const { model } = await platform.client.run(run);
  const hostile: TrainerApi = {
    ...trainer,
    work: async job => turned(model, job, await trainer.work(job)),
  };
  await Promise.all([
    start(run, trainer, 'the host', hostKey),
    ...['Ada', 'Bob'].map(name => start(run, trainer, name)),
    ...['Mal', 'Eve'].map(name => start(run, hostile, name)),
  ]);
  const { view } = await platform.client.run(run);
  const [accuracy = 0] = view.rounds.flatMap(round => round.accuracy ?? []).slice(-1);
  return { run, accuracy };
}

test('[ROOT4] [ROOT5] by fltrust a run learns though half of its volunteers turn their updates round', async () => {
  const { run, accuracy } = await attacked('fltrust');
  expect(accuracy).toBeGreaterThan(0.5);
  const published = await entriesOf(platform.client, run, 'version-published');
  expect(published.map(({ aggregation }) => aggregation?.whole?.fallback)).toEqual(
    new Array(ROUNDS).fill(undefined),
  );
  const updates = await entriesOf(platform.client, run, 'update-accepted');
  const roots = updates.filter(({ root, role }) => root && role === 'whole');
  expect(roots.map(({ round }) => round)).toEqual(Array.from({ length: ROUNDS }, (_, i) => i + 1));
  await archivedRound(platform.client, run, 'whole', ROUNDS);
  const replayed = await runHomeroom(['replay', platform.client.origin + runPage(run)]);
  expect(replayed).toMatchObject({ status: 0, stderr: '' });
}, 300_000);

test('the same volunteers ruin a run by a rule that compares with nobody', async () => {
  expect((await attacked('clipped-mean')).accuracy).toBeLessThan(0.3);
}, 300_000);

test('[CHECK7] they do not if the referee checks each version', async () => {
  const { run, accuracy } = await attacked('clipped-mean', 'if-present');
  expect(accuracy).toBeGreaterThan(0.5);
  expect(await entriesOf(platform.client, run, 'candidate-refused')).not.toEqual([]);
}, 300_000);
