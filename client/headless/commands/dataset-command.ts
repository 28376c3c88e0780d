import { Command, InvalidArgumentError, Option } from 'commander';
import { MAX_SOURCE_LENGTH } from '../../../shared/protocol/dataset.ts';
import type { ImportFlags } from '../actions/import-dataset.ts';
import type { ListFlags } from '../actions/list-datasets.ts';
import type { RemoveDatasetFlags } from '../actions/remove-dataset.ts';
import { choiceFlag, integerFlag, keyFlag, nameFlag, pathFlag, platformFlag } from './flags.ts';
import { folderFlag } from './host-key-flags.ts';

export const datasetCommand = (command: Command): Command =>
  command.addCommand(importCommand()).addCommand(listCommand()).addCommand(removeCommand());

const importCommand = (): Command =>
  new Command('import')
    .description(
      'cut a data set into parts and upload it. It takes pictures (PNG, JPEG, WebP) in a folder for each class, CSV, IDX files (MNIST, EMNIST, QMNIST …), CIFAR-10 and CIFAR-100 binaries; as .gz, or all in a zip',
    )
    .argument('<path>', 'a folder, a file or a zip', pathFlag)
    .addOption(platformFlag())
    .addOption(keyFlag())
    .addOption(folderFlag())
    .option('--name <name>', 'its name in the list (default: the name of the folder or file)')
    .addOption(
      new Option(
        '--size <pixels>',
        'the size that pictures are brought to, in pixels: a side, or width x height such as 64x48 (default: the size of most, at most 64)',
      ).argParser(readSize),
    )
    .addOption(
      choiceFlag('--colour <kind>', 'whether pictures keep their colours (default: if they have any)', [
        'colour',
        'grey',
      ]),
    )
    .addOption(
      choiceFlag(
        '--fit <how>',
        'crop: the middle is cut out of a picture of other proportions; stretch: the whole is pressed into the size',
        ['crop', 'stretch'],
        'crop',
      ),
    )
    .option(
      '--label-column <column>',
      'the column of a CSV that has the classes: its name, or its place from 1',
    )
    .option('--table', 'take the numbers of a CSV as a table, though they look like pixels', false)
    .addOption(
      new Option(
        '--test-share <share>',
        'the share of each class that is kept for testing, if the files do not say it',
      )
        .default(0.2)
        .argParser(readTestShare),
    )
    .option(
      '--source <text>',
      'who made the data and what their licence is, for people',
      nameFlag(MAX_SOURCE_LENGTH),
    )
    .addOption(
      choiceFlag('--labels <kind>', 'which labels of CIFAR-100 are learnt', ['fine', 'coarse'], 'fine'),
    )
    .addOption(
      choiceFlag(
        '--partition <kind>',
        'how the examples are dealt into parts. iid: evenly; dirichlet: unevenly, each part with more of some classes',
        ['iid', 'dirichlet'],
        'iid',
      ),
    )
    .option(
      '--alpha <a>',
      'how even the parts of --partition dirichlet are: if it is small, a part has few classes',
      positiveNumber,
      1,
    )
    .option(
      '--seed <n>',
      'where the chance of the split and of the parts begins: the same number gives the same parts',
      integerFlag(0, 2 ** 31 - 1),
      1,
    )
    .option('--json', 'print JSON for a script', false)
    .action(async (path: string, flags: ImportFlags) =>
      (await import('../actions/import-dataset.ts')).importDataset(path, flags),
    );

const listCommand = (): Command =>
  new Command('list')
    .description('list the data sets that a run on this platform can have')
    .addOption(platformFlag())
    .option('--json', 'print JSON for a script', false)
    .action(async (flags: ListFlags) => (await import('../actions/list-datasets.ts')).listDatasets(flags));

const removeCommand = (): Command =>
  new Command('remove')
    .description('delete a data set that no run uses, with its parts')
    .argument('<name>', 'its name in the list')
    .addOption(platformFlag())
    .addOption(
      new Option(
        '--key <key>',
        'the key that the import told, or the deployment key. In HOMEROOM_KEY no other user of this machine can read it',
      ).env('HOMEROOM_KEY'),
    )
    .addOption(folderFlag())
    .action(async (name: string, flags: RemoveDatasetFlags) =>
      (await import('../actions/remove-dataset.ts')).removeDataset(name, flags),
    );

/** Reads `32` or `64x48`, width first as people say it. */
function readSize(text: string): { readonly height: number; readonly width: number } {
  const [, width = '', height = width] = /^(\d+)(?:[x×](\d+))?$/i.exec(text.trim()) ?? [];
  const [across, down] = [Number(width), Number(height)];
  if (across >= 1 && down >= 1 && across <= 1024 && down <= 1024) return { width: across, height: down };
  throw new InvalidArgumentError('It takes a side in pixels, such as 32, or width x height, such as 64x48.');
}

function readTestShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It takes a share between 0 and 1, such as 0.2.');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (value >= 0.001 && value <= 1_000) return value;
  throw new InvalidArgumentError('It takes a number from 0.001 to 1000.');
}
