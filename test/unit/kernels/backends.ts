import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';

/** One tensor's contents, taken off its backend so that two backends can be compared. */
interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Both backends ready, the WASM one with our kernels on one thread. Call once, in `beforeAll`. */
export async function startBackends(): Promise<void> {
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('cpu');
  await tf.setBackend('wasm');
}

export function onBackend(name: 'cpu' | 'wasm', compute: () => tf.Tensor[]): Values[] {
  tf.setBackend(name);
  const results = tf.tidy(() => compute().map(tensor => ({ shape: tensor.shape, data: tensor.dataSync() })));
  tf.setBackend('wasm');
  return results;
}

/** Runs one kernel by name, as the gradient of an op would. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor {
  const output = tf.engine().runKernel(name, { ...inputs }, attrs);
  if (Array.isArray(output)) throw new Error(`${name} returned several tensors`);
  return output;
}

/** Reproducible values, most of them distinct, of both signs and about unit size. */
export function noise(shape: readonly number[], seed: number): tf.Tensor {
  return tf.randomNormal([...shape], 0, 1, 'float32', seed);
}

/** The tensors `compute` makes agree on both backends, relative tolerance 1e-4. */
export function expectSameOnBothBackends(label: string, compute: () => tf.Tensor[]): void {
  const expected = onBackend('cpu', compute);
  const actual = onBackend('wasm', compute);
  expect(actual.length, label).toBe(expected.length);
  for (const [i, reference] of expected.entries()) expectClose(`${label}, output ${i}`, actual[i], reference);
}

/** Relative to the element, plus a tenth of that relative to the largest one, for sums that cancel. */
export function expectClose(label: string, actual: Values | undefined, expected: Values): void {
  expect(actual?.shape, `${label}: shape`).toEqual(expected.shape);
  const largest = Array.from(expected.data).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  for (let i = 0; i < expected.data.length; i++) {
    const want = expected.data[i] ?? Number.NaN;
    const got = actual?.data[i] ?? Number.NaN;
    const isClose = Math.abs(got - want) <= 1e-4 * Math.abs(want) + 1e-5 * largest;
    if (!isClose) expect.fail(`${label}: element ${i} is ${got}, should be ${want} (largest ${largest})`);
  }
}
