import { beforeAll, describe, expect, test } from 'vitest';
import { encodeWithFeedback } from '../../../client/trainer/lease/error-feedback.ts';
import type { BuiltModel, KeptTensors, TrainerApi } from '../../../client/trainer/trainer-api.ts';
import { decodeUpdate, openEnvelope, type UpdateTensor } from '../../../shared/codec/envelope.ts';
import { createRandom } from '../../../shared/math/random.ts';
import type { CodecSpec } from '../../../shared/protocol/codec-spec.ts';
import { leaseJob, startLocalTrainer, studentTask } from '../../support/local-trainer.ts';

/** Half floats stand for a codec that keeps a residual: they are lossy, but the codec itself keeps none. */
const codec: CodecSpec = { name: 'f16' };
const shapes = [
  ['segment-1', 'kernel', 40],
  ['segment-1', 'bias', 3],
  ['head-1', 'kernel', 20],
] as const;

const deltasOf = (seed: number): UpdateTensor[] => {
  const random = createRandom('deltas', seed);
  return shapes.map(([segment, tensor, length]) => ({
    segment,
    tensor,
    values: Float32Array.from({ length }, () => random() - 0.5),
  }));
};

function sentIn(envelope: Uint8Array): Float32Array[] {
  const opened = openEnvelope(envelope);
  if (!opened.ok) throw new Error(opened.reason);
  const tensors = shapes.map(([segment, tensor, elements]) => ({ segment, tensor, elements }));
  const sent = decodeUpdate(opened.value, { codec, tensors });
  if (!sent.ok) throw new Error(sent.reason);
  return sent.value;
}

const job = (residual?: KeptTensors) => ({ lease: 'lease1', codec, ...(residual ? { residual } : {}) });

const flat = (arrays: readonly Float32Array[]): number[] => arrays.flatMap(values => [...values]);

const flatResidual = (residual: KeptTensors | undefined): number[] =>
  shapes.flatMap(([segment, tensor]) => [...(residual?.[segment]?.[tensor] ?? [])]);

describe('error feedback', () => {
  test('what was not sent of the first update is exactly the residual', () => {
    const deltas = deltasOf(1);
    const { envelope, residual } = encodeWithFeedback(job(), deltas, {}, 1);
    const sent = flat(sentIn(envelope));
    const whole = flat(deltas.map(({ values }) => values));
    expect(flatResidual(residual)).toEqual(whole.map((value, i) => Math.fround(value - (sent[i] ?? 0))));
    expect(flatResidual(residual).some(value => value !== 0)).toBe(true);
  });

  test('nothing is lost over many updates: what was sent and what is left add up to the deltas', () => {
    let residual: KeptTensors | undefined;
    let sent: number[] = [];
    let wanted: number[] = [];
    for (let round = 0; round < 50; round++) {
      const deltas = deltasOf(round);
      const encoded = encodeWithFeedback(job(residual), deltas, {}, 1);
      residual = encoded.residual;
      sent = flat(sentIn(encoded.envelope)).map((value, i) => value + (sent[i] ?? 0));
      wanted = flat(deltas.map(({ values }) => values)).map((value, i) => value + (wanted[i] ?? 0));
    }
    const left = flatResidual(residual);
    const missing = wanted.map((value, i) => Math.abs(value - (sent[i] ?? 0) - (left[i] ?? 0)));
    // Only the rounding of single precision; without feedback it would be that of half precision.
    expect(Math.max(...missing)).toBeLessThan(1e-5);
  });

  test('the residual is added with the share that its codec says', () => {
    const none = shapes.map(([segment, tensor, length]) => ({
      segment,
      tensor,
      values: new Float32Array(length),
    }));
    const residual = { 'segment-1': { kernel: new Float32Array(40).fill(0.5), bias: new Float32Array(3) } };
    const { envelope } = encodeWithFeedback(job(residual), none, {}, 0.75);
    const [kernel, bias, head] = sentIn(envelope);
    expect(new Set(kernel)).toEqual(new Set([0.375]));
    expect(new Set([...(bias ?? []), ...(head ?? [])])).toEqual(new Set([0]));
  });

  test('a residual of another size than its tensor is a bug of the caller', () => {
    const residual = { 'segment-1': { kernel: new Float32Array(39) } };
    expect(() => encodeWithFeedback(job(residual), deltasOf(1), {}, 1)).toThrow('has 39 values');
  });
});

describe('error feedback of statistics', () => {
  const kernel = { segment: 's', tensor: 'kernel' } as const;
  const variance = { segment: 's', tensor: 'norm/moving_variance', statistic: 'variance' } as const;
  const kept = { s: { kernel: Float32Array.of(0.25), 'norm/moving_variance': Float32Array.of(9) } };
  const encoded = (value: number) =>
    encodeWithFeedback(
      job(kept),
      [
        { ...kernel, values: Float32Array.of(0.1) },
        { ...variance, values: Float32Array.of(value) },
      ],
      {},
      1,
    );

  test('adds nothing to what was observed, and has nothing left of it', () => {
    const { envelope, residual } = encoded(70_000.01);
    const opened = openEnvelope(envelope);
    if (!opened.ok) throw new Error(opened.reason);
    const tensors = [kernel, variance].map(tensor => ({ ...tensor, elements: 1 }));
    const sent = decodeUpdate(opened.value, { codec, tensors });
    expect(sent.ok && sent.value[1]).toEqual(Float32Array.of(70_000.01));
    expect(residual?.s?.['norm/moving_variance']).toEqual(Float32Array.of(0));
    expect(residual?.s?.kernel?.[0]).not.toBe(0);
  });

  test('writes an update with one that cannot be: the platform says so, and its residual is not kept', () => {
    const { envelope } = encoded(Infinity);
    expect(openEnvelope(envelope).ok).toBe(true);
  });
});

describe("today's codecs", () => {
  let trainer: TrainerApi;
  let model: BuiltModel;
  beforeAll(async () => {
    ({ trainer, model } = await startLocalTrainer());
  });

  test('keep no residual, and one that is there anyway changes no trained byte', async () => {
    const plain = { ...leaseJob(model, studentTask), codec };
    const residual = { 'segment-1': {} };
    const results = [await trainer.work(plain), await trainer.work({ ...plain, residual })];
    expect(results.map(result => result.residual)).toEqual([undefined, undefined]);
    const [first, second] = results.map(({ envelope }) => openEnvelope(envelope));
    expect(first?.ok && second?.ok && first.value.payload).toEqual(second?.ok && second.value.payload);
  });
});
