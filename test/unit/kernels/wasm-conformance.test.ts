import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import { groupFailures, missingKernels } from '../../support/conformance.ts';
import { isEverything } from '../../support/extent.ts';
import { casesOf, fewerCasesOf } from '../../support/kernel-cases.ts';

beforeAll(async () => {
  registerCpuKernels();
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
});

const groups = isEverything ? casesOf('wasm') : fewerCasesOf('wasm', 4);

describe.each(groups)('$name on WASM', group => {
  it('has its kernels, and makes what the CPU backend makes', async () => {
    expect(missingKernels('wasm', group)).toEqual([]);
    expect(await groupFailures('wasm', group)).toEqual([]);
  });
});
