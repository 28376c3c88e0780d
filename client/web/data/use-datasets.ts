import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import {
  type Dataset,
  datasetClasses,
  datasetShape,
  isTable as isTableSet,
  splitExamples,
} from '../../../shared/protocol/dataset.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { DatasetList } from '../../../shared/protocol/messages.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { defaultGlyphs } from '../../host/default-spec.ts';
import { platformClient } from '../state/platform-client.ts';

/** A data set as the list shows it. */
export interface ListedSet {
  readonly name: string;
  readonly shape: ImageShape;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
  readonly isTable: boolean;
  readonly isReadyMade: boolean;
  /** Who made it, and its licence. */
  readonly source: string | null;
}

export interface Listing {
  readonly sets: readonly ListedSet[];
  /** On what the platform keeps data, if it is not R2. */
  readonly storage?: DatasetList['storage'];
  /** Why the platform's own are not among them. */
  readonly error: string | null;
}

const describe = (dataset: Dataset): ListedSet => ({
  name: dataset.name,
  shape: datasetShape(dataset),
  classes: datasetClasses(dataset),
  train: splitExamples(dataset, 'train'),
  test: splitExamples(dataset, 'test'),
  isTable: isTableSet(dataset),
  isReadyMade: dataset.kind === 'glyphs',
  source: dataset.kind === 'hosted' ? (dataset.source ?? null) : null,
});

const readyMade: readonly ListedSet[] = [
  describe(defaultGlyphs(0)),
  ...readyMadeSets.map(({ name, isTable, shape, classes, trainExamples, testExamples, source }) => ({
    ...{ name, isTable, shape, classes, source },
    ...{ train: trainExamples, test: testExamples, isReadyMade: true },
  })),
];

/**
 * The ready-made sets, and those of the platform as soon as they are known.
 * @param changes if it changes, the platform is asked again
 */
export function useDatasets(changes: unknown): Signal<Listing> {
  const listing = useSignal<Listing>({ sets: readyMade, error: null });
  useEffect(() => {
    platformClient.listData().then(
      ({ datasets, storage }) =>
        (listing.value = { sets: merge(datasets.map(describe)), storage, error: null }),
      error => (listing.value = { ...listing.value, error: errorText(error) }),
    );
  }, [changes]);
  return listing;
}

/** A ready-made set that was uploaded once is still listed once. */
const merge = (hosted: readonly ListedSet[]): ListedSet[] => [
  ...readyMade,
  ...hosted.filter(({ name }) => readyMade.every(ready => ready.name !== name)),
];
