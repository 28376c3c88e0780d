import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { registerCpuKernels } from '../../../client/trainer/kernels/cpu/register-cpu-kernels.ts';

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Large enough that float32 rounding does not hide the difference, and small enough that its square does not count. */
const STEP = 1e-2;

/** Starts the reference kernels alone; call it once, in `beforeAll`. */
export async function startReference(): Promise<void> {
  registerCpuKernels();
  await tf.setBackend('cpu');
}

export const values = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomNormal([...shape], 0, 1, 'float32', seed);

/** Expects that the op's gradients for all inputs are the slopes of Σ dy · y. It moves each input a little each way. */
export function expectSlopes(op: Op, inputs: tf.Tensor[]): void {
  const dy = tf.tidy(() => values(op(...inputs).shape, 99));
  const gradients = tf
    .grads(op)(inputs, dy)
    .map(gradient => gradient.dataSync());
  for (const [which, input] of inputs.entries())
    for (let i = 0; i < input.size; i++)
      expect(gradients[which]?.[i], `input ${which}, element ${i}`).toBeCloseTo(
        slope(op, inputs, which, i, dy),
        2,
      );
}

function slope(op: Op, inputs: readonly tf.Tensor[], which: number, element: number, dy: tf.Tensor): number {
  const at = (shift: number): number =>
    tf.tidy(() => {
      const moved = inputs.map((input, i) => (i === which ? nudged(input, element, shift) : input));
      const weights = dy.dataSync();
      return Array.from(op(...moved).dataSync()).reduce((sum, y, i) => sum + y * (weights[i] ?? 0), 0);
    });
  return (at(STEP) - at(-STEP)) / (2 * STEP);
}

function nudged(tensor: tf.Tensor, element: number, shift: number): tf.Tensor {
  const moved = Float32Array.from(tensor.dataSync());
  moved[element] = (moved[element] ?? Number.NaN) + shift;
  return tf.tensor(moved, tensor.shape);
}
