import { describe, expect, it } from 'vitest';
import { encodeUpdate, maxEnvelopeBytes } from '../../../shared/codec/envelope.ts';
import { checkUpdate } from '../../../shared/cohort/check-update.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { expectedTensors } from '../../../shared/protocol/expected-tensors.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import { type ModelOutline, modelOutlineSchema } from '../../../shared/protocol/model-outline.ts';
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

const reason = (bytes: Uint8Array, of: LeaseClaims = claims, given = config): string =>
  reasonOf(checkUpdate(given, of, bytes));

/** The small model with batch norm behind its first kernel. */
const withNorm = (isSaid: boolean): ModelOutline => ({
  ...config.model,
  segments: config.model.segments.map((segment, i) =>
    i > 0
      ? segment
      : {
          ...segment,
          tensors: [
            ...segment.tensors,
            { name: 'norm/moving_mean', shape: [2], ...(isSaid ? { statistic: 'mean' } : {}) },
            { name: 'norm/moving_variance', shape: [2], ...(isSaid ? { statistic: 'variance' } : {}) },
          ],
        },
  ),
});
const normConfig = { ...config, model: withNorm(true) };
const normClaims: LeaseClaims = { ...claims, trains: ['segment-1'], byteAllowance: 1e6 };

/** An update of the first segment, which observed this, and a value of whose kernel changes so. */
const normEnvelope = (
  mean: readonly number[],
  variance: readonly number[],
  change = 3,
  model = normConfig.model,
): Uint8Array => {
  const values = [[change], mean, variance];
  const tensors = expectedTensors(model, ['segment-1']).map(({ elements, ...tensor }, i) => {
    const given = new Float32Array(elements);
    given.set(values[i] ?? []);
    return { ...tensor, values: given };
  });
  return envelope({ tensors });
};

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

  it('[ACC7] that changes too much says which tensor, and by how much', () => {
    expect(checkUpdate(config, claims, envelope({}, -70.5))).toMatchObject({
      reason: 'out-of-range',
      detail: 'segment-1/kernel changes by 70.5, at most 64 is accepted',
    });
  });

  it.each([
    [[0, 6_000], 'accepted'],
    [[2 ** 32, 0], 'accepted'],
    [[1, -0.001], 'bad-statistics'],
    [[1, 1e30], 'bad-statistics'],
    [[Number.NaN, 1], 'bad-statistics'],
    [[1, Infinity], 'bad-statistics'],
  ])('[ACC7] with a moving variance of %j is %s', (variance, expected) => {
    expect(reason(normEnvelope([0, 1], variance), normClaims, normConfig)).toBe(expected);
  });

  it.each([
    [[-65_536, 300], 'accepted'],
    [[0, 65_537], 'bad-statistics'],
  ])('[ACC7] with a moving mean of %j is %s', (mean, expected) => {
    expect(reason(normEnvelope(mean, [1, 1]), normClaims, normConfig)).toBe(expected);
  });

  it.each([
    [3, 'bad-statistics'],
    [64.001, 'out-of-range'],
    [Number.NaN, 'not-finite'],
  ])('[ACC7] with an impossible statistic and a change of %d is %s', (change, expected) => {
    expect(reason(normEnvelope([1e9, 0], [1, Number.NaN], change), normClaims, normConfig)).toBe(expected);
  });

  it('[ACC7] with a statistic that cannot be says which, and what is wrong with it', () => {
    expect(checkUpdate(normConfig, normClaims, normEnvelope([0, 0], [1, -3]))).toMatchObject({
      reason: 'bad-statistics',
      detail: 'the moving variance of layer norm is -3: no variance is below zero',
    });
  });

  it('[PUB5] has the norm of what was learnt, and rules measure that alone', () => {
    const checked = unwrap(checkUpdate(normConfig, normClaims, normEnvelope([300, 0], [6_000, 1])));
    expect(checked.norm).toBe(3);
    expect(checked.changes.map(values => values.length)).toEqual([100]);
    expect(checked.values.map(values => values.length)).toEqual([100, 2, 2]);
  });

  it('[PUB5] of a run whose outline names no statistics says of their changes what it says of all', () => {
    const model = withNorm(false);
    const old = { ...normConfig, model };
    const bytes = normEnvelope([0.5, 0], [-12, 1], 3, model);
    expect(unwrap(checkUpdate(old, normClaims, bytes)).changes).toHaveLength(3);
    expect(reason(normEnvelope([0.5, 0], [65, 1], 3, model), normClaims, old)).toBe('out-of-range');
  });

  it('[PUB6] carries nothing of a frozen layer, and is refused with it', () => {
    const [first, ...others] = normConfig.model.segments;
    const tensors = first?.tensors.map(one => (one.name.startsWith('norm') ? { ...one, frozen: true } : one));
    const model = modelOutlineSchema.parse({
      ...normConfig.model,
      segments: [{ ...first, tensors }, ...others],
    });
    const frozen = { ...normConfig, model };
    const checked = unwrap(checkUpdate(frozen, normClaims, normEnvelope([], [], 3, model)));
    expect(checked.values.map(values => values.length)).toEqual([100]);
    expect(checkUpdate(frozen, normClaims, normEnvelope([0, 0], [1, 1]))).toMatchObject({
      reason: 'wrong-table',
      detail: '3 tensors, not 1: if an older release sent it, reload the page, or update the command',
    });
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
