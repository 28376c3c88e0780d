import type { Command } from 'commander';
import { aggregationNames, aggregationTexts } from '../../../shared/protocol/aggregation-spec.ts';
import { MAX_ROOT_PARTS } from '../../../shared/protocol/root-set.ts';
import { checkChoices, KEPT_ROUNDS, MAX_DROP, MAX_ROUNDS } from '../../../shared/protocol/run-spec.ts';
import type { CreateOptions } from '../actions/create.ts';
import {
  augmentFlag,
  choiceFlag,
  integerFlag,
  keyFlag,
  modelFlag,
  nameFlag,
  newCodeFlag,
  platformFlag,
  shareFlag,
} from './flags.ts';
import { addPlanFlags } from './plan-flags.ts';

export const createCommand = (command: Command): Command =>
  addPlanFlags(
    command
      .addOption(platformFlag())
      .addOption(keyFlag())
      .option('--name <name>', 'name of the run', nameFlag(80), 'a run')
      .option('--dataset <name>', 'glyphs, or a data set that was imported', 'glyphs')
      .addOption(modelFlag()),
  )
    .addOption(augmentFlag())
    .option('--rounds <n>', 'rounds to train', integerFlag(1, MAX_ROUNDS), 20)
    .option('--target <share>', 'the test accuracy to reach, such as 0.95', shareFlag)
    .option('--volunteers <n>', 'updates that a round collects', integerFlag(1, 500), 4)
    .addOption(
      choiceFlag(
        '--round-policy <name>',
        'buffered: an update that comes late counts in the next round, a little less; synchronous: it is refused',
        ['buffered', 'synchronous'],
        'buffered',
      ),
    )
    .addOption(
      choiceFlag(
        '--aggregation <name>',
        `how the updates of a round become one.\n${aggregationNames.map(name => `${name}: ${aggregationTexts[name]}`).join('\n')}\nIf it is left out, the first of these that the run can go by: fltrust, geometric-median, clipped-mean`,
        aggregationNames,
      ),
    )
    .option('--bucket <n>', 'updates that are averaged before the rule sees them', integerFlag(1, 64), 1)
    .option(
      '--root <parts>',
      'training parts at the end that nobody trains on, so that a referee can tell harmful updates; 0: none (default: as few as have every class, if the data allow it)',
      integerFlag(0, MAX_ROOT_PARTS),
    )
    .addOption(
      choiceFlag(
        '--check <when>',
        'whether a referee measures each version on the parts that are held back, before it is out.\nif-present: if one is there; always: each round waits for one',
        checkChoices,
        'if-present',
      ),
    )
    .option(
      '--keep-rounds <n>',
      'rounds for which updates are kept, so that anyone can recompute the run; 0: for good',
      integerFlag(0, MAX_ROUNDS),
      KEPT_ROUNDS,
    )
    .option(
      '--max-drop <share>',
      'by how much a confirmed accuracy may fall before the run returns to its best version; 0: it never does',
      shareFlag,
      MAX_DROP,
    )
    .option('--code <code>', 'a code that joining needs', newCodeFlag)
    .option('--seed <n>', 'seed of model, data and order', integerFlag(0, 2 ** 31 - 1), 1)
    .option('--json', 'print JSON for a script', false)
    .action(async (options: CreateOptions) => (await import('../actions/create.ts')).create(options));
