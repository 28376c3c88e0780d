import { type Examples, selectExamples } from '../../../shared/datasets/examples.ts';
import { encodePart } from '../../../shared/datasets/part.ts';
import { evenSizes, partitionExamples } from '../../../shared/datasets/partition.ts';
import { sha256Hex } from '../../../shared/math/sha256.ts';
import type { HostedDataset, Partition } from '../../../shared/protocol/dataset.ts';
import { examplesPerPart } from '../../../shared/protocol/part-size.ts';

export interface FederatedData {
  readonly dataset: HostedDataset;
  /** By hash. */
  readonly parts: ReadonlyMap<string, Uint8Array>;
  readonly partsPerLease: number;
}

/**
 * The training pictures, cut for leases of so many. Each lease is one draw of the partition, in as many parts as its
 * bytes need. The test part only completes the data set: the bench evaluates from memory.
 */
export function cutForLeases(
  name: string,
  train: Examples,
  leaseExamples: number,
  partition: Partition,
  seed: number,
): FederatedData {
  const leases = Math.max(1, Math.round(train.labels.length / leaseExamples));
  const partsPerLease = Math.ceil(train.labels.length / leases / examplesPerPart(train.shape));
  const drawn = partitionExamples(train.labels, train.classes, leases, partition, seed);
  const files = drawn.flatMap(lease => cutLease(train, lease, partsPerLease));
  const refs = files.map(({ bytes, examples }) => ({
    sha256: sha256Hex(bytes),
    bytes: bytes.length,
    examples,
  }));
  return {
    dataset: {
      kind: 'hosted',
      name,
      shape: train.shape,
      classes: train.classes,
      partition,
      train: refs,
      test: refs.slice(0, 1),
    },
    parts: new Map(refs.map(({ sha256 }, i) => [sha256, files[i]?.bytes ?? new Uint8Array()])),
    partsPerLease,
  };
}

function cutLease(train: Examples, lease: readonly number[], parts: number) {
  let from = 0;
  return evenSizes(lease.length, parts).map(size => {
    const indices = lease.slice(from, from + size);
    from += size;
    return { bytes: encodePart(selectExamples(train, indices)), examples: size };
  });
}
