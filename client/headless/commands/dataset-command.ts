import { Command } from 'commander';
import type { ImportFlags } from '../actions/import-folder.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { choiceFlag, integerFlag, keyFlag, platformFlag } from './flags.ts';
import { folderFlag } from './host-key-flags.ts';

export const datasetCommand = (command: Command): Command => command.addCommand(importCommand());

const importCommand = (): Command =>
  new Command('import')
    .description(
      'cut a data set into parts and upload it; takes IDX files (MNIST, Fashion-MNIST, EMNIST …) or CIFAR-10 and CIFAR-100 binaries, also as .gz',
    )
    .argument('<folder>', 'the folder of the files')
    .addOption(platformFlag())
    .addOption(keyFlag())
    .addOption(folderFlag())
    .option('--name <name>', 'its name in the list (default: the name of the folder)')
    .addOption(
      choiceFlag('--labels <kind>', 'which labels of CIFAR-100 are learnt', ['fine', 'coarse'], 'fine'),
    )
    .addOption(
      choiceFlag('--partition <kind>', 'how examples are dealt into parts', ['iid', 'dirichlet'], 'iid'),
    )
    .option(
      '--alpha <a>',
      'evenness of Dirichlet parts: if it is small, a part has few classes',
      positiveNumber,
      1,
    )
    .option('--seed <n>', 'seed of the partition', integerFlag(0, 2 ** 31 - 1), 1)
    .action(async (folder: string, flags: ImportFlags) =>
      (await import('../actions/import-folder.ts')).importFolder(folder, flags),
    );

function positiveNumber(text: string): number {
  const value = Number(text);
  if (value >= 0.001 && value <= 1_000) return value;
  throw new UsageError(`--alpha takes a number from 0.001 to 1000, not ${text}`);
}
