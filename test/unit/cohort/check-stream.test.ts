import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUpdate } from '../../../shared/codec/envelope.ts';
import { StreamedCheck } from '../../../shared/cohort/check-stream.ts';
import { checkUpdate } from '../../../shared/cohort/check-update.ts';
import type { HashStream } from '../../../shared/cohort/passing-hash.ts';
import { claimsOf } from '../../../shared/federation/lease/claims-of.ts';
import { concatBytes } from '../../../shared/math/bytes.ts';
import { sha256 } from '../../../shared/math/sha256.ts';
import type { LeaseClaims } from '../../../shared/protocol/lease.ts';
import type { RunConfig } from '../../../shared/protocol/run-config.ts';
import { propertyRuns } from '../../support/extent.ts';
import { flipByte } from '../../support/hostile-envelope.ts';
import { createTinyModel } from '../../support/tiny-model.ts';
import { tinyRequest, trainingMetrics } from '../../support/tiny-run.ts';

const model = createTinyModel([30, 41], { hasNorm: true });
const codecs = [{ name: 'f16' }, { name: 'f32' }] as const;
const trains = ['segment-1', 'segment-2'];

const configOf = (codec: (typeof codecs)[number]): RunConfig => {
  const { spec, model: outline } = tinyRequest({ model, spec: { plan: { name: 'conventional' }, codec } });
  return { spec, model: outline };
};

const claims = (allowance = 1e6): LeaseClaims => {
  const work = { round: 1, parts: [0], examples: 10, deadlineAt: 60_000 };
  const lease = { id: 'lease1', volunteer: 'ada', role: 'whole' as const, ...work };
  return claimsOf('test00', { lease, task: { trains }, manifest: { version: 0 } }, allowance);
};

/** The hash of the unit tests. The Worker has its own. */
function plainHash(): HashStream {
  const chunks: Uint8Array[] = [];
  return {
    add: async bytes => void chunks.push(bytes.slice()),
    digest: async () => sha256(concatBytes(chunks)),
  };
}

/** The envelope in chunks of these sizes, again and again. Each chunk's memory is used anew, as a stream may. */
async function stream(
  config: RunConfig,
  own: LeaseClaims,
  envelope: Uint8Array,
  sizes: readonly number[],
  keeps = true,
) {
  const check = new StreamedCheck(config, own, plainHash, keeps);
  for (let at = 0, i = 0; at < envelope.length; i++) {
    const chunk = envelope.slice(at, at + (sizes[i % sizes.length] ?? 1));
    at += chunk.length;
    const refusal = await check.add(chunk);
    chunk.fill(0xff);
    if (refusal) return refusal;
  }
  return check.end();
}

interface Faults {
  readonly lease?: string;
  readonly metrics?: unknown;
  readonly value?: (tensor: string, i: number) => number | undefined;
}

function envelopeOf(config: RunConfig, { lease = 'lease1', metrics = trainingMetrics, value }: Faults = {}) {
  const tensors = model.outline.segments
    .filter(({ id }) => trains.includes(id))
    .flatMap(({ id, tensors: own }) =>
      own.map(({ name, shape, statistic }) => ({
        segment: id,
        tensor: name,
        statistic,
        values: Float32Array.from(
          { length: shape.reduce((a, b) => a * b, 1) },
          (_, i) => value?.(name, i) ?? (statistic ? 1 + i : ((i * 7) % 11) / 64),
        ),
      })),
    );
  return encodeUpdate({ lease, codec: config.spec.codec, tensors, metrics });
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });

describe.each(codecs)('a check of an envelope that passes by, in $name', codec => {
  const config = configOf(codec);
  const sound = envelopeOf(config);

  it('finds what the check of a whole one finds, however it is cut', () =>
    fc.assert(
      fc.asyncProperty(chunkSizes, async sizes => {
        const whole = checkUpdate(config, claims(), sound);
        const passed = await stream(config, claims(), sound, sizes);
        if (!whole.ok || !passed.ok) throw new Error('refused');
        const { changes: _, ...rest } = whole.value;
        expect(passed.value).toEqual(rest);
      }),
      { numRuns: propertyRuns(30) },
    ));

  it('keeps no values if nobody wants them', async () => {
    const passed = await stream(config, claims(), sound, [64], false);
    expect(passed).toMatchObject({ ok: true });
    expect(passed.ok && passed.value.values).toBeUndefined();
  });

  it.each([
    ['of another lease', envelopeOf(config, { lease: 'lease2' })],
    ['of another codec', envelopeOf(configOf(codec.name === 'f16' ? codecs[1] : codecs[0]))],
    ['with impossible metrics', envelopeOf(config, { metrics: { ...trainingMetrics, samples: 1e6 } })],
    ['that is not finite', envelopeOf(config, { value: (_, i) => (i === 3 ? Number.NaN : undefined) })],
    [
      'out of range',
      envelopeOf(config, { value: (tensor, i) => (tensor === 's2/kernel' && i === 1_000 ? -70 : undefined) }),
    ],
    [
      'with a variance below zero',
      envelopeOf(config, {
        value: (tensor, i) => (tensor === 'norm/moving_variance' && i === 2 ? -1 : undefined),
      }),
    ],
    [
      'with both',
      envelopeOf(config, {
        value: tensor => (tensor === 'norm/moving_mean' ? 1e9 : tensor === 's2/bias' ? 65 : undefined),
      }),
    ],
    ['with bytes behind it', concatBytes([sound, new Uint8Array(40)])],
    ['that is cut off', sound.subarray(0, sound.length - 100)],
    ['that is cut off in its head', sound.subarray(0, 200)],
    ['of nothing', new Uint8Array(0)],
    ['of another format', new Uint8Array(5_000).fill(7)],
  ] as const)('gives the reason of the whole check for one %s', async (_, envelope) => {
    for (const sizes of [[1], [13], [4_096], [1e6]])
      expect(await stream(config, claims(), envelope, sizes)).toEqual(
        checkUpdate(config, claims(), envelope),
      );
  });

  it('[ACC4] tells damage anywhere from fraud', () =>
    fc.assert(
      fc.asyncProperty(fc.nat({ max: sound.length - 1 }), chunkSizes, async (at, sizes) => {
        const damaged = flipByte(sound, at);
        const [passed, whole] = [
          await stream(config, claims(), damaged, sizes),
          checkUpdate(config, claims(), damaged),
        ];
        expect(passed).toEqual(whole);
        if (at >= 12) expect(passed).toMatchObject({ reason: 'wrong-hash' });
      }),
      { numRuns: propertyRuns(60) },
    ));

  it('[ACC3] reads no more than the allowance', async () => {
    const check = new StreamedCheck(config, claims(1_000), plainHash, false);
    expect(await check.add(sound.subarray(0, 1_000))).toBeNull();
    expect(await check.add(sound.subarray(1_000, 1_001))).toMatchObject({ reason: 'too-large' });
  });
});
