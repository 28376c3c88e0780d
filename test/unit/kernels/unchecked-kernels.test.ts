import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setSimdKernels } from '../../../client/trainer/simd/simd-module.ts';
import { startWasmWith } from '../../support/start-wasm-with.ts';

/** Where tfjs's WASM kernels took their arguments unchecked, with results worked out by hand. */

describe.each(['relaxed', null] as const)('on WASM, with SIMD %s', simd => {
  beforeAll(async () => {
    await startWasmWith(simd);
    await tf.setBackend('wasm');
  });
  afterAll(() => setSimdKernels(null));

  it('casts to bool what is not 0, whatever its lowest byte', async () => {
    const truths = [false, true, true, true, true];
    const floats = tf.tensor1d([0, 0.5, -3, 256, Number.NaN]);
    expect([...(await floats.cast('bool').data())]).toEqual(truths.map(Number));
    const whole = tf.tensor1d([0, 1, -3, 256, 65_536], 'int32');
    expect([...(await whole.cast('bool').data())]).toEqual(truths.map(Number));
  });

  it('refuses a slice beyond the end', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(() => tf.slice(x, [1, 0], [2, 1])).toThrow();
    expect(() => tf.slice(x, [0, 1], [1, 2])).toThrow();
  });

  it('adds a bias of one number for each row to the rows, not to the columns', async () => {
    const [a, b] = [tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 0, 0, 1], [2, 2])];
    const sum = tf.fused.matMul({ a, b, bias: tf.tensor2d([10, 20], [2, 1]) });
    expect([...(await sum.data())]).toEqual([11, 12, 23, 24]);
  });
});
