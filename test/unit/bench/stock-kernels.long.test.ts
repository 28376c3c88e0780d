// tfjs's gradients come with its layers.
import '@tensorflow/tfjs-layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { stockKernels } from '../../bench/stock-kernels.ts';
import { groupFailures, missingKernels } from '../../support/conformance.ts';
import { FAMILY_GROUPS } from '../../support/kernel-cases/family.ts';

/** tfjs's CPU backend under another name, with our ops composed of its kernels. */
const STOCK = 'cpu-stock';

const OURS = new Set(stockKernels(STOCK).map(({ kernelName }) => kernelName));

beforeAll(async () => {
  tf.registerBackend(STOCK, () => new MathBackendCPU(), 0);
  tf.copyRegisteredKernels('cpu', STOCK);
  for (const kernel of stockKernels(STOCK)) tf.registerKernel(kernel);
  registerCpuKernels();
  await tf.setBackend('cpu');
});

describe('our ops composed of stock kernels', () => {
  it.each(FAMILY_GROUPS.filter(({ kernels }) => kernels.some(name => OURS.has(name))))(
    '$name is right, so that the comparison is one of speed alone',
    async group => {
      expect(missingKernels(STOCK, group)).toEqual([]);
      expect(await groupFailures(STOCK, group)).toEqual([]);
    },
  );
});
