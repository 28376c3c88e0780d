import { type Command, InvalidArgumentError, Option } from 'commander';
import { zooNames } from '../../../shared/protocol/model-zoo.ts';
import { planNames } from '../../../shared/protocol/plan-spec.ts';
import type { CostOptions } from '../actions/print-cost.ts';
import { choiceFlag, integerFlag } from './flags.ts';

const MINUTES_A_DAY = 1_440;

export const costCommand = (command: Command): Command =>
  command
    .option('--volunteers <n>', 'who train together', integerFlag(1, 10_000_000), 30)
    .option('--minutes <n>', 'minutes of a day on which they train', integerFlag(1, MINUTES_A_DAY), 60)
    .option('--days <n>', 'such days in a month', integerFlag(1, 31), 20)
    .addOption(
      new Option(
        '--updates <n>',
        'updates that a round wants; as many as there are volunteers, and all of them work all the time (default: a tenth of the volunteers, 4 to 500)',
      ).argParser(integerFlag(1, 500)),
    )
    .addOption(choiceFlag('--model <name>', 'network of the zoo', zooNames, 'cnn'))
    .addOption(choiceFlag('--plan <name>', 'learning plan', planNames, 'layer-to-layer'))
    .addOption(
      new Option(
        '--lease-seconds <s>',
        'how long the median device computes for one update (default: as a laptop of 2 billion multiply-accumulates a second does)',
      ).argParser(readSeconds),
    )
    .option(
      '--spectators <n>',
      'pages of the run that others leave open meanwhile',
      integerFlag(0, 10_000_000),
      1,
    )
    .option('--json', 'print JSON for a script', false)
    .action(async (options: CostOptions) => (await import('../actions/print-cost.ts')).printCost(options));

const LEAST_S = 0.1;
const MOST_S = 3_600;

function readSeconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= LEAST_S && value <= MOST_S) return value;
  throw new InvalidArgumentError(`It takes seconds from ${LEAST_S} to ${MOST_S}, such as 2.5.`);
}
