import type { LabelChoice } from '../../../shared/datasets/files/dataset-format.ts';
import { toOneLine } from '../../../shared/protocol/one-line.ts';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { requireOrigin } from '../commands/require-origin.ts';
import { importDataset } from '../files/import-dataset.ts';
import { readDataset } from '../files/read-dataset.ts';
import { ownDeploymentKey } from '../local-platform/own-deployment-key.ts';
import { clearStatus, formatBytes, printLine, printStatus, progressBar } from '../terminal/terminal.ts';

export interface ImportFlags {
  readonly to: string;
  readonly key?: string;
  readonly folder: string;
  readonly name?: string;
  readonly labels: LabelChoice;
  readonly partition: 'iid' | 'dirichlet';
  readonly alpha: number;
  readonly seed: number;
}

/** Cuts a folder's data set into parts, uploads them and says what the platform has now. */
export async function importFolder(
  folder: string,
  { to, key, folder: dataFolder, name, labels, partition, alpha, seed }: ImportFlags,
): Promise<void> {
  const files = await readDataset(folder, name, labels);
  for (const note of files.notes) console.error(toOneLine(note));
  const client = new HomeroomClient(requireOrigin(to));
  const dataset = await importDataset(client, files, {
    partition: partition === 'iid' ? { kind: 'iid' } : { kind: 'dirichlet', alpha },
    seed,
    // The owner of a platform on this machine may replace a set.
    deploymentKey: key ?? ownDeploymentKey(client.origin, dataFolder),
    onProgress: (done, total) => printStatus(`${progressBar(done / total)} part ${done} of ${total}`),
  });
  clearStatus();
  const bytes = [...dataset.train, ...dataset.test].reduce((sum, part) => sum + part.bytes, 0);
  printLine(
    `${dataset.name}: ${files.train.labels.length} training pictures in ${dataset.train.length} parts, ` +
      `${files.test.labels.length} test pictures in ${dataset.test.length}, ${formatBytes(bytes)} on ${client.origin}`,
  );
}
