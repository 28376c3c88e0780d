/**
 * Cuts the examples in a host's memory into encoded parts, and describes them as a data set that names parts by hash.
 */
import { sha256Hex } from '../math/sha256.ts';
import type { Partition } from '../protocol/dataset.ts';
import {
  type HostedDataset,
  hostedDatasetSchema,
  imageShapeSchema,
  MAX_PARTS,
  type PartRef,
} from '../protocol/dataset.ts';
import { examplesPerPart, PART_HEADER_BYTES } from '../protocol/part-size.ts';
import { accepted, type Result, refused } from '../protocol/refusals.ts';
import { type Examples, isSameShape, selectExamples } from './examples.ts';
import { encodePart } from './part.ts';
import { partitionExamples } from './partition.ts';

interface CutOptions {
  /** How the training examples go to parts; test examples are always mixed evenly. */
  readonly partition: Partition;
  readonly seed: string | number;
  /** At most so many in a part, and never more than fit 1 MB. If left out, as many as fit. */
  readonly maxExamples?: number;
}

interface HostOptions extends CutOptions {
  readonly name: string;
  readonly classNames?: readonly string[];
}

/** Encoded parts, in the order in which the data set numbers them. */
export interface CutParts {
  readonly train: Uint8Array[];
  readonly test: Uint8Array[];
}

/** Something to upload: content and its address. */
export interface PartBlob {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/**
 * As few parts as the limit allows, of sizes within one of each other. The same seed gives the same parts. Refused as
 * `bad-spec`: an empty split, splits that differ in shape or classes, a picture that is too large for a part.
 */
export function cutIntoParts(train: Examples, test: Examples, options: CutOptions): Result<CutParts> {
  if (!isSameShape(train.shape, test.shape) || train.classes !== test.classes)
    return refused('bad-spec', 'training and test examples differ in shape or number of classes');
  if (train.labels.length === 0 || test.labels.length === 0)
    return refused('bad-spec', `${train.labels.length} training and ${test.labels.length} test examples`);
  const limit = Math.min(examplesPerPart(train.shape), options.maxExamples ?? Infinity);
  if (limit < 1 || !imageShapeSchema.safeParse(train.shape).success) return tooLarge(train.shape);
  const most = Math.floor(limit) * MAX_PARTS;
  if (train.labels.length > most || test.labels.length > most)
    return refused('bad-spec', `more than ${most} examples of this size do not fit ${MAX_PARTS} parts`);
  const { partition, seed } = options;
  return accepted({
    train: cutSplit(train, limit, partition, `${seed}/train`),
    test: cutSplit(test, limit, { kind: 'iid' }, `${seed}/test`),
  });
}

const tooLarge = ({ height, width, channels }: Examples['shape']): Result<never> =>
  refused(
    'bad-spec',
    `an example of ${height} × ${width} × ${channels} is too large: a part of at most 1 MB must hold one, of at most 1,024 × 1,024 and 16 channels`,
  );

/**
 * Cuts, hashes and describes. Refused as `bad-spec`: what `cutIntoParts` refuses, and what the data set's schema does
 * not allow (too many parts, too few classes, names).
 */
export function createHostedDataset(
  train: Examples,
  test: Examples,
  options: HostOptions,
): Result<{ dataset: HostedDataset; blobs: PartBlob[] }> {
  const parts = cutIntoParts(train, test, options);
  if (!parts.ok) return parts;
  const [trainBlobs, testBlobs] = [parts.value.train.map(hashBlob), parts.value.test.map(hashBlob)];
  const { name, partition, classNames } = options;
  const dataset = hostedDatasetSchema.safeParse({
    kind: 'hosted',
    name,
    shape: train.shape,
    classes: train.classes,
    ...(classNames && { classNames }),
    partition,
    train: trainBlobs.map(blob => referTo(blob, train)),
    test: testBlobs.map(blob => referTo(blob, test)),
  });
  if (!dataset.success) return refused('bad-spec', dataset.error.issues[0]?.message);
  return accepted({ dataset: dataset.data, blobs: [...trainBlobs, ...testBlobs] });
}

function cutSplit(examples: Examples, limit: number, partition: Partition, seed: string): Uint8Array[] {
  const { labels, classes } = examples;
  const parts = Math.ceil(labels.length / Math.floor(limit));
  const indices = partitionExamples(labels, classes, parts, partition, seed);
  return indices.map(part => encodePart(selectExamples(examples, part)));
}

const hashBlob = (bytes: Uint8Array): PartBlob => ({ sha256: sha256Hex(bytes), bytes });

function referTo({ sha256, bytes }: PartBlob, { shape }: Examples): PartRef {
  const examples = (bytes.length - PART_HEADER_BYTES) / (1 + shape.height * shape.width * shape.channels);
  return { sha256, bytes: bytes.length, examples };
}
