import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { computeAnswers, KNOWN_ANSWERS, wrongAnswer } from '../../../client/trainer/backends/known-answer.ts';
import {
  backendFailure,
  renewWasm,
  restartBackend,
  startBackend,
} from '../../../client/trainer/backends/start-backend.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('keeps the answers that the CPU backend’s plain kernels give', async () => {
  await tf.setBackend('cpu');
  const answers = await computeAnswers();
  expect(Object.keys(answers)).toEqual(Object.keys(KNOWN_ANSWERS));
  for (const [name, known] of Object.entries(KNOWN_ANSWERS))
    expect(answers[name], name).toBeCloseTo(known, 4);
  expect(await wrongAnswer()).toBeNull();
});

it('leaves no tensor behind when it is checked', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  await wrongAnswer();
  expect(tf.memory().numTensors).toBe(before);
});

it('falls to the CPU, with the reason, where there is no WebAssembly', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const info = await startBackend({ backend: 'wasm' });
  expect(info.backend).toBe('cpu');
  expect(info.note).toMatch(/^wasm does not work here \(.*WebAssembly.*\); training on cpu$/);
});

it('starts on WASM where its answers are right', async () => {
  const info = await startBackend({ backend: 'wasm' });
  expect(info).toMatchObject({ backend: 'wasm' });
  expect(tf.getBackend()).toBe('wasm');
});

it('takes a backend with a wrong kernel out of use, and says which answers were wrong', async () => {
  const right = tf.getKernel('Conv2DBackpropFilter', 'wasm');
  tf.unregisterKernel('Conv2DBackpropFilter', 'wasm');
  tf.registerKernel({
    ...right,
    // Half the gradient, as a kernel that leaves out a part of the batch.
    kernelFunc: args => {
      const dw = right.kernelFunc(args) as tf.TensorInfo;
      return tf.engine().runKernel('RealDiv', { a: dw as tf.Tensor, b: tf.scalar(2) }) as tf.Tensor;
    },
  });
  try {
    const info = await startBackend({ backend: 'wasm' });
    expect(info.backend).toBe('cpu');
    expect(info.note).toBe('wasm does not work here (it computes conv wrongly); training on cpu');
  } finally {
    tf.unregisterKernel('Conv2DBackpropFilter', 'wasm');
    tf.registerKernel(right);
  }
});

it('starts the next backend when one fails at work, and refuses where there is none left', async () => {
  await startBackend({ backend: 'wasm' });
  const info = await restartBackend('wasm', 'out of bounds');
  expect(info).toMatchObject({ backend: 'cpu', note: 'wasm failed (out of bounds); training on cpu' });
  await expect(restartBackend('cpu', 'on fire')).rejects.toThrow('cpu failed (on fire)');
});

it('keeps what it told of the first start when WebAssembly is started again', async () => {
  const started = await startBackend({ backend: 'webgpu' });
  expect(started.note).toBe('webgpu does not work here (there is no WebGPU here); training on wasm');
  expect(await renewWasm(started)).toMatchObject({ backend: 'wasm', note: started.note });
});

it('takes a backend that fails when it is timed out of use', async () => {
  const right = tf.getKernel('Square', 'wasm');
  tf.unregisterKernel('Square', 'wasm');
  tf.registerKernel({
    ...right,
    kernelFunc: () => {
      throw new WebAssembly.RuntimeError('unreachable');
    },
  });
  try {
    expect(await startBackend({ backend: 'wasm' })).toMatchObject({
      backend: 'cpu',
      note: 'wasm does not work here (unreachable); training on cpu',
    });
  } finally {
    tf.unregisterKernel('Square', 'wasm');
    tf.registerKernel(right);
  }
});

it('tells a trap for want of memory from one that a lease’s own numbers lead to', async () => {
  await startBackend({ backend: 'wasm' });
  const failureOf = (message: string) => backendFailure(new WebAssembly.RuntimeError(message))?.name;
  // As V8, SpiderMonkey and JavaScriptCore put it.
  for (const message of ['memory access out of bounds', 'index out of bounds', 'Out of bounds memory access'])
    expect(failureOf(message)).toBe('OutOfMemoryError');
  for (const message of ['divide by zero', 'remainder by zero', 'integer divide by zero', 'Division by zero'])
    expect(failureOf(message)).toBe('TrapError');
});

it('takes no error for the device’s that another backend throws', async () => {
  await tf.setBackend('cpu');
  expect(backendFailure(new RangeError('Array buffer allocation failed'))).toBeNull();
});
