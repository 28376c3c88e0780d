import { Command } from 'commander';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { type DemoOptions, runDemo } from '../demo/demo.ts';
import { addPlanFlags, cutOf, type PlanFlags, requirePlan } from '../plan/plan-flags.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { augmentFlag, backendFlag, choiceFlag, integerFlag } from './flags.ts';

type DemoFlags = Omit<DemoOptions, 'plan' | 'cut'> & PlanFlags;

export const demoCommand = (): Command =>
  addPlanFlags(
    new Command('demo')
      .description(
        'the main job on this machine: a platform, a run, volunteers; exit 0 when the target accuracy is reached',
      )
      .option('--volunteers <n>', 'headless volunteers, a worker thread each', integerFlag(1, 64), 4)
      .option('--rounds <n>', 'rounds to train', integerFlag(1, 1_000), 12)
      .addOption(
        choiceFlag(
          '--dataset <name>',
          'data set',
          ['glyphs', 'mnist', 'fashion-mnist', 'cifar-10'],
          'glyphs',
        ),
      )
      .option('--data <dir>', 'where the files of a data set lie that is not built in')
      .addOption(choiceFlag('--model <name>', 'model', zooNames, 'cnn')),
  )
    .addOption(augmentFlag())
    .addOption(backendFlag('wasm'))
    .option('--threads <n>', 'threads of each volunteer, at most', integerFlag(1, 64), 1)
    .option('--seed <n>', 'seed of model, data and order', integerFlag(0, 2 ** 31 - 1), 1)
    .option('--json <file>', 'write the figures to a file')
    .option('--keep', 'leave the platform up at the end and print its URL', false)
    .action(async (flags: DemoFlags) => {
      const options = { ...flags, plan: requirePlan(flags), cut: cutOf(flags) };
      process.exitCode = await runDemo(options, interruptSignal());
    });
