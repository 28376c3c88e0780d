import { describe, expect, it } from 'vitest';
import { encodeUpdate, maxEnvelopeBytes } from '../../../shared/codec/envelope.ts';
import { checkUpdate } from '../../../shared/cohort/check-update.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import { reasonOf, unwrap } from '../codec/arbitraries.ts';
import { smallConfig, trainingMetrics } from './small-run.ts';

const config = smallConfig({ codec: { name: 'f32' } });
const trains = ['segment-1', 'head-1'];

const claims: LeaseClaims = {
  kind: 'lease',
  run: 'run000',
  lease: 'lease1',
  volunteer: 'volunteer0',
  role: 'student',
  cohort: 0,
  round: 1,
  version: 0,
  trains,
  parts: [0],
  examples: 10,
  byteAllowance: maxEnvelopeBytes(config.spec.codec, expectedTensors(config.model, trains)),
  deadlineAt: 0,
};
const evaluatorClaims: LeaseClaims = { ...claims, role: 'evaluator', trains: [] };

const evaluated = { examples: 10, correct: 10, lossSum: 0, downloadBytes: 0, backend: 'wasm' };

/** An honest student's envelope but for `change`; the values of its two tensors are given by their first one. */
const envelope = (change: Partial<Parameters<typeof encodeUpdate>[0]> = {}, first = 3): Uint8Array => {
  const kernel = new Float32Array(100);
  kernel[0] = first;
  const tensors = [
    { segment: 'segment-1', tensor: 'segment-1/kernel', values: kernel },
    { segment: 'head-1', tensor: 'head-1/kernel', values: new Float32Array(7).fill(0) },
  ];
  tensors[1]?.values.set([4]);
  return encodeUpdate({
    lease: 'lease1',
    codec: { name: 'f32' },
    tensors,
    metrics: trainingMetrics,
    ...change,
  });
};

const reason = (bytes: Uint8Array, of: LeaseClaims = claims): string =>
  reasonOf(checkUpdate(config, of, bytes));

describe('an update', () => {
  it('is accepted with its values, its norm and its hash', () => {
    const bytes = envelope();
    const checked = unwrap(checkUpdate(config, claims, bytes));
    expect(checked.values.map(values => [values.length, values[0]])).toEqual([
      [100, 3],
      [7, 4],
    ]);
    expect(checked).toMatchObject({ norm: 5, sha256: sha256Hex(bytes), metrics: trainingMetrics });
  });

  it('[ACC3] of more bytes than the allowance is refused before it is read', () => {
    const bytes = envelope();
    expect(reason(bytes, { ...claims, byteAllowance: bytes.length })).toBe('accepted');
    expect(reason(bytes, { ...claims, byteAllowance: bytes.length - 1 })).toBe('too-large');
    expect(reason(new Uint8Array(100), { ...claims, byteAllowance: 99 })).toBe('too-large');
  });

  it('[ACC4] that is no envelope, or was damaged on the way, is refused', () => {
    expect(reason(new Uint8Array(100))).toBe('malformed');
    const damaged = envelope();
    damaged[damaged.length - 40] = 99;
    expect(reason(damaged)).toBe('wrong-hash');
  });

  it('[ACC5] of another lease is refused', () => {
    expect(reason(envelope({ lease: 'lease2' }))).toBe('unauthorised');
  });

  it('[ACC6] in another codec is refused', () => {
    expect(reason(envelope({ codec: { name: 'f16' } }))).toBe('wrong-codec');
  });

  it('[ACC6] of other tensors than the lease trains is refused', () => {
    expect(reason(envelope({ tensors: [] }))).toBe('wrong-table');
    expect(reason(envelope(), { ...claims, trains: ['head-1', 'segment-1'] })).toBe('wrong-table');
    expect(reason(envelope({ metrics: evaluated }), evaluatorClaims)).toBe('wrong-table');
  });

  it.each([
    [64, 'accepted'],
    [-64, 'accepted'],
    [64.001, 'out-of-range'],
    [-64.001, 'out-of-range'],
    [Number.NaN, 'not-finite'],
    [Number.NEGATIVE_INFINITY, 'not-finite'],
  ])('[ACC7] with a change of %d is %s', (value, expected) => {
    expect(reason(envelope({}, value))).toBe(expected);
  });

  it.each([
    [500, 'accepted'],
    [501, 'bad-metrics'],
    [-1, 'bad-metrics'],
    [0.5, 'bad-metrics'],
  ])('[ACC8] that says it saw %d samples of 10 examples is %s', (samples, expected) => {
    expect(reason(envelope({ metrics: { ...trainingMetrics, samples } }))).toBe(expected);
  });

  it.each([
    [{ threads: 2, batch: 16, peakMemoryMB: 12.5, fallback: 'no GPU: training on wasm' }, 'accepted'],
    [{ threads: 0.5 }, 'bad-metrics'],
    [{ batch: -1 }, 'bad-metrics'],
    [{ peakMemoryMB: -1 }, 'bad-metrics'],
    [{ fallback: 'x'.repeat(201) }, 'bad-metrics'],
  ])('[ACC8] that says %o of how it was trained is %s', (change, expected) => {
    expect(reason(envelope({ metrics: { ...trainingMetrics, ...change } }))).toBe(expected);
  });

  it.each([
    [{}, 'accepted'],
    [{ correct: 0, lossSum: 12 }, 'accepted'],
    [{ examples: 9, correct: 9 }, 'bad-metrics'],
    [{ examples: 11 }, 'bad-metrics'],
    [{ correct: 11 }, 'bad-metrics'],
    [{ lossSum: -0.1 }, 'bad-metrics'],
    [{ backend: 'x'.repeat(41) }, 'bad-metrics'],
  ])('[ACC8] of an evaluator that says %o of 10 examples is %s', (change, expected) => {
    expect(reason(envelope({ tensors: [], metrics: { ...evaluated, ...change } }), evaluatorClaims)).toBe(
      expected,
    );
  });

  it.each([
    [12_000_000, 'accepted'],
    [12_010_000, 'bad-metrics'],
    [Number.MAX_SAFE_INTEGER, 'bad-metrics'],
  ])('[ACC8] that says it downloaded %d bytes of a small model is %s', (downloadBytes, expected) => {
    expect(reason(envelope({ metrics: { ...trainingMetrics, downloadBytes } }))).toBe(expected);
  });

  it('[ACC8] with the metrics of the other kind is refused', () => {
    expect(reason(envelope({ metrics: evaluated }))).toBe('bad-metrics');
    expect(reason(envelope({ tensors: [], metrics: trainingMetrics }), evaluatorClaims)).toBe('bad-metrics');
  });
});
