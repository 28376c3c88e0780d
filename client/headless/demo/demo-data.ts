import type { FoundData } from '../../../shared/datasets/import/found-data.ts';
import { findReadyMade } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import { type Dataset, splitExamples } from '../../../shared/protocol/dataset.ts';
import { defaultGlyphs } from '../../host/default-spec.ts';
import { hostReadyMade } from '../../host/host-ready-made.ts';
import type { HomeroomClient } from '../../platform/homeroom-client.ts';
import { findOnDisk } from '../files/find-on-disk.ts';
import { importFound } from '../files/import-found.ts';
import { printLine, printStatus, progressBar } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';

interface DataOptions {
  readonly dataset?: string;
  readonly data?: string;
  readonly seed: number;
}

const isBuiltIn = (name: string): boolean => name === 'glyphs' || findReadyMade(name) !== undefined;

/**
 * What the demo trains on if it is not built in.
 * @throws UsageError that says which file is wrong and where
 */
export async function findDemoData({ dataset, data }: DataOptions): Promise<FoundData | null> {
  if (data !== undefined && dataset !== undefined && isBuiltIn(dataset))
    throw new UsageError(`${dataset} is built in: leave out --dataset, or --data`);
  if (data !== undefined) return findOnDisk(data, dataset === undefined ? {} : { name: dataset });
  if (dataset === undefined || isBuiltIn(dataset)) return null;
  throw new UsageError(
    `${dataset} is not built in (only glyphs, digits and penguins are): name the folder of its files with --data DIR`,
  );
}

/** Puts the data on the platform and describes them for the run. */
export async function hostDemoData(
  client: HomeroomClient,
  found: FoundData | null,
  { dataset = 'glyphs', seed }: DataOptions,
): Promise<Dataset> {
  if (!found) return dataset === 'glyphs' ? defaultGlyphs(seed) : hostReadyMade(client, dataset);
  const { name, shape } = found;
  const imported = await importFound(client, found, {
    ...{ name, seed },
    testShare: 0.2,
    wanted: { shape, fit: 'crop' },
    partition: { kind: 'iid' },
    onProgress: (done, total) => printStatus(`${progressBar(done / total)} importing ${name}`),
  });
  const [train, test] = [splitExamples(imported.dataset, 'train'), splitExamples(imported.dataset, 'test')];
  printLine(`Imported ${name}: ${train} training and ${test} test examples`);
  return imported.dataset;
}
