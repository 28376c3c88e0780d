import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../../shared/codec/safetensors.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { bitsOf, finiteF32, flipBit, reasonOf, unwrap } from './arbitraries.ts';

const tensor = (name: string, shape: number[], ...values: number[]): NamedTensor => {
  return { name, shape, values: Float32Array.from(values) };
};

/** A file from a header as written by anyone, and data of that many bytes. */
function fileOf(header: unknown, dataBytes: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

const f32 = (shape: number[], begin: number, end: number): object => {
  return { dtype: 'F32', shape, data_offsets: [begin, end] };
};

const anyTensors: fc.Arbitrary<NamedTensor[]> = fc
  .uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 6 })
  .map(names => names.filter(name => name !== '__metadata__'))
  .chain(names =>
    fc.tuple(
      ...names.map(name =>
        fc.array(fc.nat(4), { maxLength: 3 }).chain(shape => {
          const length = shape.reduce((a, b) => a * b, 1);
          return fc
            .array(finiteF32, { minLength: length, maxLength: length })
            .map(values => tensor(name, shape, ...values));
        }),
      ),
    ),
  );

describe('a file', () => {
  test('is byte for byte what the format says', () => {
    const file = encodeSafetensors([tensor('a', [2], 1, -2), tensor('b', [], 0.5)], { run: 'r1' });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(new TextDecoder().decode(file.subarray(8, 8 + length)).trimEnd()).toBe(
      '{"__metadata__":{"run":"r1"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},' +
        '"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}',
    );
    expect([...file.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0x3f]);
  });

  test('gives back names, shapes, order and bits', () => {
    fc.assert(
      fc.property(anyTensors, tensors => {
        const decoded = unwrap(decodeSafetensors(encodeSafetensors(tensors)));
        const plain = (list: readonly NamedTensor[]): unknown[] =>
          list.map(({ name, shape, values }) => [name, shape, bitsOf(values)]);
        expect(plain(decoded)).toEqual(plain(tensors));
      }),
    );
  });

  test('keeps the order of tensors whose names JavaScript would put first', () => {
    const tensors = [tensor('b', [1], 1), tensor('10', [1], 2), tensor('9', [1], 3)];
    const decoded = unwrap(decodeSafetensors(encodeSafetensors(tensors)));
    expect(decoded.map(({ name }) => name)).toEqual(['b', '10', '9']);
  });

  test('shares memory with the file if it is aligned, and is a copy if it is not', () => {
    const file = encodeSafetensors([tensor('a', [2], 1, 2)]);
    expect(unwrap(decodeSafetensors(file))[0]?.values.buffer).toBe(file.buffer);
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const [copy] = unwrap(decodeSafetensors(shifted.subarray(1)));
    expect(copy?.values.buffer).not.toBe(shifted.buffer);
    expect([...(copy?.values ?? [])]).toEqual([1, 2]);
  });

  test('may come from another writer: names sorted, metadata, no padding', () => {
    const header = { b: f32([1], 4, 8), __metadata__: { format: 'pt' }, a: f32([1], 0, 4) };
    expect(unwrap(decodeSafetensors(fileOf(header, 8))).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('is refused as malformed', () => {
  test.each([
    ['an empty file', new Uint8Array(0)],
    ['half a length', new Uint8Array(7)],
    ['a header longer than the file', fileOf('{}', 0).subarray(0, 9)],
    ['a length beyond 2^53', new Uint8Array(16).fill(0xff)],
    ['a header that is no JSON', fileOf('{"a":', 0)],
    ['a header that is an array', fileOf([], 0)],
    ['a header that is null', fileOf('null', 0)],
    ['a header that is not UTF-8', fileOf('{"a":1}', 0).with(10, 0xff)],
    ['another dtype', fileOf({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, 4)],
    ['a negative size', fileOf({ a: f32([-1, -1], 0, 4) }, 4)],
    ['half a size', fileOf({ a: f32([0.5, 2], 0, 4) }, 4)],
    ['a shape that is not its data', fileOf({ a: f32([2], 0, 4) }, 4)],
    ['a shape whose product overflows', fileOf({ a: f32([2 ** 52, 2 ** 52, 2 ** 52], 0, 4) }, 4)],
    ['data that ends before it begins', fileOf({ a: f32([1], 4, 0) }, 4)],
    ['a gap', fileOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12)],
    ['a gap at the front', fileOf({ a: f32([1], 4, 8) }, 8)],
    ['an overlap', fileOf({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8)],
    ['data beyond the end', fileOf({ a: f32([2], 0, 8) }, 4)],
    ['bytes after the end', fileOf({ a: f32([1], 0, 4) }, 5)],
  ])('%s', (_, bytes) => expect(reasonOf(decodeSafetensors(bytes))).toBe('malformed'));

  test('or read, but never thrown at: any cut and any flipped bit', () => {
    const file = encodeSafetensors([tensor('a', [2, 2], 1, 2, 3, 4), tensor('b', [1], 5)]);
    for (let length = 0; length < file.length; length++)
      expect(reasonOf(decodeSafetensors(file.subarray(0, length)))).toBe('malformed');
    for (let bit = 0; bit < 8 * file.length; bit++)
      expect(['accepted', 'malformed']).toContain(reasonOf(decodeSafetensors(flipBit(file, bit))));
  });
});

test('writing a name twice, a reserved name or a tensor that does not fill its shape is a bug', () => {
  expect(() => encodeSafetensors([tensor('a', [1], 1), tensor('a', [1], 1)])).toThrow('taken');
  expect(() => encodeSafetensors([tensor('__metadata__', [1], 1)])).toThrow('taken');
  expect(() => encodeSafetensors([tensor('a', [2], 1)])).toThrow('fill');
});

test('sha256Hex agrees with Node', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }),
  );
});
