import { type Command, InvalidArgumentError, Option } from 'commander';
import { type PlanName, planNames } from '../../../shared/protocol/plan-spec.ts';
import { choiceFlag, integerFlag } from './flags.ts';

/** How a network is cut and by which plan it learns. */
export interface PlanFlags {
  readonly plan: PlanName;
  readonly set: Readonly<Record<string, string>>;
  readonly segments?: number;
  readonly cut?: readonly string[];
}

/** Adds the flags that every command has by which a run is described. */
export const addPlanFlags = (command: Command): Command =>
  command
    .addOption(
      choiceFlag(
        '--plan <name>',
        'the learning plan: who trains which layers, and what they learn from. shared/plan/README.md explains each',
        planNames,
        'layer-to-layer',
      ),
    )
    .option(
      '--set <settings>',
      'settings of the plan, such as alpha=0.5,beta=0.5; a wrong one is told with those that there are',
      readSettings,
      {},
    )
    .addOption(
      new Option(
        '--segments <k>',
        'into how many segments the network is cut: parts that are trained apart (default: 2)',
      )
        .argParser(integerFlag(1, 64))
        .conflicts('cut'),
    )
    .option('--cut <layers>', 'the layers after which the network is cut, such as pool1,pool2', readLayers);

/** Reads `alpha=0.5,beta=0.5`. The flag may come again with more settings. */
function readSettings(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = text.split(',').map(pair => {
    const [, name, value] = /^\s*(\w+)\s*=\s*([^=\s]+)\s*$/.exec(pair) ?? [];
    if (name === undefined || value === undefined)
      throw new InvalidArgumentError('It takes settings and their values, such as alpha=0.5,beta=0.5.');
    return [name, value] as const;
  });
  return { ...before, ...Object.fromEntries(pairs) };
}

function readLayers(text: string): string[] {
  const layers = text.split(',').map(layer => layer.trim());
  if (layers.every(layer => layer !== '')) return layers;
  throw new InvalidArgumentError('It takes names of layers, such as pool1,pool2.');
}

/** How a trainer is told to cut the network. */
export const cutOf = ({ segments, cut }: Pick<PlanFlags, 'segments' | 'cut'>) => ({
  ...(segments === undefined ? {} : { segments }),
  ...(cut === undefined ? {} : { cuts: cut }),
});
