import { type Command, Option } from 'commander';
import { MAX_ROUNDS } from '../../../shared/protocol/run-spec.ts';
import type { CreateOptions } from '../actions/create.ts';
import { integerFlag, keyFlag, platformFlag } from './flags.ts';
import { addRunFlags } from './run-flags.ts';

export const createCommand = (command: Command): Command =>
  addRunFlags(
    command
      .addOption(platformFlag())
      .addOption(keyFlag())
      .option(
        '--dataset <name>',
        'glyphs, digits or penguins, which are built in, or a data set that was imported',
        'glyphs',
      )
      .option('--rounds <n>', 'how many rounds the run has', integerFlag(1, MAX_ROUNDS), 20)
      .option(
        '--volunteers <n>',
        'how many updates a round waits for: about as many as there are volunteers',
        integerFlag(1, 500),
        4,
      ),
    'If it is left out, the first of these that the run can go by: fltrust, geometric-median, clipped-mean',
  )
    .addOption(
      new Option('--public', 'show the run in the list to everybody (usual on a laptop)').conflicts(
        'unlisted',
      ),
    )
    .addOption(
      new Option(
        '--unlisted',
        'let only those find the run who have its link (usual on a deployment)',
      ).conflicts('public'),
    )
    .option('--json', 'print JSON for a script', false)
    .action(async (options: CreateOptions) => (await import('../actions/create.ts')).create(options));
