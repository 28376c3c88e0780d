import type { Command } from 'commander';
import type { DemoFlags } from '../actions/demo.ts';
import { backendFlag, choiceFlag, integerFlag, pathFlag } from './flags.ts';
import { addRunFlags } from './run-flags.ts';

export const demoCommand = (command: Command): Command =>
  addRunFlags(
    command
      .option(
        '--volunteers <n>',
        'volunteers without a browser, each in a thread of its own',
        integerFlag(1, 64),
        4,
      )
      .option(
        '--weak <n>',
        'how many of them have little memory: room for the early layers only (takes --plan depth-federated if no plan is named)',
        integerFlag(0, 64),
        0,
      )
      .option('--rounds <n>', 'how many rounds the run has', integerFlag(1, 1_000), 12)
      .addOption(
        choiceFlag('--dataset <name>', 'the data set (default: glyphs, or what --data names)', [
          'glyphs',
          'digits',
          'penguins',
          'mnist',
          'fashion-mnist',
          'cifar-10',
        ]),
      )
      .option(
        '--data <dir>',
        'the folder or file of a data set that is not built in: any that `dataset import` takes',
        pathFlag,
      ),
    'If it is left out, clipped-mean: all volunteers are its own',
  )
    .addOption(backendFlag('wasm'))
    .option('--threads <n>', 'the most threads that each volunteer uses', integerFlag(1, 64), 1)
    .option('--json <file>', 'write the figures to a file, as JSON', pathFlag)
    .option('--keep', 'leave the platform up at the end and print its address', false)
    .action(async (flags: DemoFlags) =>
      (await import('../actions/demo.ts')).demo(flags, command.getOptionValueSource('plan') !== 'default'),
    );
