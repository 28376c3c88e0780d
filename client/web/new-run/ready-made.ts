import { type ReadyMadeSet, readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import type { Dataset, HostedDataset } from '../../../shared/protocol/dataset.ts';
import { partBytes } from '../../../shared/protocol/part-size.ts';

/** The sets of the platform, and behind them the ready-made ones that it does not list under the same name. */
export const withReadyMade = (listed: readonly Dataset[]): readonly Dataset[] => [
  ...listed,
  ...readyMadeSets.filter(({ name }) => !listed.some(dataset => dataset.name === name)).map(describedBySize),
];

/** No part of any set is named so. */
const NOT_UPLOADED = '0'.repeat(64);

/** Whether its parts have yet to be uploaded. Until then it is known by its size only. */
export const isReadyMade = (dataset: Dataset): boolean =>
  dataset.kind === 'hosted' && dataset.train[0]?.sha256 === NOT_UPLOADED;

function describedBySize(set: ReadyMadeSet): HostedDataset {
  const { name, shape, classes, source, isTable } = set;
  const part = (examples: number) => ({ sha256: NOT_UPLOADED, bytes: partBytes(shape, examples), examples });
  const columns = Array.from({ length: shape.width }, (_, i) => ({ name: `${i + 1}`, least: 0, most: 1 }));
  return {
    ...{ kind: 'hosted', name, shape, classes, source, partition: { kind: 'iid' } },
    ...{ train: [part(set.trainExamples)], test: [part(set.testExamples)] },
    ...(isTable ? { columns } : {}),
  };
}
