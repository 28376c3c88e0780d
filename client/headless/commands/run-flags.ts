import type { Command } from 'commander';
import {
  type AggregationName,
  aggregationNames,
  aggregationTexts,
} from '../../../shared/protocol/aggregation-spec.ts';
import { MAX_ROOT_PARTS } from '../../../shared/protocol/root-set.ts';
import {
  checkChoices,
  KEPT_ROUNDS,
  MAX_DROP,
  MAX_ROUNDS,
  type RunSpec,
} from '../../../shared/protocol/run-spec.ts';
import {
  augmentFlag,
  choiceFlag,
  integerFlag,
  modelFlag,
  nameFlag,
  newCodeFlag,
  shareFlag,
  targetFlag,
} from './flags.ts';
import { addPlanFlags, type PlanFlags } from './plan-flags.ts';

/** How a run is described, by whichever command makes it. */
export interface RunFlags extends PlanFlags {
  readonly name?: string;
  /** The one that suits the data if it is left out. */
  readonly model?: string;
  readonly augment?: 'none' | 'flip-and-crop';
  readonly rounds: number;
  readonly target?: number;
  readonly volunteers: number;
  readonly roundPolicy: 'buffered' | 'synchronous';
  readonly aggregation?: AggregationName;
  readonly bucket: number;
  readonly root?: number;
  readonly check: RunSpec['policy']['check'];
  readonly keepRounds: number;
  readonly maxDrop: number;
  readonly code?: string;
  readonly seed: number;
}

/**
 * Adds what `create` and `demo` have in common.
 * @param standardRule says which rule a run goes by whose host names none
 */
export const addRunFlags = (command: Command, standardRule: string): Command =>
  addPlanFlags(command.option('--name <name>', 'the name of the run', nameFlag(80)).addOption(modelFlag()))
    .addOption(augmentFlag())
    .option('--target <share>', 'the test accuracy to reach, such as 0.95', targetFlag)
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
        `how the updates of a round become one change of the network.\n${aggregationNames.map(name => `${name}: ${aggregationTexts[name]}`).join('\n')}\n${standardRule}`,
        aggregationNames,
      ),
    )
    .option(
      '--bucket <n>',
      'how many updates are averaged before the rule (--aggregation) sees them',
      integerFlag(1, 64),
      1,
    )
    .option(
      '--root <parts>',
      'how many parts of the training data nobody trains on, so that a referee can tell harmful updates with them; 0: none (default: as few as have every class, if the data allow it)',
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
    .option('--code <code>', 'a code that people need to join (default: none)', newCodeFlag)
    .option(
      '--seed <n>',
      'where all chance begins: the same number gives the same network, data and order',
      integerFlag(0, 2 ** 31 - 1),
      1,
    );
