import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import { groupedConvInfo } from '../../../client/trainer/ops/grouped-conv2d.ts';
import { setSimdKernels } from '../../../client/trainer/simd/simd-module.ts';
import { caseFailure } from '../../support/conformance.ts';
import { noise, runKernel } from '../../support/kernel-case.ts';
import { useSimdKernels } from '../../support/simd-kernels.ts';

beforeAll(async () => {
  registerCpuKernels();
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
});

afterAll(() => setSimdKernels(null));

const upTo = (max: number) => fc.integer({ min: 1, max });

/** Any convolution whose filter fits its image, so that panels, blocks, phases and edges of all sizes meet. */
const anyConvolution = fc
  .record({
    image: fc.tuple(upTo(3), upTo(11), upTo(11)),
    filter: fc.tuple(upTo(5), upTo(5)),
    strides: fc.tuple(upTo(4), upTo(4)),
    pad: fc.constantFrom('same' as const, 'valid' as const),
    groups: upTo(3),
    channels: upTo(18),
    outputs: upTo(18),
  })
  .filter(({ image, filter, pad }) => pad === 'same' || (filter[0] <= image[1] && filter[1] <= image[2]));

describe.each(['simd', 'relaxed'] as const)('the %s binary', kind => {
  it('convolves any image by any filter in any groups, and has both gradients', async () => {
    useSimdKernels(kind);
    await fc.assert(
      fc.asyncProperty(anyConvolution, async ({ image, filter, strides, pad, groups, channels, outputs }) => {
        const attrs = { groups, strides, pad };
        const inputShape = [...image, groups * channels];
        const filterShape = [...filter, channels, groups * outputs];
        const { outShape } = groupedConvInfo(inputShape, filterShape, attrs);
        const compute = () => {
          const [x, w, dy] = [noise(inputShape, 1), noise(filterShape, 2), noise(outShape, 3)];
          return [
            runKernel('GroupedConv2D', { x, filter: w }, attrs),
            runKernel('GroupedConv2DBackpropInput', { dy, filter: w }, { ...attrs, inputShape }),
            runKernel('GroupedConv2DBackpropFilter', { x, dy }, { ...attrs, filterShape }),
          ];
        };
        expect(await caseFailure('wasm', { name: 'convolution', compute })).toBeNull();
      }),
      { numRuns: 120, seed: 20261120 },
    );
  });
});
