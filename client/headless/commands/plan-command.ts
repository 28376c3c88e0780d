import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PlanOptions } from '../actions/print-plan.ts';
import { integerFlag, modelArgument } from './flags.ts';
import { addPlanFlags } from './plan-flags.ts';

export const planCommand = (command: Command): Command =>
  addPlanFlags(command.addArgument(modelArgument()))
    .option('--batch <n>', 'how many examples are trained on in one step', integerFlag(1, 1_024), 32)
    .addOption(
      new Option(
        '--input <shape>',
        'height, width and channels of a picture; 1 channel is grey, 3 are colour',
      )
        .default([32, 32, 3], '32x32x3')
        .argParser(readShape),
    )
    .option('--classes <n>', 'how many classes the network tells apart', integerFlag(2, 1_000), 10)
    .option('--json', 'print JSON for a script', false)
    .action(async (model: string, options: PlanOptions) =>
      (await import('../actions/print-plan.ts')).printPlan(model, options),
    );

/** `32x32x3` */
function readShape(text: string): [number, number, number] {
  const [, ...sizes] = /^(\d{1,4})x(\d{1,4})x(\d{1,4})$/.exec(text) ?? [];
  const [height = 0, width = 0, channels = 0] = sizes.map(Number);
  if (height > 0 && width > 0 && channels > 0) return [height, width, channels];
  throw new InvalidArgumentError('It takes height x width x channels of a picture, such as 32x32x3.');
}
