import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCifar10 } from '../../../shared/datasets/cifar.ts';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { gunzip } from '../../../shared/datasets/gunzip.ts';
import { readIdx } from '../../../shared/datasets/idx.ts';
import { unwrap } from './make-examples.ts';

/** Beside the repository where a developer has them; a clone elsewhere goes without. */
const folder = join(import.meta.dirname, '../../../../shared/data');
const has = (name: string): boolean => existsSync(join(folder, name));
const read = (name: string): Uint8Array =>
  unwrap(gunzip(readFileSync(join(folder, name)), { maxBytes: 100_000_000, name }));
const readPair = (set: string, split: string): Examples =>
  unwrap(readIdx(read(`${set}/${split}-images-idx3-ubyte.gz`), read(`${set}/${split}-labels-idx1-ubyte.gz`)));

const countsOf = ({ labels }: Examples): number[] => {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
};
const meanOf = ({ pixels }: Examples): number =>
  pixels.reduce((sum, value) => sum + value, 0) / pixels.length / 255;

describe('the files people have', () => {
  it.runIf(has('mnist'))('MNIST has its known labels, counts and mean', () => {
    const train = readPair('mnist', 'train');
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(countsOf(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(train.shape).toEqual({ height: 28, width: 28, channels: 1 });
    expect(meanOf(train)).toBeCloseTo(0.1307, 4);
    expect([...readPair('mnist', 't10k').labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  });

  it.runIf(has('fashion-mnist'))('Fashion-MNIST has its known labels and counts', () => {
    const test = readPair('fashion-mnist', 't10k');
    expect([...test.labels.subarray(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
    expect(countsOf(test)).toEqual(new Array(10).fill(1000));
  });

  it.runIf(has('cifar-10'))('a CIFAR-10 batch has its known labels and counts', () => {
    const batch = unwrap(readCifar10(read('cifar-10/data_batch_1.bin.gz'), 'data_batch_1.bin'));
    expect([...batch.labels.subarray(0, 10)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    expect(countsOf(batch)).toEqual([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981]);
    const red = batch.pixels.filter((_, at) => at % 3 === 0);
    expect(meanOf({ ...batch, pixels: red })).toBeCloseTo(0.4914, 2);
  });
});
