/** Pairs of IDX files: MNIST, Fashion-MNIST, EMNIST, QMNIST and what people make like them. */

import type { Split } from '../../protocol/dataset.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import type { LabelledPictures, Pictures } from '../examples.ts';
import { readIdxLabels, readIdxPictures } from '../idx.ts';
import { readLines } from './class-names.ts';
import type { DatasetFormat, OpenFile, ReadPictures, SlotSource } from './dataset-format.ts';

/** `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte`, `emnist-letters-test-images-idx3-ubyte`, `…-labels-idx2-int`. */
const dataName =
  /^(?:([a-z0-9][a-z0-9_-]*)-)?(train|t10k|test)[-_.](images|labels)[-_.]idx[1-4]?(?:[-_.](?:ubyte|byte|short|int|float|double))?$/;

/** EMNIST's own: a label and the codes of its characters in each line. */
const mappingName = /^(emnist-[a-z]+)-mapping\.txt$/;

const needed = ['train-images', 'train-labels', 'test-images', 'test-labels'];

export const idxFormat: DatasetFormat = {
  slotOf: name => {
    const [, set = '', split, holds] = dataName.exec(name) ?? [];
    if (split !== undefined) return { set, slot: `${split === 'train' ? 'train' : 'test'}-${holds}` };
    const [, mapped] = mappingName.exec(name) ?? [];
    return mapped === undefined ? undefined : { set: mapped, slot: 'mapping' };
  },
  lacking: (set, slots) => needed.filter(slot => !slots.has(slot)).map(slot => usualName(set, slot)),
  read: readIdxSet,
};

function usualName(set: string, slot: string): string {
  const name = set === '' ? slot.replace('test', 't10k') : `${set}-${slot}`;
  return `${name}-${slot.endsWith('images') ? 'idx3' : 'idx1'}-ubyte`;
}

async function readIdxSet(source: SlotSource): Promise<Result<ReadPictures>> {
  const train = await readPair(source, 'train');
  if (!train.ok) return train;
  const test = await readPair(source, 'test');
  if (!test.ok) return test;
  const classNames = await readMapping(source);
  if (!classNames.ok) return classNames;
  const isTurned = source.set.startsWith('emnist');
  if (isTurned)
    source.note('EMNIST keeps its pictures with rows and columns exchanged: they are turned upright');
  return accepted({
    train: isTurned ? turnUpright(train.value) : train.value,
    test: isTurned ? turnUpright(test.value) : test.value,
    ...(classNames.value && { classNames: classNames.value }),
  });
}

async function readPair(source: SlotSource, split: Split): Promise<Result<LabelledPictures>> {
  const images = await source.open(`${split}-images`, readIdxPictures);
  if (!images.ok) return images;
  const labels = await source.open(`${split}-labels`, readIdxLabels);
  return labels.ok ? joinPair(images.value, labels.value) : labels;
}

function joinPair(images: OpenFile<Pictures>, labels: OpenFile<Uint8Array>): Result<LabelledPictures> {
  const count = countPictures(images.content);
  if (count !== labels.content.length)
    return refused(
      'malformed',
      `${images.name} has ${count} pictures, ${labels.name} has ${labels.content.length} labels`,
    );
  return accepted({ ...images.content, labels: labels.content });
}

const countPictures = ({ shape, pixels }: Pictures): number => pixels.length / (shape.height * shape.width);

function turnUpright(pictures: LabelledPictures): LabelledPictures {
  const { height: columns, width: rows } = pictures.shape;
  const pixels = new Uint8Array(pictures.pixels.length);
  for (let from = 0; from < pixels.length; from += rows * columns)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        pixels[from + row * columns + column] = pictures.pixels[from + column * rows + row] as number;
  return { ...pictures, shape: { height: rows, width: columns, channels: 1 }, pixels };
}

/** `1 65 97` says that label 1 is A and a. Lines are in the order of the labels. */
async function readMapping(source: SlotSource): Promise<Result<readonly string[] | undefined>> {
  if (!source.slots.has('mapping')) return accepted(undefined);
  const file = await source.open('mapping', readLines);
  if (!file.ok) return file;
  const codes = file.value.content.map(line => line.split(/\s+/).slice(1).map(Number));
  if (codes.every(line => line.length > 0 && line.every(isCharacter)))
    return accepted(codes.map(line => String.fromCodePoint(...line)));
  source.note(`${file.value.name} does not say in each line a label and its characters: it is not used`);
  return accepted(undefined);
}

const isCharacter = (code: number): boolean => Number.isInteger(code) && code > 0 && code <= 0x10ffff;
