import * as tf from '@tensorflow/tfjs-core';
import { type Changes, gatherPictures } from '../../../shared/datasets/augment.ts';
import { concatExamples, type Examples } from '../../../shared/datasets/examples.ts';
import { drawGlyphsPart } from '../../../shared/datasets/glyphs.ts';
import { decodePart } from '../../../shared/datasets/part.ts';
import { decodeHalfInto, encodeHalf } from '../../../shared/math/half-float.ts';
import type { ExampleSource } from '../trainer-api.ts';
import { PartCache } from './part-cache.ts';

/** Room for eighty parts of glyphs or twenty of CIFAR-10: little beside a training step's memory. */
const CACHE_BYTES = 64_000_000;

const cache = new PartCache(CACHE_BYTES);

/**
 * Draws or decodes the pictures of a lease, part by part, or takes them from the cache. They are read-only. @throws if a
 * part does not decode
 */
export const loadParts = (source: ExampleSource): readonly Examples[] =>
  source.kind === 'glyphs' ? drawnParts(source) : decodedParts(source);

/** The pictures of all parts, one after another. */
export function joinParts(parts: readonly Examples[]): Examples {
  const [only, ...more] = parts;
  return only && more.length === 0 ? only : concatExamples(parts);
}

function drawnParts({ dataset, split, parts }: Extract<ExampleSource, { kind: 'glyphs' }>): Examples[] {
  const name = JSON.stringify([dataset, split]);
  return parts.map(part => cache.get(`${name}${part}`, () => drawGlyphsPart(dataset, split, part)));
}

const decodedParts = ({ hashes, files }: Extract<ExampleSource, { kind: 'parts' }>): Examples[] =>
  files.map((file, i) => {
    const hash = hashes[i];
    return hash === undefined ? decode(file) : cache.get(hash, () => decode(file));
  });

function decode(file: Uint8Array): Examples {
  const part = decodePart(file);
  if (!part.ok) throw new Error(`a part of the data does not decode: ${part.detail ?? part.reason}`);
  return part.value;
}

/** The pictures of a lease, as `loadParts` and `joinParts` make them. */
export const loadExamples = (source: ExampleSource): Examples => joinParts(loadParts(source));

/** What a task trains on, batch by batch: pixels, or the features of the frozen segments. */
export interface InputSource {
  readonly count: number;
  /** Inputs of these examples, [n, …]; the caller disposes. */
  batch(indices: Uint32Array): tf.Tensor;
}

/** Pixels as [n, height, width, channels] in [0, 1]. If there are changes, one for each picture, they are applied. */
export function pixelSource(
  { pixels, labels, shape }: Examples,
  changes: Changes | null = null,
): InputSource {
  const { height, width, channels } = shape;
  return {
    count: labels.length,
    batch: indices => {
      const bytes = gatherPictures(pixels, shape, indices, changes);
      const values = new Float32Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) values[i] = (bytes[i] as number) / 255;
      return tf.tensor4d(values, [indices.length, height, width, channels]);
    },
  };
}

/**
 * Features that are computed once and kept in half precision. That takes half the memory, and is exact enough for
 * what a frozen segment puts out. `shape` is that of one example.
 */
export function featureSource(features: readonly Uint16Array[], shape: readonly number[]): InputSource {
  const size = shape.reduce((product, n) => product * n, 1);
  return {
    count: features.length,
    batch: indices => {
      const values = new Float32Array(indices.length * size);
      indices.forEach((index, row) => {
        decodeHalfInto(features[index] as Uint16Array, values.subarray(row * size));
      });
      return tf.tensor(values, [indices.length, ...shape]);
    },
  };
}

/**
 * Splits a batch's output [n, …] into one row of half-precision features for each example. The rows are views of one
 * buffer.
 */
export function splitFeatures(values: Float32Array, count: number): Uint16Array[] {
  const halves = encodeHalf(values);
  const size = halves.length / count;
  return Array.from({ length: count }, (_, row) => halves.subarray(row * size, (row + 1) * size));
}

/** Labels of these examples as one-hot rows [n, classes]; the caller disposes. */
export function oneHot(labels: Uint8Array, indices: Uint32Array, classes: number): tf.Tensor2D {
  const values = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => {
    values[row * classes + (labels[index] as number)] = 1;
  });
  return tf.tensor2d(values, [indices.length, classes]);
}
