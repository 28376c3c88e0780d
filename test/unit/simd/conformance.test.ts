import { isEverything } from '../../support/extent.ts';
import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import { setSimdKernels } from '../../../client/trainer/simd/simd-module.ts';
import { groupFailures } from '../../support/conformance.ts';
import { casesOf, fewerCasesOf } from '../../support/kernel-cases.ts';
import { useSimdKernels } from '../../support/simd-kernels.ts';

beforeAll(async () => {
  registerCpuKernels();
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
});

const groups = isEverything ? casesOf('wasm') : fewerCasesOf('wasm', 5);

describe.each(['simd', 'relaxed'] as const)('the %s binary', kind => {
  beforeAll(() => useSimdKernels(kind));
  afterAll(() => setSimdKernels(null));

  it.each(groups)('makes what the CPU backend makes: $name', async group => {
    expect(await groupFailures('wasm', group)).toEqual([]);
  });
});
