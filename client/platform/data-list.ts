import { type DataList, dataListSchema } from '../../shared/protocol/data-list.ts';
import type { Dataset } from '../../shared/protocol/dataset.ts';
import { datasetListSchema } from '../../shared/protocol/messages.ts';
import { paths } from '../../shared/protocol/paths.ts';
import { callRepeatable, isMissing } from './call-platform.ts';
import type { PlatformSource } from './list-runs.ts';
import { readAs } from './read-as.ts';

/** These calls stand apart from the others, because the page of a run makes none of them. */

/** The data sets of a platform by their sizes, and on what it keeps data. */
export const listData = (source: PlatformSource): Promise<DataList> =>
  callRepeatable(
    `${source.origin}${paths.datasets}?sizes`,
    {},
    readAs(source, dataListSchema),
    source.limits,
  );

/** A whole data set. Null if there is none of this name. */
export async function findDataset(source: PlatformSource, name: string): Promise<Dataset | null> {
  // A platform of an older release lists all.
  const url = `${source.origin}${paths.datasets}?name=${encodeURIComponent(name)}`;
  try {
    const { datasets } = await callRepeatable(url, {}, readAs(source, datasetListSchema), source.limits);
    return datasets.find(set => set.name === name) ?? null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
