import { beforeAll, expect, it } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import type { TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { checkUpdate } from '../../../shared/cohort/check-update.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import { constantRate, leaseJob, wholeTask } from '../../support/local-trainer.ts';
import { smallConfig } from '../federation/small-run.ts';

let trainer: TrainerApi;

beforeAll(async () => {
  trainer = createTrainer();
  await trainer.start({ backend: 'wasm' });
});

const claims: LeaseClaims = {
  kind: 'lease',
  run: 'run000',
  lease: 'lease1',
  volunteer: 'volunteer0',
  role: 'whole',
  cohort: 0,
  round: 1,
  version: 0,
  trains: wholeTask.trains,
  parts: [0],
  examples: 96,
  byteAllowance: 1e9,
  deadlineAt: 0,
};

// At these rates the weights run away, and the statistics of the layers behind them as well.
it.each([
  ['cnn-5-bn', 30],
  ['cnn-5-bn', 1_000],
  ['densenet-28-12-bn', 1_000],
])('[ACC7] %s at a learning rate of %d is told that its weights change too much', async (name, rate) => {
  const model = await trainer.build({ name, inputShape: [28, 28, 1], classes: 10, seed: 1 });
  const { envelope } = await trainer.work(leaseJob(model, { ...wholeTask, schedule: constantRate(rate) }));
  const config = { ...smallConfig({ codec: { name: 'f32' } }), model: model.outline };
  expect(checkUpdate(config, claims, envelope)).toMatchObject({ reason: 'out-of-range' });
});
