import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';
import { createHostedDataset, cutIntoParts } from '../../../shared/datasets/cut-into-parts.ts';
import { concatExamples } from '../../../shared/datasets/examples.ts';
import { drawGlyphsPart } from '../../../shared/datasets/glyphs.ts';
import { decodePart } from '../../../shared/datasets/part.ts';
import {
  datasetClasses,
  datasetSchema,
  datasetShape,
  type GlyphsDataset,
  partCount,
  partExamples,
  splitExamples,
} from '../../../shared/protocol/dataset.ts';
import { partBytes } from '../../../shared/protocol/part-size.ts';
import { numbered, refusalOf, unwrap } from './make-examples.ts';

const glyphs: GlyphsDataset = {
  kind: 'glyphs',
  name: 'glyphs',
  seed: 1,
  trainParts: 8,
  testParts: 2,
  examplesPerPart: 100,
  partition: { kind: 'iid' },
};
const train = numbered([0, 1, 2, 0, 1, 2, 0], 3);
const test = numbered([2, 1, 0], 3);
const iid = { kind: 'iid' } as const;
const host = (changes: object = {}) =>
  createHostedDataset(train, test, { name: 'tiny', partition: iid, seed: 1, maxExamples: 3, ...changes });

describe('a glyphs data set', () => {
  it('is what its specification says', () => {
    expect(datasetSchema.parse(glyphs)).toEqual(glyphs);
    expect(datasetShape(glyphs)).toEqual({ height: 28, width: 28, channels: 1 });
    expect(datasetClasses(glyphs)).toBe(10);
    expect([partCount(glyphs, 'train'), partCount(glyphs, 'test')]).toEqual([8, 2]);
    expect([partExamples(glyphs, 'test', 1), partExamples(glyphs, 'test', 2)]).toEqual([100, 0]);
    expect(splitExamples(glyphs, 'train')).toBe(800);
  });

  it('draws each part, skewed in training alone', () => {
    const skewed: GlyphsDataset = { ...glyphs, partition: { kind: 'dirichlet', alpha: 0.1 } };
    const classesIn = (split: 'train' | 'test', index: number): number =>
      new Set(drawGlyphsPart(skewed, split, index).labels).size;
    expect([0, 1, 2, 3].reduce((sum, index) => sum + classesIn('train', index), 0)).toBeLessThan(25);
    expect(classesIn('test', 0)).toBe(10);
    expect(drawGlyphsPart(skewed, 'train', 0).labels).not.toEqual(drawGlyphsPart(skewed, 'train', 1).labels);
    expect(drawGlyphsPart(glyphs, 'train', 7).labels.length).toBe(100);
    expect(() => drawGlyphsPart(glyphs, 'train', 8)).toThrow(RangeError);
  });

  it.each([
    ['parts', { trainParts: 10_001 }],
    ['no parts', { testParts: 0 }],
    ['more than 1 MB a part', { examplesPerPart: 1274 }],
    ['alpha 0', { partition: { kind: 'dirichlet', alpha: 0 } }],
    ['a seed that is no integer', { seed: 0.5 }],
    ['what it does not know', { colour: 'red' }],
  ])('is refused for %s', (_, change) => {
    expect(datasetSchema.safeParse({ ...glyphs, ...change }).success).toBe(false);
  });
});

describe('a hosted data set', () => {
  it('is cut into parts that hold every example once', () => {
    const parts = unwrap(cutIntoParts(train, test, { partition: iid, seed: 1, maxExamples: 3 }));
    expect([parts.train.length, parts.test.length]).toEqual([3, 1]);
    const all = concatExamples(parts.train.map(part => unwrap(decodePart(part))));
    const order = [...all.pixels.keys()].sort(
      (a, b) => (all.pixels[a] as number) - (all.pixels[b] as number),
    );
    expect(order.map(at => all.labels[at])).toEqual([...train.labels]);
    expect(all.pixels.toSorted()).toEqual(train.pixels);
  });

  it('names its parts by hash, in order', () => {
    const { dataset, blobs } = unwrap(host({ classNames: ['a', 'b', 'c'] }));
    expect(datasetSchema.parse(dataset)).toEqual(dataset);
    expect([...dataset.train, ...dataset.test].map(ref => ref.sha256)).toEqual(
      blobs.map(blob => blob.sha256),
    );
    for (const blob of blobs) expect(bytesToHex(sha256(blob.bytes))).toBe(blob.sha256);
    expect(dataset.train.map(ref => ref.examples)).toEqual([2, 2, 3]);
    expect(dataset.train[2]?.bytes).toBe(partBytes(train.shape, 3));
    expect([
      partCount(dataset, 'train'),
      partExamples(dataset, 'train', 2),
      splitExamples(dataset, 'train'),
    ]).toEqual([3, 3, 7]);
    expect([partExamples(dataset, 'train', 3), partExamples(dataset, 'train', -1)]).toEqual([0, 0]);
    expect([datasetShape(dataset), datasetClasses(dataset)]).toEqual([train.shape, 3]);
    expect(unwrap(host({ classNames: ['a', 'b', 'c'] })).dataset).toEqual(dataset);
  });

  it('is refused if it cannot be', () => {
    expect(refusalOf(host({ maxExamples: 0 }))).toContain('bad-spec');
    expect(refusalOf(host({ name: '' }))).toContain('bad-spec');
    expect(refusalOf(host({ classNames: ['a'] }))).toBe('bad-spec: one name for each class');
    for (const bad of [{ name: 'a\x1b[2J' }, { classNames: ['a', 'b\0', 'c'] }])
      expect(refusalOf(host(bad))).toBe('bad-spec: a name is one line without control characters');
    const options = { name: 'tiny', partition: iid, seed: 1 };
    expect(refusalOf(createHostedDataset(train, numbered([1], 2), options))).toContain('differ');
    expect(refusalOf(createHostedDataset(train, numbered([], 3), options))).toContain(
      '7 training and 0 test',
    );
  });

  it('is refused with references that contradict themselves', () => {
    const { dataset } = unwrap(host());
    const [first, ...rest] = dataset.train;
    const withFirst = (change: object): boolean =>
      datasetSchema.safeParse({ ...dataset, train: [{ ...first, ...change }, ...rest] }).success;
    expect([
      withFirst({}),
      withFirst({ bytes: 99 }),
      withFirst({ sha256: 'ABC' }),
      withFirst({ examples: 0 }),
    ]).toEqual([true, false, false, false]);
    const large = { height: 1000, width: 1000, channels: 3 };
    expect(datasetSchema.safeParse({ ...dataset, shape: large }).success).toBe(false);
  });
});
