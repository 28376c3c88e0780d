import { concatBytes } from '../math/bytes.ts';
import { type ImageShape, pixelsPerImage } from '../protocol/part-size.ts';

/** Pictures in memory: `pixels` is NHWC, 0–255, `pixelsPerImage(shape)` bytes each. */
export interface Pictures {
  readonly shape: ImageShape;
  readonly pixels: Uint8Array;
}

/** Pictures with their labels as they stand in a file: what they begin with, and how many classes there are, is open. */
export interface LabelledPictures extends Pictures {
  readonly labels: Uint8Array;
}

/** What all data sets, parts and readers have in the end: `labels[i] < classes` is the class of picture i. */
export interface Examples extends LabelledPictures {
  readonly classes: number;
}

export const isSameShape = (a: ImageShape, b: ImageShape): boolean =>
  a.height === b.height && a.width === b.width && a.channels === b.channels;

/**
 * A copy with the pictures at `indices`, in that order; an index may come twice. Throws RangeError if there is no such
 * picture.
 */
export function selectExamples(examples: Examples, indices: readonly number[]): Examples {
  const size = pixelsPerImage(examples.shape);
  const labels = new Uint8Array(indices.length);
  const pixels = new Uint8Array(indices.length * size);
  for (const [to, from] of indices.entries()) {
    const label = examples.labels[from];
    if (label === undefined) throw new RangeError(`no example ${from} among ${examples.labels.length}`);
    labels[to] = label;
    pixels.set(examples.pixels.subarray(from * size, (from + 1) * size), to * size);
  }
  return { ...examples, labels, pixels };
}

/** All examples one after another. Throws RangeError if there are none, or if their shapes or classes differ. */
export function concatExamples(all: readonly Examples[]): Examples {
  const [first] = all;
  if (!first) throw new RangeError('nothing to concatenate');
  const alike = all.every(
    ({ shape, classes }) => isSameShape(shape, first.shape) && classes === first.classes,
  );
  if (!alike) throw new RangeError('examples of different shapes or classes cannot be concatenated');
  return {
    ...first,
    labels: concatBytes(all.map(({ labels }) => labels)),
    pixels: concatBytes(all.map(({ pixels }) => pixels)),
  };
}

/** The index of the first label that is no class, or -1. */
export const findBadLabel = (labels: Uint8Array, classes: number): number =>
  labels.findIndex(label => label >= classes);
