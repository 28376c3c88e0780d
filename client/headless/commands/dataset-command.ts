import { Command } from 'commander';
import { HomeroomClient } from '../../platform/homeroom-client.ts';
import { importDataset } from '../files/import-dataset.ts';
import { readDataset } from '../files/read-dataset.ts';
import { clearStatus, formatBytes, printStatus, progressBar } from '../terminal/terminal.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { choiceFlag, integerFlag, keyFlag, platformFlag } from './flags.ts';

interface ImportFlags {
  readonly to: string;
  readonly key?: string;
  readonly name?: string;
  readonly partition: 'iid' | 'dirichlet';
  readonly alpha: number;
  readonly seed: number;
}

export const datasetCommand = (): Command =>
  new Command('dataset').description('data sets of a platform').addCommand(importCommand());

const importCommand = (): Command =>
  new Command('import')
    .description(
      'cut a data set into parts and upload it: a folder of IDX files (MNIST, Fashion-MNIST) or CIFAR-10 binaries, .gz too',
    )
    .argument('<folder>', 'where the files lie')
    .addOption(platformFlag())
    .addOption(keyFlag())
    .option('--name <name>', 'its name in the list (default: the folder’s)')
    .addOption(
      choiceFlag('--partition <kind>', 'how examples are dealt into parts', ['iid', 'dirichlet'], 'iid'),
    )
    .option('--alpha <a>', 'how even a Dirichlet part is: small means few classes', positiveNumber, 1)
    .option('--seed <n>', 'seed of the partition', integerFlag(0, 2 ** 31 - 1), 1)
    .action(runImport);

function positiveNumber(text: string): number {
  const value = Number(text);
  if (value >= 0.001 && value <= 1_000) return value;
  throw new UsageError(`--alpha takes a number from 0.001 to 1000, not ${text}`);
}

async function runImport(
  folder: string,
  { to, key, name, partition, alpha, seed }: ImportFlags,
): Promise<void> {
  const files = readDataset(folder, name);
  const client = new HomeroomClient(to);
  const dataset = await importDataset(client, files, {
    partition: partition === 'iid' ? { kind: 'iid' } : { kind: 'dirichlet', alpha },
    seed,
    deploymentKey: key,
    onProgress: (done, total) => printStatus(`${progressBar(done / total)} part ${done} of ${total}`),
  });
  clearStatus();
  const bytes = [...dataset.train, ...dataset.test].reduce((sum, part) => sum + part.bytes, 0);
  console.log(
    `${dataset.name}: ${files.train.labels.length} training pictures in ${dataset.train.length} parts, ` +
      `${files.test.labels.length} test pictures in ${dataset.test.length}, ${formatBytes(bytes)} on ${client.origin}`,
  );
}
