import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DataList } from '../../../shared/protocol/data-list.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import type { Ownership } from '../../../shared/protocol/ownership.ts';
import type { RunListing } from '../../../shared/protocol/run-list.ts';
import { listData } from '../../platform/data-list.ts';
import { ownershipCalls } from '../claim/ownership-calls.ts';
import { knownRuns } from '../state/known-runs.ts';
import { platformClient } from '../state/platform-client.ts';
import { describedBySize } from './set-by-size.ts';

export interface PlatformLists {
  /** Known by their sizes: `isBySize`. */
  readonly datasets: readonly Dataset[];
  readonly runs: readonly RunListing[];
  /** On what the platform keeps data, if it is not R2. */
  readonly storage?: DataList['storage'];
  /** Who may create runs. Null until the platform has said so. */
  readonly creation: Ownership['creation'] | null;
  /** Whether the platform has said which data sets it has. */
  readonly hasDatasets: boolean;
}

/** If a list does not come, the built-in data set is still there, and a name is taken for free. */
export function usePlatformLists(): PlatformLists {
  const lists = useSignal<PlatformLists>({ datasets: [], runs: [], creation: null, hasDatasets: false });
  useEffect(() => {
    listData(platformClient).then(
      ({ sets, storage }) => {
        const datasets = sets.map(describedBySize);
        lists.value = { ...lists.value, datasets, storage, hasDatasets: true };
      },
      () => {},
    );
    platformClient.listRuns({ known: knownRuns() }).then(
      runs => (lists.value = { ...lists.value, runs }),
      () => {},
    );
    ownershipCalls.read().then(
      ({ creation }) => (lists.value = { ...lists.value, creation }),
      () => {},
    );
  }, []);
  return lists.value;
}
