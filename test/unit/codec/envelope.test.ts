import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeUpdate,
  encodeUpdate,
  maxEnvelopeBytes,
  maxMetricsBytes,
  openEnvelope,
} from '../../../shared/codec/envelope.ts';
import { finiteValues, flipBit, reasonOf, unwrap } from './arbitraries.ts';
import { codecSamples } from './codec-samples.ts';

const update = {
  lease: 'lease-1',
  codec: { name: 'f32' },
  tensors: [
    { segment: 's0', tensor: 'kernel', values: Float32Array.of(1, -2) },
    { segment: 's0', tensor: 'bias', values: Float32Array.of(0.5) },
  ],
  metrics: { loss: 0.25 },
} as const;
const expected = {
  codec: { name: 'f32' },
  tensors: [
    { segment: 's0', tensor: 'kernel', elements: 2 },
    { segment: 's0', tensor: 'bias', elements: 1 },
  ],
} as const;
const header = {
  lease: 'lease-1',
  codec: 'f32',
  table: [
    { segment: 's0', tensor: 'kernel', offset: 0, bytes: 8, elements: 2 },
    { segment: 's0', tensor: 'bias', offset: 8, bytes: 4, elements: 1 },
  ],
  metrics: { loss: 0.25 },
};

/** An envelope as anyone may write one, sealed with a right hash. */
function sealed(json: unknown, payloadBytes: number, headerLength?: number): Uint8Array {
  const text = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  const body = Buffer.alloc(12 + text.length + payloadBytes);
  body.write('HMRU');
  body.writeUInt32LE(1, 4);
  body.writeUInt32LE(headerLength ?? text.length, 8);
  text.copy(body, 12);
  return withHash(body);
}

const withHash = (body: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([body, createHash('sha256').update(body).digest()]));

/** The envelope of `update` with one byte set before it is hashed. */
const resealed = (index: number, byte: number): Uint8Array =>
  withHash(encodeUpdate(update).slice(0, -32).with(index, byte));

/** A header said to be a byte longer than it is, where that byte, the hash's first, happens to be a blank in JSON. */
function headerWithBlankFromHash(): Uint8Array {
  for (let nonce = 0; ; nonce++) {
    const text = JSON.stringify({ ...header, table: [], metrics: { nonce } });
    const bytes = sealed(text, 0, text.length + 1);
    if (bytes.at(-32) === 0x20) return bytes;
  }
}

describe('an envelope', () => {
  test('is byte for byte what the format says', () => {
    const bytes = sealed(header, 12);
    const payload = bytes.subarray(-44, -32);
    new DataView(payload.buffer, payload.byteOffset).setFloat32(0, 1, true);
    new DataView(payload.buffer, payload.byteOffset).setFloat32(4, -2, true);
    new DataView(payload.buffer, payload.byteOffset).setFloat32(8, 0.5, true);
    expect(encodeUpdate(update)).toEqual(withHash(bytes.slice(0, -32)));
  });

  test('opens to what was put in', () => {
    const { payload, ...rest } = unwrap(openEnvelope(encodeUpdate(update)));
    expect(rest).toEqual(header);
    expect(payload.length).toBe(12);
  });

  test('decodes to its tensors, for every codec and sample of settings, within the byte allowance', () => {
    const anyUpdate = fc.record({
      lease: fc.string({ unit: 'binary', minLength: 1, maxLength: 256 }).filter(id => id.length <= 256),
      codec: fc.constantFrom(...codecSamples),
      values: fc.array(finiteValues(30), { maxLength: 5 }),
      metrics: fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string())),
    });
    fc.assert(
      fc.property(anyUpdate, ({ lease, codec, values, metrics }) => {
        const tensors = values.map((list, i) => ({ segment: 's"0', tensor: `é${i}`, values: list }));
        const specs = tensors.map(({ values: list, ...names }) => ({ ...names, elements: list.length }));
        const bytes = encodeUpdate({ lease, codec, tensors, metrics });
        const opened = unwrap(openEnvelope(bytes));
        const decoded = unwrap(decodeUpdate(opened, { codec, tensors: specs }));
        expect(decoded.map(list => list.length)).toEqual(values.map(list => list.length));
        if (codec.name === 'f32') expect(decoded).toEqual(values);
        expect(bytes.length).toBeLessThanOrEqual(maxEnvelopeBytes(codec, specs));
      }),
    );
  });

  test('of the longest lease id, names and metrics is within the allowance', () => {
    const name = '\u0001'.repeat(256);
    const tensors = Array.from({ length: 20 }, () => {
      return { segment: name, tensor: name, values: new Float32Array(100) };
    });
    const metrics = { m: 'x'.repeat(maxMetricsBytes - 8) };
    const bytes = encodeUpdate({ lease: name, codec: { name: 'f32' }, tensors, metrics });
    const specs = tensors.map(({ segment, tensor }) => ({ segment, tensor, elements: 100 }));
    expect(bytes.length).toBeLessThanOrEqual(maxEnvelopeBytes({ name: 'f32' }, specs));
    expect(maxEnvelopeBytes({ name: 'f32' }, specs)).toBeLessThan(bytes.length + 500);
    const over = { m: 'x'.repeat(maxMetricsBytes - 7) };
    expect(() => encodeUpdate({ ...update, metrics: over })).toThrow('metrics');
  });

  test('that no receiver would open is not written', () => {
    expect(() => encodeUpdate({ ...update, lease: '' })).toThrow();
    expect(() => encodeUpdate({ ...update, metrics: [1] })).toThrow();
    const values = new Float32Array(0);
    const tensors = Array.from({ length: 4000 }, (_, i) => ({ segment: 's', tensor: `t${i}`, values }));
    expect(() => encodeUpdate({ ...update, tensors })).toThrow('too many');
  });
});

describe('opening is refused', () => {
  const [first, second] = header.table;

  test('not for the header as it should be', () => {
    expect(reasonOf(openEnvelope(sealed(header, 12)))).toBe('accepted');
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['another magic', resealed(3, 0x56)],
    ['another version', resealed(4, 2)],
    ['a header longer than the envelope', sealed(header, 0, 2 ** 31)],
    ['a header that reaches into the hash', headerWithBlankFromHash()],
    ['a header over 256 KiB', sealed({ ...header, metrics: { m: 'x'.repeat(256 * 1024) } }, 12)],
    ['no JSON', sealed('{"lease":', 0)],
    ['a header that is null', sealed('null', 0)],
    ['no lease', sealed({ ...header, lease: undefined }, 12)],
    ['an unknown codec', sealed({ ...header, codec: 'zip' }, 12)],
    ['a field too many', sealed({ ...header, more: 1 }, 12)],
    ['metrics that are no object', sealed({ ...header, metrics: 3 }, 12)],
    ['a negative length', sealed({ ...header, table: [{ ...first, bytes: -8 }] }, 0)],
    ['half an element', sealed({ ...header, table: [{ ...first, elements: 0.5 }] }, 8)],
    ['a gap', sealed({ ...header, table: [first, { ...second, offset: 9 }] }, 12)],
    ['an overlap', sealed({ ...header, table: [first, { ...second, offset: 4 }] }, 12)],
    ['entries out of order', sealed({ ...header, table: [second, first] }, 12)],
    ['payload after the last entry', sealed(header, 13)],
    ['a table longer than the payload', sealed(header, 11)],
  ])('as malformed: %s', (_, bytes) => expect(reasonOf(openEnvelope(bytes))).toBe('malformed'));

  test('for every flipped bit, and every cut: nothing damaged gets through', () => {
    const bytes = encodeUpdate(update);
    for (let bit = 0; bit < 8 * bytes.length; bit += 3)
      expect(['wrong-hash', 'malformed']).toContain(reasonOf(openEnvelope(flipBit(bytes, bit))));
    for (let length = 0; length < bytes.length; length++)
      expect(['wrong-hash', 'malformed']).toContain(reasonOf(openEnvelope(bytes.subarray(0, length))));
  });

  test('as wrong-hash if payload or hash changed, or bytes trail', () => {
    const bytes = encodeUpdate(update);
    expect(reasonOf(openEnvelope(flipBit(bytes, 8 * (bytes.length - 40))))).toBe('wrong-hash');
    expect(reasonOf(openEnvelope(flipBit(bytes, 8 * (bytes.length - 1))))).toBe('wrong-hash');
    expect(reasonOf(openEnvelope(new Uint8Array([...bytes, 0])))).toBe('wrong-hash');
  });
});

describe('decoding is refused', () => {
  const opened = unwrap(openEnvelope(encodeUpdate(update)));
  const [kernel, bias] = expected.tensors;

  test('not for what the lease expects', () => {
    expect(unwrap(decodeUpdate(opened, expected))).toEqual(update.tensors.map(({ values }) => values));
  });

  test('as wrong-codec if the lease asks for another', () => {
    expect(reasonOf(decodeUpdate(opened, { ...expected, codec: { name: 'f16' } }))).toBe('wrong-codec');
  });

  test.each([
    ['a tensor is missing', [kernel, bias, { ...bias, tensor: 'gamma' }]],
    ['a tensor is too many', [kernel]],
    ['the order is another', [bias, kernel]],
    ['the segment is another', [{ ...kernel, segment: 's1' }, bias]],
    ['the tensor is another', [kernel, { ...bias, tensor: 'gamma' }]],
    ['the size is another', [{ ...kernel, elements: 3 }, bias]],
  ])('as wrong-table if %s', (_, tensors) => {
    expect(reasonOf(decodeUpdate(opened, { codec: { name: 'f32' }, tensors }))).toBe('wrong-table');
  });

  test('as bad-payload if a payload is not its tensor, though the table says so: 1 KB is not 1 GB', () => {
    const elements = 2 ** 28;
    const [entry] = opened.table;
    const bomb = {
      ...opened,
      table: [{ ...entry, segment: 's0', tensor: 'kernel', elements, offset: 0, bytes: 12 }],
    };
    const result = decodeUpdate(bomb, { codec: { name: 'f32' }, tensors: [{ ...kernel, elements }] });
    expect(result).toMatchObject({ reason: 'bad-payload', detail: expect.stringContaining('kernel') });
  });

  test('as not-finite if a value is', () => {
    const values = Float32Array.of(1, Number.NaN);
    const bytes = encodeUpdate({ ...update, tensors: [{ ...update.tensors[0], values }] });
    const result = decodeUpdate(unwrap(openEnvelope(bytes)), { codec: { name: 'f32' }, tensors: [kernel] });
    expect(reasonOf(result)).toBe('not-finite');
  });
});

describe('statistics', () => {
  const mean = { segment: 's0', tensor: 'norm/moving_mean', statistic: 'mean' } as const;
  const variance = { segment: 's0', tensor: 'norm/moving_variance', statistic: 'variance' } as const;
  const kernel = { segment: 's0', tensor: 'kernel' } as const;
  const specs = [kernel, mean, variance].map(tensor => ({ ...tensor, elements: 2 }));

  const sent = (codec: (typeof codecSamples)[number], means: number[], variances: number[]) => {
    const values = [Float32Array.of(0.5, -1), Float32Array.from(means), Float32Array.from(variances)];
    const tensors = [kernel, mean, variance].map((tensor, i) => ({
      ...tensor,
      values: values[i] ?? new Float32Array(),
    }));
    const bytes = encodeUpdate({ lease: 'lease-1', codec, tensors, metrics: {} });
    expect(bytes.length).toBeLessThanOrEqual(maxEnvelopeBytes(codec, specs));
    return { values, decoded: decodeUpdate(unwrap(openEnvelope(bytes)), { codec, tensors: specs }) };
  };

  test.each(codecSamples)('come out of an envelope of %j to the bit, of whatever scale', codec => {
    const { values, decoded } = sent(codec, [-300.1, 1e-8], [1e9 / 3, 6_000.123]);
    expect(unwrap(decoded).slice(1)).toEqual(values.slice(1));
  });

  test.each(codecSamples)('that cannot be are decoded as well, whatever the codec: %j', codec => {
    for (const bad of [Number.NaN, Infinity, -1, 1e30])
      expect(unwrap(sent(codec, [0, 0], [1, bad]).decoded)[2]).toEqual(Float32Array.of(1, bad));
  });

  test('of another length than the model has are no payload of theirs', () => {
    const tensors = [{ ...variance, values: Float32Array.of(1, 2, 3) }];
    const opened = unwrap(openEnvelope(encodeUpdate({ ...update, tensors })));
    const lying = { ...opened, table: opened.table.map(entry => ({ ...entry, elements: 2 })) };
    const spec = { codec: { name: 'f32' }, tensors: [{ ...variance, elements: 2 }] } as const;
    expect(decodeUpdate(lying, spec)).toMatchObject({
      reason: 'bad-payload',
      detail: 'norm/moving_variance: 12 bytes for 2 statistics',
    });
  });

  test('of an older release, which sends their changes, are refused with what to do', () => {
    const tensors = [{ segment: 's0', tensor: 'norm/moving_variance', values: Float32Array.of(1, 2) }];
    const opened = unwrap(openEnvelope(encodeUpdate({ ...update, tensors })));
    const spec = { codec: { name: 'f32' }, tensors: [{ ...variance, elements: 2 }] } as const;
    expect(decodeUpdate(opened, spec)).toMatchObject({
      reason: 'wrong-table',
      detail: expect.stringContaining('reload the page, or update the command'),
    });
  });

  test('are not told apart by their names: an outline that says of none has them in its own codec', () => {
    const values = Float32Array.of(60, -60);
    const codec = { name: 'f16' } as const;
    const plain = { segment: 's0', tensor: 'norm/moving_variance' };
    const bytes = encodeUpdate({ ...update, codec, tensors: [{ ...plain, values }] });
    const decoded = decodeUpdate(unwrap(openEnvelope(bytes)), {
      codec,
      tensors: [{ ...plain, elements: 2 }],
    });
    expect(unwrap(decoded)).toEqual([values]);
  });
});
