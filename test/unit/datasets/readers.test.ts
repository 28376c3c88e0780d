import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCifar10, readCifar100 } from '../../../shared/datasets/cifar.ts';
import { gunzip } from '../../../shared/datasets/gunzip.ts';
import { readIdxLabels, readIdxPictures } from '../../../shared/datasets/idx.ts';
import { concatBytes, dataViewOf } from '../../../shared/math/bytes.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import { propertyRuns } from '../../support/extent.ts';
import { refusalOf, unwrap } from './make-examples.ts';

const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 1);

describe('IDX', () => {
  it('is read as its header says', () => {
    expect(unwrap(readIdxPictures(images, 'images'))).toEqual({
      shape: { height: 1, width: 2, channels: 1 },
      pixels: Uint8Array.of(10, 20, 30, 40),
    });
    expect(unwrap(readIdxLabels(labels, 'labels'))).toEqual(Uint8Array.of(7, 1));
  });

  it.each([
    ['signed bytes', 9, [7, 1]],
    ['16-bit integers', 11, [0, 7, 0, 1]],
    ['32-bit integers', 12, [0, 0, 0, 7, 0, 0, 0, 1]],
  ])('has labels in %s too', (_, type, values) => {
    const bytes = Uint8Array.of(0, 0, type, 1, 0, 0, 0, 2, ...values);
    expect(unwrap(readIdxLabels(bytes, 'labels'))).toEqual(Uint8Array.of(7, 1));
  });

  it('has the class in the first of QMNIST’s eight columns', () => {
    const rows = [7, 1].flatMap(label => [0, 0, 0, label, ...new Array(28).fill(9)]);
    const bytes = Uint8Array.of(0, 0, 12, 2, 0, 0, 0, 2, 0, 0, 0, 8, ...rows);
    expect(unwrap(readIdxLabels(bytes, 'labels'))).toEqual(Uint8Array.of(7, 1));
  });

  it.each([
    ['labels in the place of pictures', labels, 'file holds labels, not pictures'],
    [
      'truncated pictures',
      images.subarray(0, 19),
      'its header says 20 bytes (2 × 1 × 2 unsigned bytes), found 19',
    ],
    ['a cut header', images.subarray(0, 9), 'its header needs 16 bytes, found 9'],
    ['a cut start', images.subarray(0, 2), 'it has 2 bytes'],
    ['a huge count', images.with(4, 255), 'its header says 8556380180 bytes'],
    ['no pixels', images.with(11, 0).subarray(0, 16), 'file holds no picture: its sizes are 2 × 0 × 2'],
    ['no pictures', images.with(7, 0).subarray(0, 16), 'file holds no picture: its sizes are 0 × 1 × 2'],
    [
      'little-endian numbers',
      Uint8Array.of(3, 8, 0, 0, 2, 0, 0, 0),
      'little-endian: IDX files are big-endian',
    ],
    [
      'text',
      Uint8Array.from('no data at all', char => char.charCodeAt(0)),
      'it begins with bytes 110 111 32 100',
    ],
    [
      'floats',
      Uint8Array.of(0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 63, 128, 0, 0),
      'file holds 32-bit floats: pictures are unsigned bytes, 0 to 255',
    ],
    [
      'flattened pictures',
      Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 5, 5),
      'file has sizes 1 × 2: pictures are count × height × width',
    ],
    [
      'colours',
      Uint8Array.of(0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3),
      'file has sizes 1 × 1 × 1 × 3: pictures are count',
    ],
  ])('is refused as pictures for %s', (_, bytes, detail) => {
    const refusal = refusalOf(readIdxPictures(bytes, 'file'));
    expect(refusal).toContain('malformed: file');
    expect(refusal).toContain(detail);
  });

  it.each([
    ['pictures in the place of labels', images, 'file holds pictures, not labels'],
    [
      'trailing labels',
      Uint8Array.of(...labels, 0),
      'file: its header says 10 bytes (2 unsigned bytes), found 11',
    ],
    [
      'one-hot rows',
      Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1),
      'file has sizes 1 × 2: labels have one',
    ],
    [
      'floats',
      Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 1, 63, 128, 0, 0),
      'file holds 32-bit floats: labels are integers',
    ],
    [
      'a negative label',
      Uint8Array.of(0, 0, 9, 1, 0, 0, 0, 1, 255),
      'label -1 of picture 0 is not from 0 to 255',
    ],
    ['a label too high', Uint8Array.of(0, 0, 11, 1, 0, 0, 0, 1, 1, 0), 'label 256 of picture 0 is not'],
  ])('is refused as labels for %s', (_, bytes, detail) => {
    expect(refusalOf(readIdxLabels(bytes, 'file'))).toMatch(/^malformed: file/);
    expect(refusalOf(readIdxLabels(bytes, 'file'))).toContain(detail);
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
    [
      'records of CIFAR-100',
      new Uint8Array(3074),
      "batch holds records of 3074 bytes, which are CIFAR-100's: 3073 were expected",
    ],
  ])('is refused for %s', (_, bytes, detail) => {
    expect(refusalOf(readCifar10(bytes, 'batch'))).toContain(detail);
  });
});

describe('CIFAR-100', () => {
  const record = (coarse: number, fine: number): number[] => [
    ...[coarse, fine],
    ...[1, 2, 3].flatMap(value => new Array(1024).fill(value)),
  ];
  const batch = Uint8Array.from([...record(19, 99), ...record(4, 0)]);

  it('has fine and coarse labels', () => {
    const fine = unwrap(readCifar100(batch, 'train.bin'));
    expect({ classes: fine.classes, labels: [...fine.labels] }).toEqual({ classes: 100, labels: [99, 0] });
    expect([...fine.pixels.subarray(3072, 3078)]).toEqual([1, 2, 3, 1, 2, 3]);
    const coarse = unwrap(readCifar100(batch, 'train.bin', 'coarse'));
    expect({ classes: coarse.classes, labels: [...coarse.labels] }).toEqual({ classes: 20, labels: [19, 4] });
  });

  it.each([
    ['a coarse label too high', batch.with(0, 20), 'train.bin: label 20 at byte 0 is not below 20'],
    ['a fine label too high', batch.with(3075, 100), 'train.bin: label 100 at byte 3075 is not below 100'],
    ['records of CIFAR-10', new Uint8Array(3073), "which are CIFAR-10's: 3074 were expected"],
    ['a cut record', batch.subarray(0, 3000), 'train.bin: expected a positive multiple of 3074 bytes'],
  ])('is refused for %s', (_, bytes, detail) => {
    expect(refusalOf(readCifar100(bytes, 'train.bin'))).toContain(detail);
  });
});

describe('gzip', () => {
  const plain = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i) >> 7);
  const packed = gzipSync(plain);
  const unpack = (bytes: Uint8Array, maxBytes = 1e6) => gunzip(bytes, { maxBytes, name: 'file.gz' });
  const hexOf = (bytes: Uint8Array): string => sha256Hex(unwrap(unpack(bytes)));

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

  it('may be packed twice, and have zeros after its end', () => {
    expect(unwrap(unpack(gzipSync(packed)))).toEqual(plain);
    for (const zeros of [1, 2, 3, 4, 7, 8, 9, 512, 8191, 8192, 20_000]) {
      const padded = concatBytes([packed, new Uint8Array(zeros)]);
      expect(hexOf(padded), `${zeros} zeros`).toBe(sha256Hex(plain));
      const twice = concatBytes([packed, padded]);
      expect(hexOf(twice), `${zeros} zeros after two`).toBe(sha256Hex(concatBytes([plain, plain])));
    }
  });

  it('may have zeros after its end whatever it holds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(40), (bytes, zeros) => {
        const padded = concatBytes([gzipSync(bytes), new Uint8Array(zeros)]);
        expect(unwrap(unpack(padded))).toEqual(bytes);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('is not taken for whole because of zeros after a broken part', () => {
    // The trailer's own last bytes are zeros, so the loop stops before it.
    for (let at = 10; at < packed.length - 8; at += 997) {
      const broken = packed.with(at, (packed[at] as number) ^ 4);
      expect(unpack(concatBytes([broken, new Uint8Array(64)])).ok, `byte ${at}`).toBe(false);
      expect(unpack(concatBytes([packed.subarray(0, at), new Uint8Array(64)])).ok, `cut at ${at}`).toBe(
        false,
      );
    }
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

  it('takes no memory on the word of its trailer', () => {
    const noise = gzipSync(Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * i * i) >> 11));
    dataViewOf(noise).setUint32(noise.length - 4, 500_000_000, true);
    const before = process.memoryUsage().arrayBuffers;
    expect(refusalOf(unpack(noise, 1e9))).toContain('gzip checksum or length');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  });

  it('is whole if it packs better than is likely, or if its trailer tells of the last member alone', () => {
    const zeros = new Uint8Array(20_000_000);
    for (const bytes of [gzipSync(zeros), concatBytes([gzipSync(zeros), gzipSync(new Uint8Array())])]) {
      expect(unwrap(unpack(bytes, zeros.length)).length).toBe(zeros.length);
      expect(refusalOf(unpack(bytes, zeros.length - 1))).toContain('too-large');
    }
    const odd = concatBytes([zeros.subarray(0, 70_000), plain, zeros.subarray(0, 300_001)]);
    expect(hexOf(gzipSync(odd))).toBe(sha256Hex(odd));
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
