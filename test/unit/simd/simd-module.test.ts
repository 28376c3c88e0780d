import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerWasmTrainingKernels } from '../../../client/trainer/kernels/wasm/register-wasm-kernels.ts';
import {
  bestSimd,
  KERNEL_NAMES,
  setSimdKernels,
  simdKernels,
} from '../../../client/trainer/simd/simd-module.ts';
import { valuesOn } from '../../support/conformance.ts';
import { isEverything } from '../../support/extent.ts';
import { noise, type Values } from '../../support/kernel-case.ts';
import { KERNEL_CASES } from '../../support/kernel-cases.ts';
import { readSimdBinary, type Split, useSimdKernels } from '../../support/simd-kernels.ts';

beforeAll(async () => {
  registerWasmTrainingKernels();
  setThreadsCount(1);
  await tf.setBackend('wasm');
});

afterAll(() => setSimdKernels(null));

/** Loops that are exported so that the compiler does not inline them. Nobody calls them from outside. */
const INNER_LOOPS = [
  'add4',
  'add8',
  'addTaps',
  'convolveSix',
  'layInPlanes',
  'multiply4',
  'multiply8',
  'multiplyRows',
  'transformGradientLine',
  'transformLine',
  'writeLine',
];

describe.each(['simd', 'relaxed'] as const)('the %s binary', kind => {
  it('has nothing of its own in memory: no data, no start function, no state', () => {
    const sections = sectionsOf(readSimdBinary(kind));
    expect(sections).toContain('code');
    for (const name of ['start', 'data', 'global', 'table', 'memory']) expect(sections).not.toContain(name);
  });

  it('takes tfjs’s memory, and has all kernels, the inner loops of some and nothing else', () => {
    const module = new WebAssembly.Module(readSimdBinary(kind));
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    const names = WebAssembly.Module.exports(module).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...KERNEL_NAMES, ...INNER_LOOPS].toSorted());
  });

  it('makes the same to the bit for any split of the work', async () => {
    for (const { name, compute } of SPLIT_CASES) {
      useSimdKernels(kind);
      const whole = await valuesOn('wasm', compute);
      useSimdKernels(kind, backwardsInThrees);
      expect(differs(whole, await valuesOn('wasm', compute)), name).toBe(false);
    }
  });
});

/** Ranges of up to three items, the last first: as different from one call as threads could make it. */
const backwardsInThrees: Split = items =>
  Array.from(
    { length: Math.ceil(items / 3) },
    (_, i) => [i * 3, Math.min(items, i * 3 + 3)] as const,
  ).toReversed();

/** Of each group of the conformance suite one case in so many, its first at least. */
const ONE_IN = isEverything ? 4 : 11;
const SPLIT_CASES = KERNEL_CASES.flatMap(({ cases }) => cases.filter((_, i) => i % ONE_IN === 0));

const differs = (a: readonly Values[], b: readonly Values[]): boolean =>
  a.some(({ data }, i) => Array.from(data).some((value, j) => !Object.is(value, b[i]?.data[j])));

it('is what the engine can run: relaxed SIMD in this one', () => {
  expect(bestSimd()).toBe('relaxed');
});

it('goes on when tfjs’s memory has grown and moved', async () => {
  useSimdKernels('relaxed');
  const convolve = () => [
    tf.conv2d(noise([2, 9, 9, 5], 1) as tf.Tensor4D, noise([3, 3, 5, 7], 2) as tf.Tensor4D, 1, 'same'),
  ];
  const before = await valuesOn('wasm', convolve);
  const large = tf.zeros([64, 1024, 1024]);
  expect(differs(before, await valuesOn('wasm', convolve))).toBe(false);
  large.dispose();
});

it('gives all scratch back', async () => {
  useSimdKernels('relaxed');
  const before = tf.backend().numDataIds();
  for (const { name, compute } of SPLIT_CASES) {
    await valuesOn('wasm', compute);
    expect(tf.backend().numDataIds(), name).toBe(before);
  }
});

it('does the work after it is set, and none after it is taken out', () => {
  let calls = 0;
  useSimdKernels('relaxed');
  const kernels = simdKernels();
  if (!kernels) throw new Error('our kernels were just set');
  setSimdKernels({ ...kernels, run: (...call) => [calls++, kernels.run(...call)] });
  const multiply = () => tf.tidy(() => tf.matMul(noise([8, 8], 1), noise([8, 8], 2)).dataSync());
  multiply();
  expect(calls).toBeGreaterThan(0);
  setSimdKernels(null);
  calls = 0;
  multiply();
  expect(calls).toBe(0);
});

const SECTIONS = ['custom', 'type', 'import', 'function', 'table', 'memory', 'global', 'export', 'start'];

/** Names of the sections of a WebAssembly binary, in order. */
function sectionsOf(binary: Uint8Array): string[] {
  const names = [...SECTIONS, 'element', 'code', 'data', 'data count'];
  const found: string[] = [];
  for (let at = 8; at < binary.length; ) {
    found.push(names[binary[at] ?? -1] ?? 'unknown');
    const { value, next } = readVarint(binary, at + 1);
    at = next + value;
  }
  return found;
}

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  for (let next = from, shift = 0; ; shift += 7) {
    const byte = bytes[next++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next };
  }
}
