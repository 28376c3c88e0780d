import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatExamples, selectExamples } from '../../../shared/datasets/examples.ts';
import { decodePart, encodePart } from '../../../shared/datasets/part.ts';
import { examplesPerPart, partBytes } from '../../../shared/protocol/part-size.ts';
import { arbitraryExamples, numbered, refusalOf, unwrap } from './make-examples.ts';

const shape = { height: 1, width: 2, channels: 1 };
const two = { shape, classes: 3, labels: Uint8Array.of(2, 0), pixels: Uint8Array.of(10, 20, 30, 40) };
const header = [0x48, 0x52, 0x50, 0x54, 1, 1, 1, 0, 2, 0, 3, 0, 2, 0, 0, 0];
const encoded = Uint8Array.of(...header, 2, 0, 10, 20, 30, 40);
const changed = (at: number, value: number): Uint8Array => encoded.with(at, value);

describe('a part', () => {
  it('is laid out as its table says', () => {
    expect(encodePart(two)).toEqual(encoded);
    expect(unwrap(decodePart(encoded))).toEqual(two);
  });

  it('survives the round trip, also from the middle of a larger buffer', () => {
    fc.assert(
      fc.property(arbitraryExamples, fc.integer({ min: 0, max: 9 }), (examples, offset) => {
        const bytes = encodePart(examples);
        const buffer = new Uint8Array(bytes.length + 20);
        buffer.set(bytes, offset);
        expect(unwrap(decodePart(buffer.subarray(offset, offset + bytes.length)))).toEqual(examples);
      }),
    );
  });

  it('is refused at any other length', () => {
    fc.assert(
      fc.property(
        arbitraryExamples,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (examples, cut) => {
          const bytes = encodePart(examples);
          expect(decodePart(bytes.subarray(0, Math.floor(cut * bytes.length))).ok).toBe(false);
          expect(decodePart(Uint8Array.of(...bytes, 0)).ok).toBe(false);
        },
      ),
    );
  });

  it('never makes decoding throw, whatever the bytes', () => {
    const tail = fc.uint8Array({ maxLength: 40 });
    fc.assert(fc.property(tail, bytes => typeof decodePart(bytes).ok === 'boolean'));
    fc.assert(
      fc.property(
        tail,
        bytes => typeof decodePart(Uint8Array.of(...header.slice(0, 5), ...bytes)).ok === 'boolean',
      ),
    );
  });

  it.each([
    ['magic', changed(0, 0), 'begin with HRPT'],
    ['version', changed(4, 9), 'version 9'],
    ['no channel', changed(5, 0), 'no picture'],
    ['too many classes', changed(11, 255), 'classes'],
    ['a count beyond its bytes', changed(15, 255), '4278190082 examples needs 12834570262 bytes, has 22'],
    ['a label that is no class', changed(16, 3), 'label 3 of example 0'],
    ['an empty file', new Uint8Array(), 'shorter than its 16-byte header'],
  ])('is refused for %s', (_, bytes, detail) => {
    expect(refusalOf(decodePart(bytes))).toContain(detail);
  });

  it('holds 1,273 pictures of 28 × 28 and stays below its bytes', () => {
    const digits = { height: 28, width: 28, channels: 1 };
    expect(examplesPerPart(digits)).toBe(1273);
    expect(partBytes(digits, 1273)).toBeLessThanOrEqual(1_000_000);
    expect(partBytes(digits, 1274)).toBeGreaterThan(1_000_000);
    expect(examplesPerPart({ height: 1000, width: 1000, channels: 3 })).toBe(0);
  });

  it('throws on examples that contradict themselves', () => {
    expect(() => encodePart({ ...two, pixels: two.pixels.subarray(1) })).toThrow(RangeError);
    expect(() => encodePart({ ...two, classes: 2 })).toThrow(RangeError);
    expect(() => encodePart({ ...two, shape: { ...shape, width: 0 } })).toThrow(RangeError);
  });
});

describe('examples', () => {
  it('are selected in the order asked', () => {
    const selected = selectExamples(two, [1, 0, 1]);
    expect([...selected.labels]).toEqual([0, 2, 0]);
    expect([...selected.pixels]).toEqual([30, 40, 10, 20, 30, 40]);
    expect(() => selectExamples(two, [2])).toThrow(RangeError);
  });

  it('are put one after another', () => {
    const joined = concatExamples([two, two]);
    expect([...joined.labels]).toEqual([2, 0, 2, 0]);
    expect([...joined.pixels]).toEqual([10, 20, 30, 40, 10, 20, 30, 40]);
    expect(() => concatExamples([two, numbered([1])])).toThrow(RangeError);
    expect(() => concatExamples([])).toThrow(RangeError);
  });
});
