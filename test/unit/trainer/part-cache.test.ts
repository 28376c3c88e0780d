import { expect, test } from 'vitest';
import { loadExamples } from '../../../client/trainer/examples/examples.ts';
import { PartCache } from '../../../client/trainer/examples/part-cache.ts';
import { encodePart } from '../../../shared/datasets/part.ts';
import { fewGlyphs } from '../../support/local-trainer.ts';

const shape = { height: 2, width: 2, channels: 1 };

/** A part of so many pictures of four pixels: five bytes each. */
const partOf = (count: number, value = 0) => ({
  shape,
  classes: 2,
  labels: new Uint8Array(count),
  pixels: new Uint8Array(4 * count).fill(value),
});

/** The keys that had to be decoded, when the cache was asked in this order. */
function decodedBy(cache: PartCache, keys: string, count: number): string {
  let decoded = '';
  for (const key of keys)
    cache.get(key, () => {
      decoded += key;
      return partOf(count);
    });
  return decoded;
}

test('a part is decoded once', () => {
  expect(decodedBy(new PartCache(1_000), 'abab', 10)).toBe('ab');
});

test('beyond its bound the cache drops the part that was not used longest', () => {
  // Room for two parts of fifty bytes.
  expect(decodedBy(new PartCache(100), 'abacab', 10)).toBe('abcb');
});

test('a part larger than the bound is decoded each time, and not kept', () => {
  expect(decodedBy(new PartCache(40), 'aaa', 10)).toBe('aaa');
});

test('a lease’s pictures are the same the second time, of one part and of several, drawn or decoded', () => {
  const drawn = { kind: 'glyphs', dataset: fewGlyphs, split: 'train', parts: [1, 0] } as const;
  expect(loadExamples(drawn)).toEqual(loadExamples(drawn));
  expect(loadExamples({ ...drawn, parts: [1] })).toEqual(loadExamples({ ...drawn, parts: [1] }));
  expect(loadExamples({ ...drawn, parts: [1] }).pixels).not.toEqual(
    loadExamples({ ...drawn, parts: [0] }).pixels,
  );
  const files = [encodePart(partOf(3, 7)), encodePart(partOf(2, 9))];
  const decoded = { kind: 'parts', hashes: ['seven', 'nine'], files } as const;
  expect(loadExamples(decoded)).toEqual(loadExamples(decoded));
  expect([...new Set(loadExamples(decoded).pixels)]).toEqual([7, 9]);
});

test('parts of another seed or split are different ones, although they have the same number', () => {
  const source = { kind: 'glyphs', dataset: fewGlyphs, split: 'train', parts: [0] } as const;
  const other = loadExamples({ ...source, dataset: { ...fewGlyphs, seed: 6 } });
  expect(loadExamples(source).pixels).not.toEqual(other.pixels);
  expect(loadExamples({ ...source, split: 'test' }).pixels).not.toEqual(loadExamples(source).pixels);
});
