import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { handFailure } from '../../support/conformance.ts';
import { casesOf } from '../../support/kernel-cases.ts';

/** The CPU backend is what all others are compared with, so it is compared with loops that share nothing with tfjs. */

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

const groups = casesOf('cpu').filter(({ cases }) => cases.some(({ byHand }) => byHand));

it.each(groups)('$name: the CPU backend makes what loops by hand make', async ({ cases }) => {
  const failures: (string | null)[] = [];
  for (const kernelCase of cases) failures.push(await handFailure(kernelCase));
  expect(failures.filter(failure => failure !== null)).toEqual([]);
});
