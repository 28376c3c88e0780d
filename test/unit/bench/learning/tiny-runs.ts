import type { LearningRun } from '../../../bench/learning/learning-run.ts';
import type { LearningFlags } from '../../../bench/learning/settings/learning-flags.ts';
import { readSettings, runsOf } from '../../../bench/learning/settings/settings.ts';

export const PLANS = 'conventional,growing-together,layer-to-layer';

/** Runs that take a second each, changed where told. */
export const tinyRuns = (flags: LearningFlags = {}): LearningRun[] =>
  runsOf(
    readSettings(
      {
        models: 'cnn-tiny',
        plans: PLANS,
        dataset: 'glyphs',
        examples: '200',
        seeds: '2',
        'lease-examples': '50',
        ...flags,
      },
      () => '',
    ),
  );
