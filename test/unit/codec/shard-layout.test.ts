import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeSafetensors, type NamedTensor } from '../../../shared/codec/safetensors.ts';
import {
  defaultShardBytes,
  elementCount,
  layoutShards,
  readShards,
  writeShards,
} from '../../../shared/codec/shard-layout.ts';
import { reasonOf, unwrap } from './arbitraries.ts';

/** Values that differ everywhere, so that a piece in the wrong place shows. */
const numbered = (name: string, ...shape: number[]): NamedTensor => {
  return { name, shape, values: Float32Array.from({ length: elementCount({ shape }) }, (_, i) => i + 1) };
};

describe('the layout', () => {
  test('puts small tensors together and cuts only what is larger than a shard', () => {
    const tensors = [
      numbered('a', 2),
      numbered('b', 3),
      numbered('c', 3),
      numbered('d', 2, 6),
      numbered('e', 1),
    ];
    expect(layoutShards(tensors, 5 * 4)).toEqual([
      [
        { tensor: 'a', offset: 0, elements: 2 },
        { tensor: 'b', offset: 0, elements: 3 },
      ],
      [{ tensor: 'c', offset: 0, elements: 3 }],
      [{ tensor: 'd', offset: 0, elements: 5 }],
      [{ tensor: 'd', offset: 5, elements: 5 }],
      [
        { tensor: 'd', offset: 10, elements: 2 },
        { tensor: 'e', offset: 0, elements: 1 },
      ],
    ]);
  });

  test('keeps a tensor of exactly one shard whole', () => {
    expect(layoutShards([numbered('a', 5)], 20)).toEqual([[{ tensor: 'a', offset: 0, elements: 5 }]]);
  });

  test('of nothing is nothing; a tensor without elements has its place', () => {
    expect(layoutShards([])).toEqual([]);
    expect(layoutShards([numbered('none', 0, 3)])).toEqual([[{ tensor: 'none', offset: 0, elements: 0 }]]);
  });

  test('has shards of 1 MB unless told otherwise', () => {
    const shards = layoutShards([{ name: 'w', shape: [1000, 1000] }]);
    expect(shards.map(([piece]) => piece?.elements)).toEqual([250_000, 250_000, 250_000, 250_000]);
    expect(defaultShardBytes).toBe(1_000_000);
  });

  test('of shards that hold no element is a bug', () => {
    expect(() => layoutShards([numbered('a', 1)], 3)).toThrow(RangeError);
    expect(() => layoutShards([numbered('a', 1)], Number.NaN)).toThrow(RangeError);
  });
});

const anyTensors = fc
  .array(fc.array(fc.nat(5), { maxLength: 3 }), { maxLength: 6 })
  .map(shapes => shapes.map((shape, i) => numbered(`t${i}`, ...shape)));

describe('shards', () => {
  test('written and read are the tensors, whatever the shard size, and none holds more data than that', () => {
    fc.assert(
      fc.property(anyTensors, fc.integer({ min: 4, max: 100 }), (tensors, maxBytes) => {
        const layout = layoutShards(tensors, maxBytes);
        for (const shard of layout)
          expect(4 * shard.reduce((sum, { elements }) => sum + elements, 0)).toBeLessThanOrEqual(maxBytes);
        expect(unwrap(readShards(tensors, writeShards(tensors, layout)))).toEqual(tensors);
      }),
    );
  });

  test('name a slice by its offset, flat', () => {
    const tensors = [numbered('w', 2, 2)];
    const [first, second] = writeShards(tensors, layoutShards(tensors, 12));
    const { values } = numbered('w', 4);
    expect(first).toEqual(encodeSafetensors([{ name: 'w@0', shape: [3], values: values.subarray(0, 3) }]));
    expect(second).toEqual(encodeSafetensors([{ name: 'w@3', shape: [1], values: values.subarray(3) }]));
  });

  test('of a layout of other tensors are not written', () => {
    expect(() => writeShards([numbered('a', 4)], layoutShards([numbered('b', 4)]))).toThrow('b');
    expect(() => writeShards([numbered('a', 4)], layoutShards([numbered('a', 5)], 8))).toThrow('a');
  });
});

describe('reading is refused', () => {
  const specs = [numbered('a', 2), numbered('w', 2, 3)];
  const files = writeShards(specs, layoutShards(specs, 8));
  const slice = (name: string, ...values: number[]): Uint8Array =>
    encodeSafetensors([{ name, shape: [values.length], values: Float32Array.from(values) }]);
  const [a, w0, w2, w4] = files as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

  test('not for the files as written', () => expect(unwrap(readShards(specs, files))).toEqual(specs));

  test.each([
    ['a file is missing', [a, w0, w2]],
    ['the first is missing', [w0, w2, w4]],
    ['files are exchanged', [a, w2, w0, w4]],
    ['a file comes twice', [a, w0, w2, w4, w4]],
    ['a tensor is too many', [...files, slice('x', 1)]],
    ['a slice is too long', [a, w0, w2, slice('w@4', 5, 6, 7)]],
    ['a slice is empty', [a, w0, w2, slice('w@4')]],
    ['a slice is not flat', [a, w0, w2, encodeSafetensors([{ ...numbered('w@4', 1, 2) }])]],
    ['a shape is another', [a, encodeSafetensors([numbered('w', 3, 2)])]],
  ])('as wrong-table where %s', (_, wrong) => expect(reasonOf(readShards(specs, wrong))).toBe('wrong-table'));

  test('as malformed if a file is no safetensors', () => {
    expect(reasonOf(readShards(specs, [a, w0, w2, new Uint8Array(5)]))).toBe('malformed');
  });
});
