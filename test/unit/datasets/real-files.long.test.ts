import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Examples } from '../../../shared/datasets/examples.ts';
import { readDataset } from '../../support/read-dataset.ts';

/** Beside the repository where a developer has them; a clone elsewhere goes without. */
const folder = join(import.meta.dirname, '../../../../shared/data');
const has = (name: string): boolean => existsSync(join(folder, name));

const countsOf = ({ labels }: Examples): number[] => {
  const counts = new Array<number>(10).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
};
const meanOf = ({ pixels }: Examples): number =>
  pixels.reduce((sum, value) => sum + value, 0) / pixels.length / 255;

describe('the files people have', () => {
  it.runIf(has('mnist'))('MNIST has its known labels, counts and mean', async () => {
    const { train, test, notes } = await readDataset(join(folder, 'mnist'));
    expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(countsOf(train)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect({ shape: train.shape, classes: train.classes }).toEqual({
      shape: { height: 28, width: 28, channels: 1 },
      classes: 10,
    });
    expect(meanOf(train)).toBeCloseTo(0.1307, 4);
    expect([...test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
    expect(notes).toEqual([]);
  });

  it.runIf(has('fashion-mnist'))('Fashion-MNIST has its known labels and counts', async () => {
    const { test } = await readDataset(join(folder, 'fashion-mnist'));
    expect([...test.labels.subarray(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
    expect(countsOf(test)).toEqual(new Array(10).fill(1000));
  });

  it.runIf(has('fashion-mnist'))('Fashion-MNIST is not trained on under another name', async () => {
    const found = (name: string) => readDataset(join(folder, 'fashion-mnist'), name);
    for (const name of ['mnist', 'cifar-10', 'emnist-letters'])
      await expect(found(name)).rejects.toThrow(`holds fashion-mnist`);
    expect((await found('clothes')).train.labels).toHaveLength(60_000);
  });

  it.runIf(has('cifar-10'))('three batches of CIFAR-10 have their known labels and counts', async () => {
    const { train, test, classNames, notes } = await readDataset(join(folder, 'cifar-10'));
    expect([...train.labels.subarray(0, 10)]).toEqual([6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
    const batch = train.labels.slice(0, 10_000);
    expect(countsOf({ ...train, labels: batch })).toEqual([
      1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981,
    ]);
    expect([train.labels.length, test.labels.length]).toEqual([30_000, 10_000]);
    const red = train.pixels.filter((_, at) => at % 3 === 0);
    expect(meanOf({ ...train, pixels: red })).toBeCloseTo(0.4914, 2);
    expect(classNames?.slice(0, 2)).toEqual(['airplane', 'automobile']);
    expect(notes).toEqual([
      '3 of the 5 training batches are here, without data_batch_4.bin, data_batch_5.bin',
    ]);
  });

  it.runIf(has('mnist') && has('fashion-mnist'))(
    'the folder above has several sets: the named one',
    async () => {
      expect((await readDataset(folder, 'mnist')).train.labels[0]).toBe(5);
      await expect(readDataset(folder, 'mine')).rejects.toThrow('give one of');
    },
  );
});
