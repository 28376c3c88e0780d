import {
  datasetClasses,
  datasetShape,
  exampleKind,
  isTable,
  splitExamples,
} from '../../../shared/protocol/dataset.ts';
import type { RunInfo } from '../../../shared/protocol/messages.ts';
import { parametersOf, parametersOfBody } from '../../../shared/protocol/model-outline.ts';
import type { RunSpec } from '../../../shared/protocol/run-spec.ts';
import { planSettings } from '../../host/plan-settings.ts';
import { formatCount, formatDuration, formatPercent, formatSetting, formatShortCount } from '../ui/format.ts';
import { settingsWords } from '../words/settings-words.ts';
import { countLayers } from './network-places.ts';

/** What it is called and what it is, in words. A value may be several lines. */
export type ToldSetting = readonly [name: string, value: string | readonly string[]];

export interface SettingGroup {
  readonly title: string;
  readonly settings: readonly ToldSetting[];
}

/** All by which a run was made, in words, for whoever wants to know or to do it again. */
export function runSettings({ spec, model }: Pick<RunInfo, 'spec' | 'model'>): readonly SettingGroup[] {
  const words = settingsWords();
  return [
    { title: words.data, settings: dataSettings(spec) },
    { title: words.network, settings: networkSettings(model) },
    { title: words.plan, settings: planLines(spec) },
    { title: words.training, settings: trainingSettings(spec) },
    { title: words.rounds, settings: roundSettings(spec) },
    { title: words.together, settings: defenceSettings(spec) },
  ];
}

/** As many names as people read. */
const MOST_NAMES = 20;

function dataSettings({ dataset, root }: RunSpec): ToldSetting[] {
  const words = settingsWords();
  const { height, width, channels } = datasetShape(dataset);
  const names = dataset.kind === 'hosted' ? (dataset.classNames ?? []) : [];
  const told = names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ', …' : '');
  const { partition } = dataset;
  return [
    [words.dataset, `${dataset.name}, ${dataset.kind === 'glyphs' ? words.drawn : words.hosted}`],
    [
      words.examples(exampleKind(dataset)),
      words.exampleCounts(
        formatCount(splitExamples(dataset, 'train')),
        formatCount(splitExamples(dataset, 'test')),
      ),
    ],
    [
      words.shape,
      isTable(dataset) ? words.columns(formatCount(width)) : words.shapeOf(height, width, channels),
    ],
    [words.classCount, words.classNames(formatCount(datasetClasses(dataset)), told)],
    [
      words.partition,
      partition.kind === 'iid'
        ? words.evenly(exampleKind(dataset))
        : words.skewed(formatSetting(partition.alpha)),
    ],
    ...(root ? [[words.heldBack, words.heldBackParts(root.parts)] as const] : []),
  ];
}

function networkSettings(model: RunInfo['model']): ToldSetting[] {
  const words = settingsWords();
  const layersOf = (layers: readonly string[]): string =>
    countLayers(layers)
      .map(({ name, count }) => (count > 1 ? `${name} ×${count}` : name))
      .join(', ');
  return [
    [words.model, model.name],
    [words.parameters, formatCount(parametersOfBody(model))],
    [
      words.segments,
      model.segments.map(segment =>
        words.segment(segment.id, formatShortCount(parametersOf(segment)), layersOf(segment.layers)),
      ),
    ],
  ];
}

function planLines({ plan }: RunSpec): ToldSetting[] {
  const words = settingsWords();
  const values = new Map<string, string | number>(Object.entries(plan));
  return [
    [words.planName, [plan.name, words.planSummary(plan.name)]],
    ...planSettings(plan.name).flatMap((setting): ToldSetting[] => {
      const value = values.get(setting.name);
      // A run of an older release may lack one.
      if (value === undefined) return [];
      const told =
        typeof value === 'number'
          ? formatSetting(value)
          : setting.kind === 'choice'
            ? words.planChoice(setting, value)
            : value;
      return [[words.planLabel(setting), told]];
    }),
  ];
}

function trainingSettings({ training, seed, dataset }: RunSpec): ToldSetting[] {
  const words = settingsWords();
  const kind = exampleKind(dataset);
  return [
    [words.batch(kind), formatCount(training.batch)],
    [words.learningRate, words.rateFalls(formatSetting(training.learningRate))],
    [words.momentum, formatSetting(training.momentum)],
    [words.weightDecay, formatSetting(training.weightDecay)],
    [words.augment(kind), words.augmentOf(training.augment)],
    [words.parts, formatCount(training.partsPerLease)],
    [words.partsFor, words.partsForOf(training.partsFor)],
    // A seed is copied into a form, so it has no marks between its digits.
    [words.seed, words.seedHint(String(seed))],
  ];
}

function roundSettings({ rounds, targetAccuracy, stopAtTarget, policy }: RunSpec): ToldSetting[] {
  const words = settingsWords();
  return [
    [words.roundCount, formatCount(rounds)],
    [words.target, words.targetOf(formatPercent(targetAccuracy), stopAtTarget)],
    [
      words.updates,
      words.updatesOf(
        formatCount(policy.updatesPerRound),
        formatCount(policy.minUpdates),
        formatSetting(policy.overIssue),
      ),
    ],
    [words.late, words.lateOf(policy.rounds, policy.maxStaleness)],
    [words.task, words.atMost(formatDuration(policy.leaseMs))],
    [words.round, words.atMost(formatDuration(policy.roundMs))],
    [words.people, words.peopleOf(formatCount(policy.minVolunteers), formatCount(policy.maxVolunteers))],
    [words.tests, words.testsOf(policy.evaluators)],
    [words.kept, words.keptOf(policy.keepRounds)],
  ];
}

function defenceSettings({ aggregation, robust, codec, policy }: RunSpec): ToldSetting[] {
  const words = settingsWords();
  const takesHostile = aggregation === 'trimmed-mean' || aggregation === 'multi-krum';
  return [
    [words.rule, [aggregation, words.ruleText(aggregation)]],
    ...(takesHostile ? [[words.hostile, formatPercent(robust.hostile)] as const] : []),
    [words.codec, words.codecs[codec.name]],
    [words.check, words.checkOf(policy.check)],
    [words.drop, words.dropOf(policy.maxDrop === 0 ? null : formatPercent(policy.maxDrop))],
  ];
}
