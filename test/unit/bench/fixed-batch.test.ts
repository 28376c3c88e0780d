import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { benchModel } from '../../bench/bench-models.ts';
import { FixedBatch } from '../../bench/fixed-batch.ts';
import { profileByClock } from '../../bench/kernel-profile.ts';

const TINY = { ...benchModel('cnn-tiny'), inputShape: [8, 8, 1], seed: 1 } as const;

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

describe('a fixed batch', () => {
  it('is the small CNN of the comparisons', () => {
    const batch = new FixedBatch({ ...benchModel('two-conv'), seed: 1 }, 1);
    // 28·28·9·16 + 14·14·9·16·32 + 1568·10 multiply-accumulates.
    expect(batch.describe()).toEqual({ parameters: 20_490, macs: 1_031_744 });
    batch.dispose();
  });

  it('is learnt, the same way every time, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const losses = async () => {
      const batch = new FixedBatch(TINY, 4);
      const runs = [await batch.run(2), await batch.run(3)].map(({ loss }) => loss ?? Number.NaN);
      batch.dispose();
      return runs;
    };
    const [first = 0, second = 0] = await losses();
    expect(second).toBeLessThan(first);
    expect(await losses()).toEqual([first, second]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a profile by the clock', () => {
  it('counts the kernels of the steps, and puts them back as they were', async () => {
    const kernels = tf.getKernelsForBackend('cpu');
    const batch = new FixedBatch(TINY, 4);
    const profile = await profileByClock('cpu', () => batch.run(3));
    batch.dispose();
    const calls = new Map(profile.kernels.map(({ kernel, calls }) => [kernel, calls]));
    expect(calls.get('Conv2DBackpropFilter')).toBe(6);
    expect(calls.get('MaxPoolGrad')).toBe(6);
    expect(profile.kernels.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThanOrEqual(profile.totalMs);
    expect(new Set(tf.getKernelsForBackend('cpu'))).toEqual(new Set(kernels));
  });

  it('gives a kernel that calls another its own time alone', async () => {
    const busyMs = 20;
    const wait = (): void => {
      const until = performance.now() + busyMs;
      while (performance.now() < until);
    };
    const kernel = (kernelName: string, work: () => void): tf.KernelConfig => ({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs }) => {
        work();
        return tf.clone(inputs.x as tf.Tensor);
      },
    });
    const x = tf.scalar(1);
    tf.registerKernel(kernel('Inner', wait));
    tf.registerKernel(kernel('Outer', () => tf.dispose(tf.engine().runKernel('Inner', { x }))));
    const startMs = performance.now();
    const profile = await profileByClock('cpu', async () => {
      tf.dispose(tf.engine().runKernel('Outer', { x }));
      return { seconds: 1, loss: 0 };
    });
    const wallMs = performance.now() - startMs;
    const msOf = (name: string) => profile.kernels.find(({ kernel }) => kernel === name)?.ms ?? Number.NaN;
    expect(msOf('Inner')).toBeGreaterThanOrEqual(busyMs);
    expect(msOf('Outer') + msOf('Inner')).toBeLessThanOrEqual(wallMs);
    tf.unregisterKernel('Inner', 'cpu');
    tf.unregisterKernel('Outer', 'cpu');
    x.dispose();
  });
});
