import { beforeAll, expect } from 'vitest';
import { createTrainer } from '../../../client/trainer/create-trainer.ts';
import { networks } from '../../support/networks/networks.ts';
import { stepSuite } from '../../support/networks/step-suite.ts';
import { asKeras3 } from '../../support/networks/write-keras3.ts';

/** The backend of a volunteer that has nothing better, with our kernels. */
const trainer = createTrainer();

beforeAll(async () => {
  expect(await trainer.start({ backend: 'cpu' })).toMatchObject({ backend: 'cpu', note: null });
});

stepSuite(trainer, networks, { 'Keras 3': { write: asKeras3, meaning: 3 } });
