import * as tf from '@tensorflow/tfjs-core';
import type { CaseGroup, KernelCase } from './kernel-case.ts';

/** One tensor's contents, taken off its backend so that two backends can be compared. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** What the computation makes on the backend. Both backends have been started; the one in use before is so again. */
export async function valuesOn(backend: string, compute: () => tf.Tensor[]): Promise<Values[]> {
  const before = tf.getBackend();
  await tf.setBackend(backend);
  const tensors = tf.tidy(compute);
  const values = await Promise.all(
    tensors.map(async tensor => ({ shape: tensor.shape, data: await tensor.data() })),
  );
  tf.dispose(tensors);
  await tf.setBackend(before);
  return values;
}

/** How the backend differs from the CPU backend on a case, in words; null where it does not. */
export async function caseFailure(backend: string, { name, compute }: KernelCase): Promise<string | null> {
  try {
    const expected = await valuesOn('cpu', compute);
    const difference = differenceOf(await valuesOn(backend, compute), expected);
    return difference === null ? null : `${name}: ${difference}`;
  } catch (error) {
    return `${name}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export async function groupFailures(backend: string, group: CaseGroup): Promise<string[]> {
  const failures: string[] = [];
  for (const kernelCase of group.cases) {
    const failure = await caseFailure(backend, kernelCase);
    if (failure !== null) failures.push(failure);
  }
  return failures;
}

export const missingKernels = (backend: string, { kernels }: CaseGroup): string[] =>
  kernels.filter(kernel => !tf.getKernel(kernel, backend));

export function differenceOf(actual: readonly Values[], expected: readonly Values[]): string | null {
  if (actual.length !== expected.length) return `${actual.length} outputs, should be ${expected.length}`;
  for (const [i, reference] of expected.entries()) {
    const difference = tensorDifference(actual[i], reference);
    if (difference !== null) return `output ${i} ${difference}`;
  }
  return null;
}

/** Relative to the element, plus a tenth of that relative to the largest one, for sums that cancel. */
function tensorDifference(actual: Values | undefined, expected: Values): string | null {
  if (`${actual?.shape}` !== `${expected.shape}`)
    return `has shape [${actual?.shape}], should be [${expected.shape}]`;
  const largest = Array.from(expected.data).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  for (let i = 0; i < expected.data.length; i++) {
    const want = expected.data[i] ?? Number.NaN;
    const got = actual?.data[i] ?? Number.NaN;
    if (!(Math.abs(got - want) <= 1e-4 * Math.abs(want) + 1e-5 * largest))
      return `element ${i} is ${got}, should be ${want} (largest ${largest})`;
  }
  return null;
}
