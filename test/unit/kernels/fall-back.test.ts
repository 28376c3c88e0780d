import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import {
  computeAnswers,
  isClose,
  knownAnswers,
  wrongAnswer,
} from '../../../client/trainer/backends/known-answer.ts';
import {
  backendFailure,
  renewWasm,
  restartBackend,
  startBackend,
} from '../../../client/trainer/backends/start-backend.ts';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';
import { encodeAnswers } from '../../support/encode-answers.ts';

beforeAll(async () => {
  registerCpuKernels();
  await tf.setBackend('cpu');
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it('has as known answers what the CPU backend’s plain kernels compute', async () => {
  await tf.setBackend('cpu');
  const answers = await computeAnswers();
  const known = knownAnswers();
  const anew = `known-values.ts should be\n${encodeAnswers(answers)}`;
  expect([...known.keys()], anew).toEqual([...answers.keys()]);
  for (const [name, values] of answers)
    expect(isClose(known.get(name), values), `${name}: ${anew}`).toBe(true);
  expect(await wrongAnswer()).toBeNull();
});

it('leaves no tensor behind when it is checked', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  await wrongAnswer();
  expect(tf.memory().numTensors).toBe(before);
});

it('falls to the CPU, with the reason, if there is no WebAssembly', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  const info = await startBackend({ backend: 'wasm' });
  expect(info.backend).toBe('cpu');
  expect(info.note).toMatch(/^wasm does not work here \(.*WebAssembly.*\); training on cpu$/);
});

it('starts on WASM if it has the known answers', async () => {
  const info = await startBackend({ backend: 'wasm' });
  expect(info).toMatchObject({ backend: 'wasm' });
  expect(tf.getBackend()).toBe('wasm');
});

it.each(['wasm', 'cpu'] as const)('leaves no tensor behind when %s is started and timed', async backend => {
  await tf.setBackend('cpu');
  const { numTensors, numBytes } = tf.memory();
  await startBackend({ backend });
  expect(tf.memory()).toMatchObject({ numTensors, numBytes });
});

type Spoil = (made: tf.Tensor) => tf.Tensor;

/** Does something while a kernel of WASM spoils its results. */
async function whileSpoilt<T>(kernelName: string, spoil: Spoil, use: () => Promise<T>): Promise<T> {
  const right = tf.getKernel(kernelName, 'wasm');
  tf.unregisterKernel(kernelName, 'wasm');
  const kernelFunc: typeof right.kernelFunc = args => spoil(right.kernelFunc(args) as tf.Tensor);
  tf.registerKernel({ ...right, kernelFunc });
  try {
    return await use();
  } finally {
    tf.unregisterKernel(kernelName, 'wasm');
    tf.registerKernel(right);
  }
}

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs?: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attrs);

const halved: Spoil = made => run('RealDiv', { a: made, b: tf.scalar(2) });
const zeros: Spoil = made => run('Multiply', { a: made, b: tf.scalar(0) });
const reversed: Spoil = made => run('Reverse', { x: made }, { dims: [3] });

it('takes a backend with a wrong kernel out of use, and says which of its answers are wrong', async () => {
  const info = await whileSpoilt('Conv2DBackpropFilter', halved, () => startBackend({ backend: 'wasm' }));
  expect(info.backend).toBe('cpu');
  expect(info.note).toBe('wasm does not work here (it computes conv wrongly); training on cpu');
});

it.each<readonly [string, string, Spoil, RegExp]>([
  ['zeros', 'DepthwiseConv2dNative', zeros, /^it computes loss, thinned.* wrongly$/],
  ['values that changed places', 'Conv2DBackpropFilter', reversed, /^it computes conv wrongly$/],
  ['a gradient of zeros', 'DepthwiseConv2dNativeBackpropFilter', zeros, /^it computes depthwise wrongly$/],
])('sees %s', async (_, kernelName, spoil, words) => {
  await startBackend({ backend: 'wasm' });
  expect(await whileSpoilt(kernelName, spoil, wrongAnswer)).toMatch(words);
});

it('starts the next backend when one fails at work, and refuses if none is left', async () => {
  await startBackend({ backend: 'wasm' });
  const info = await restartBackend('wasm', 'out of bounds');
  expect(info).toMatchObject({ backend: 'cpu', note: 'wasm failed (out of bounds); training on cpu' });
  await expect(restartBackend('cpu', 'on fire')).rejects.toThrow('cpu failed (on fire)');
});

it('keeps the note of the first start when WebAssembly is started again', async () => {
  const started = await startBackend({ backend: 'webgpu' });
  expect(started.note).toBe('webgpu does not work here (there is no WebGPU here); training on wasm');
  expect(await renewWasm(started)).toMatchObject({ backend: 'wasm', note: started.note });
});

it('takes a backend out of use that fails when it is timed', async () => {
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

it('tells a trap for lack of memory from one that a lease’s own numbers cause', async () => {
  await startBackend({ backend: 'wasm' });
  const failureOf = (message: string) => backendFailure(new WebAssembly.RuntimeError(message))?.name;
  // As V8, SpiderMonkey and JavaScriptCore word it.
  for (const message of ['memory access out of bounds', 'index out of bounds', 'Out of bounds memory access'])
    expect(failureOf(message)).toBe('OutOfMemoryError');
  for (const message of ['divide by zero', 'remainder by zero', 'integer divide by zero', 'Division by zero'])
    expect(failureOf(message)).toBe('TrapError');
});

it('does not blame the device for an error of another backend', async () => {
  await tf.setBackend('cpu');
  expect(backendFailure(new RangeError('Array buffer allocation failed'))).toBeNull();
});
