import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCifar10 } from '../../../shared/datasets/cifar.ts';
import { gunzip } from '../../../shared/datasets/gunzip.ts';
import { readIdx } from '../../../shared/datasets/idx.ts';
import { refusalOf, unwrap } from './make-examples.ts';

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 1);

describe('IDX', () => {
  it('is read as its header says', () => {
    expect(unwrap(readIdx(images, labels))).toEqual({
      shape: { height: 1, width: 2, channels: 1 },
      classes: 10,
      labels: Uint8Array.of(7, 1),
      pixels: Uint8Array.of(10, 20, 30, 40),
    });
    expect(unwrap(readIdx(images, labels, { classes: 47 })).classes).toBe(47);
  });

  it.each([
    [
      'a magic number',
      images.with(3, 1),
      labels,
      'train-images: expected magic number 2051 at byte 0, found 2049',
    ],
    [
      'truncated images',
      images.subarray(0, 19),
      labels,
      'train-images: header says 20 bytes (2 × 1 × 2), found 19',
    ],
    ['a cut header', images.subarray(0, 9), labels, 'train-images: header needs 16 bytes, found 9'],
    ['a huge count', images.with(4, 255), labels, 'train-images: header says 8556380180 bytes'],
    [
      'trailing labels',
      images,
      Uint8Array.of(...labels, 0),
      'train-labels: header says 10 bytes (2), found 11',
    ],
    ['swapped files', labels, images, 'train-images'],
    ['a label too high', images, labels.with(8, 10), 'train-labels: label 10 at byte 8 is not below 10'],
    [
      'counts that disagree',
      images,
      labels.with(7, 1).subarray(0, 9),
      'train-images has 2 pictures, train-labels has 1 labels',
    ],
    ['no pixels', images.with(11, 0).subarray(0, 16), labels, 'train-images: 0 × 2 at byte 8 is no picture'],
  ])('is refused for %s', (_, imagesBytes, labelsBytes, detail) => {
    const names = { imagesName: 'train-images', labelsName: 'train-labels' };
    expect(refusalOf(readIdx(imagesBytes, labelsBytes, names))).toContain(`malformed: ${detail}`);
  });
});

describe('CIFAR-10', () => {
  const record = (label: number): number[] => [
    label,
    ...new Array(1024).fill(label + 100),
    ...new Array(1024).fill(label + 110),
    ...new Array(1024).fill(label + 120),
  ];
  const batch = Uint8Array.from([...record(9), ...record(4)]).with(2, 1);

  it('is woven from planes into pixels', () => {
    const { shape, labels: classes, pixels } = unwrap(readCifar10(batch, 'batch'));
    expect(shape).toEqual({ height: 32, width: 32, channels: 3 });
    expect([...classes]).toEqual([9, 4]);
    expect([...pixels.subarray(0, 6)]).toEqual([109, 119, 129, 1, 119, 129]);
    expect([...pixels.subarray(3072, 3075)]).toEqual([104, 114, 124]);
    expect(pixels.length).toBe(2 * 3072);
  });

  it.each([
    [
      'a cut record',
      batch.subarray(0, 6000),
      'batch: expected a positive multiple of 3073 bytes, found 6000: 1 whole',
    ],
    ['an empty file', new Uint8Array(), 'found 0'],
    ['a label too high', batch.with(3073, 10), 'batch: label 10 at byte 3073 is not below 10'],
  ])('is refused for %s', (_, bytes, detail) => {
    expect(refusalOf(readCifar10(bytes, 'batch'))).toContain(detail);
  });
});

describe('gzip', () => {
  const plain = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) >> 7);
  const packed = gzipSync(plain);
  const unpack = (bytes: Uint8Array, maxBytes = 1e6) => gunzip(bytes, { maxBytes, name: 'file.gz' });

  it('is unpacked, and what is not gzip passed through', () => {
    expect(unwrap(unpack(packed))).toEqual(plain);
    expect(unwrap(unpack(plain))).toBe(plain);
    expect(unwrap(unpack(gzipSync(new Uint8Array())))).toEqual(new Uint8Array());
    expect(unwrap(unpack(new Uint8Array()))).toEqual(new Uint8Array());
  });

  it('may be of several members', () => {
    const twice = Uint8Array.of(...packed, ...packed);
    expect(unwrap(unpack(twice))).toEqual(Uint8Array.of(...plain, ...plain));
    const broken = packed.with(packed.length - 8, (packed.at(-8) as number) ^ 1);
    expect(refusalOf(unpack(Uint8Array.of(...broken, ...packed)))).toContain(`before byte ${packed.length}`);
  });

  it('is refused wherever it is cut', () => {
    const cuts = [2, 5, 9, 10, 11, 100, 9000, packed.length - 9, packed.length - 8, packed.length - 1];
    for (const cut of cuts)
      expect(refusalOf(unpack(packed.subarray(0, cut)))).toMatch(/^malformed: file.gz: gzip/);
  });

  it('is refused with any byte changed after its header', () => {
    for (let at = 10; at < packed.length; at += 97)
      expect(unpack(packed.with(at, (packed[at] as number) ^ 4)).ok, `byte ${at}`).toBe(false);
  });

  it('is refused with bytes after its end', () => {
    expect(refusalOf(unpack(Uint8Array.of(...packed, 1, 2, 3)))).toContain('malformed');
    expect(refusalOf(unpack(Uint8Array.of(...packed, ...new Array(20).fill(7))))).toContain('malformed');
  });

  it('is stopped soon after the cap, packed or plain', () => {
    const bomb = gzipSync(new Uint8Array(100_000_000));
    const before = process.memoryUsage().arrayBuffers;
    expect(refusalOf(unpack(bomb))).toBe('too-large: file.gz unpacks to more than 1000000 bytes');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
    expect(refusalOf(unpack(plain, 49_999))).toContain('too-large');
    expect(unpack(packed, 50_000).ok).toBe(true);
    expect(refusalOf(unpack(packed, 49_999))).toContain('too-large');
  });
});
