import * as tf from '@tensorflow/tfjs-core';

/**
 * A row of the conformance suite: a computation whose tensors, forward values and gradients, every backend must make as
 * the CPU backend does. Runs in Node and in pages, so it knows neither.
 */
export interface KernelCase {
  readonly name: string;
  /** Makes its inputs anew, on the backend in use. Runs within `tidy`. */
  readonly compute: () => tf.Tensor[];
  /**
   * What it makes by plain loops that share nothing with tfjs, tensor for tensor: the CPU backend is checked against
   * that. Left out if there are no such loops.
   */
  readonly byHand?: () => readonly Values[];
}

/** One tensor's contents, taken off its backend so that two backends can be compared. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Cases that need the same kernels. */
export interface CaseGroup {
  readonly name: string;
  /** Kernels that cases call by name: a backend without them fails. */
  readonly kernels: readonly string[];
  readonly cases: readonly KernelCase[];
  /** Backends that are known to have it wrong, where no model needs it. */
  readonly notOn?: readonly string[];
}

export type Pair = [number, number];
export type Shape4D = [number, number, number, number];
export type Pad = 'same' | 'valid' | number;

/** Reproducible values, most of them distinct, of both signs and about unit size. */
export const noise = (shape: readonly number[], seed: number): tf.Tensor =>
  tf.randomNormal([...shape], 0, 1, 'float32', seed);

/** The same values for loops by hand, taken on the CPU backend. */
export const noiseValues = (shape: readonly number[], seed: number): ArrayLike<number> =>
  tf.tidy(() => noise(shape, seed).dataSync());

type Op = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Seed of the gradient of every result, so that no two elements have the same. */
export const GRADIENT_SEED = 9;

/** An op's result, and its gradients for all inputs. */
export function resultAndGradients(op: Op, inputs: tf.Tensor[]): tf.Tensor[] {
  const y = op(...inputs);
  return [y, ...tf.grads(op)(inputs, noise(y.shape, GRADIENT_SEED))];
}

/** Runs one kernel by name, as the gradient of an op would. */
export function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor {
  const [output, ...others] = runKernels(name, inputs, attrs);
  if (!output || others.length > 0) throw new Error(`${name} returned ${others.length + 1} tensors`);
  return output;
}

/** The same for a kernel of several outputs. */
export function runKernels(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: tf.NamedAttrMap = {},
): tf.Tensor[] {
  const outputs: tf.Tensor | tf.Tensor[] = tf.engine().runKernel(name, { ...inputs }, attrs);
  return Array.isArray(outputs) ? outputs : [outputs];
}

export const product = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] =>
  as.flatMap(a => bs.map((b): [A, B] => [a, b]));
