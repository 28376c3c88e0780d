import * as tf from '@tensorflow/tfjs-core';
import { errorText } from '../../shared/protocol/error-text.ts';
import type { CaseGroup, KernelCase, Values } from './kernel-case.ts';

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
    return `${name}: ${errorText(error)}`;
  }
}

/** How the CPU backend differs from loops by hand on a case that has them, in words; null where it does not. */
export async function handFailure({ name, compute, byHand }: KernelCase): Promise<string | null> {
  const expected = byHand?.() ?? [];
  const difference = differenceOf((await valuesOn('cpu', compute)).slice(0, expected.length), expected);
  return difference === null ? null : `${name}: ${difference}`;
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
  const finite = Array.from(expected.data).filter(Number.isFinite);
  const largest = finite.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  for (let i = 0; i < expected.data.length; i++) {
    const want = expected.data[i] ?? Number.NaN;
    const got = actual?.data[i];
    // Infinities and NaN, whose differences are NaN.
    if (got !== undefined && Object.is(got, want)) continue;
    if (got === undefined || !(Math.abs(got - want) <= 1e-4 * Math.abs(want) + 1e-5 * largest))
      return `element ${i} is ${got}, should be ${want} (largest ${largest})`;
  }
  return null;
}
