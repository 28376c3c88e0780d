/** The data sets that people ask for by name, and how their files are told apart. */

import type { ImageShape } from '../../protocol/part-size.ts';
import { CIFAR_SHAPE } from '../cifar.ts';
import { isSameShape, type LabelledPictures, type Pictures } from '../examples.ts';

export interface KnownSet {
  readonly shape: ImageShape;
  readonly classes: number;
  /** What people call its classes, if no file says it. */
  readonly classNames?: readonly string[];
  /** If labels do not begin at 0. */
  readonly firstLabel?: number;
  /** The labels of its first training pictures, if the names of its files do not tell it from others. */
  readonly begins?: readonly number[];
}

const grey = (classes: number): KnownSet => ({ shape: GREY_SHAPE, classes });
/** MNIST's, which all its kin have. */
const GREY_SHAPE: ImageShape = { height: 28, width: 28, channels: 1 };

const DIGITS = [...'0123456789'];
const CAPITALS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Letters whose small form looks like the large one are one class in EMNIST balanced and by merge. */
const MERGED = [...DIGITS, ...CAPITALS, ...'abdefghnqrt'];
const CLOTHES = ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'].concat([
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]);

const named = (classNames: readonly string[]): KnownSet => ({ ...grey(classNames.length), classNames });

const knownSets: ReadonlyMap<string, KnownSet> = new Map([
  ['mnist', { ...named(DIGITS), begins: [5, 0, 4, 1, 9, 2, 1, 3, 1, 4] }],
  ['fashion-mnist', { ...named(CLOTHES), begins: [9, 0, 0, 3, 0, 2, 7, 2, 5, 5] }],
  ['cifar-10', { shape: CIFAR_SHAPE, classes: 10 }],
  ['cifar-100', { shape: CIFAR_SHAPE, classes: 100 }],
  ['qmnist', named(DIGITS)],
  ['emnist-balanced', named(MERGED)],
  ['emnist-byclass', named([...DIGITS, ...CAPITALS, ...CAPITALS.map(letter => letter.toLowerCase())])],
  ['emnist-bymerge', named(MERGED)],
  ['emnist-digits', named(DIGITS)],
  ['emnist-letters', { ...named(CAPITALS), firstLabel: 1 }],
  ['emnist-mnist', named(DIGITS)],
]);

/** `CIFAR-10`, `cifar10` and `Cifar_10` are one name to people, on whichever keyboard: only letters and digits count. */
const plain = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');

export const isSameName = (one: string, other: string): boolean =>
  plain(one) !== '' && plain(one) === plain(other);

const findKnown = (name: string): [name: string, known: KnownSet] | undefined =>
  [...knownSets].find(([known]) => isSameName(known, name));

export const isKnownSet = (name: string): boolean => findKnown(name) !== undefined;

/** What is known of the set of this name, if these pictures have the size of its pictures. */
export const knownOfShape = (name: string, { shape }: Pictures): KnownSet | undefined => {
  const [, known] = findKnown(name) ?? [];
  return known && isSameShape(known.shape, shape) ? known : undefined;
};

/** The name of the data set that these training pictures begin, if it is one of those whose files look alike. */
export function recogniseByLabels({ labels, shape }: LabelledPictures): string | undefined {
  for (const [name, { begins, shape: known }] of knownSets)
    if (begins?.every((label, i) => labels[i] === label) && isSameShape(shape, known)) return name;
  return undefined;
}

/**
 * What speaks against calling data by this name, in words. A name that is none of the known ones may be given to any
 * data.
 * @param found the name that the data have by themselves, if any
 */
export function findContradiction(
  name: string,
  found: string | undefined,
  { shape, classes }: { readonly shape: ImageShape; readonly classes: number },
): string | undefined {
  const [usual, asked] = findKnown(name) ?? [];
  if (!asked || (found !== undefined && isSameName(found, name))) return undefined;
  const [is, wanted] = [describe(shape, classes), describe(asked.shape, asked.classes)];
  if (found !== undefined)
    return is === wanted
      ? `holds ${found}, not ${usual}: ask for it by its own name`
      : `holds ${found} (${is}), not ${usual} (${wanted}): ask for it by its own name`;
  return is === wanted
    ? undefined
    : `holds ${is}, which is not ${usual} (${wanted}): import it under a name of its own`;
}

const describe = (shape: ImageShape, classes: number): string =>
  `pictures of ${describeShape(shape)} in ${classes} classes`;

export const describeShape = ({ height, width, channels }: ImageShape): string =>
  [height, width, channels].join(' × ');
