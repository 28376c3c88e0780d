import type { Dataset, HostedDataset } from '../../../shared/protocol/dataset.ts';
import type { DatasetSummary } from '../../../shared/protocol/dataset-summary.ts';
import { partBytes } from '../../../shared/protocol/part-size.ts';

/** No part of any set is named so. */
const UNKNOWN = '0'.repeat(64);

/** Whether the form knows it by its size only: the references of its parts may be a megabyte, and a run alone needs them. */
export const isBySize = (dataset: Dataset): boolean =>
  dataset.kind === 'hosted' && dataset.train[0]?.sha256 === UNKNOWN;

/** A set of this size, for estimates and for the checks of the form. No part of it can be had. */
export function describedBySize({
  name,
  shape,
  classes,
  source,
  isTable,
  ...sizes
}: Pick<
  DatasetSummary,
  'name' | 'shape' | 'classes' | 'source' | 'isTable' | 'train' | 'test'
>): HostedDataset {
  const partsOf = ({ parts, examples }: DatasetSummary['train']) =>
    Array.from({ length: parts }, (_, i) => {
      const held = Math.floor(((i + 1) * examples) / parts) - Math.floor((i * examples) / parts);
      return { sha256: UNKNOWN, bytes: partBytes(shape, held), examples: held };
    });
  const columns = Array.from({ length: shape.width }, (_, i) => ({ name: `${i + 1}`, least: 0, most: 1 }));
  return {
    ...{ kind: 'hosted', name, shape, classes, partition: { kind: 'iid' } },
    ...(source !== undefined && { source }),
    ...{ train: partsOf(sizes.train), test: partsOf(sizes.test) },
    ...(isTable && { columns }),
  };
}
