import { readyMadeSets } from '../../../shared/datasets/ready-made/ready-made-sets.ts';
import type { Dataset } from '../../../shared/protocol/dataset.ts';
import { describedBySize } from './set-by-size.ts';

/** The sets of the platform, and behind them the ready-made ones that it does not list under the same name. */
export const withReadyMade = (listed: readonly Dataset[]): readonly Dataset[] => [
  ...listed,
  ...readyMadeSets
    .filter(({ name }) => !listed.some(dataset => dataset.name === name))
    .map(({ trainExamples, testExamples, ...set }) =>
      describedBySize({
        ...set,
        ...{ train: { parts: 1, examples: trainExamples }, test: { parts: 1, examples: testExamples } },
      }),
    ),
];
