import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import type { DataList } from '../../../shared/protocol/data-list.ts';
import { type DatasetSummary, summaryOf } from '../../../shared/protocol/dataset-summary.ts';
import { errorText } from '../../../shared/protocol/error-text.ts';
import type { ImageShape } from '../../../shared/protocol/part-size.ts';
import { defaultGlyphs } from '../../host/default-spec.ts';
import { listData } from '../../platform/data-list.ts';
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
  readonly storage?: DataList['storage'];
  /** Why the platform's own are not among them. */
  readonly error: string | null;
}

const describe = ({ train, test, source, ...set }: DatasetSummary): ListedSet => ({
  ...{ name: set.name, shape: set.shape, classes: set.classes, isTable: set.isTable },
  source: source ?? null,
  ...{ train: train.examples, test: test.examples, isReadyMade: false },
});

const readyMade: readonly ListedSet[] = [
  { ...describe(summaryOf(defaultGlyphs(0))), isReadyMade: true },
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
    listData(platformClient).then(
      ({ sets, storage }) => (listing.value = { sets: merge(sets.map(describe)), storage, error: null }),
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
