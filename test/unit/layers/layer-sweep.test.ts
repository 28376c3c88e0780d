import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { groupFailures } from '../../support/conformance.ts';
import { firstOf, isEverything } from '../../support/extent.ts';
import { layerCases, missingClasses } from '../../support/layer-cases.ts';
import { startWasmWith } from '../../support/start-wasm-with.ts';

/** Of each class. */
const SETTINGS = isEverything ? 12 : 4;

it('leaves out no layer that tf.layers has', () => {
  expect(missingClasses()).toEqual([]);
});

describe.each(firstOf(1, ['relaxed', 'simd', null] as const))('layers on WASM, with SIMD %s', simd => {
  beforeAll(async () => {
    registerCpuKernels();
    await tf.setBackend('cpu');
    await startWasmWith(simd);
    await tf.setBackend('wasm');
  });

  it.each(layerCases(SETTINGS))('$name: outputs and gradients as on the CPU backend', async group => {
    const before = tf.memory().numTensors;
    expect(await groupFailures('wasm', group)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
