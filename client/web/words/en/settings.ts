import { type AggregationName, aggregationTexts } from '../../../../shared/protocol/aggregation-spec.ts';
import type { ExampleKind } from '../../../../shared/protocol/dataset.ts';
import type { PlanName } from '../../../../shared/protocol/plan-spec.ts';
import type { RunSpec } from '../../../../shared/protocol/run-spec.ts';
import { type PlanSetting, planSummary } from '../../../host/plan-settings.ts';
import { examples } from './examples.ts';
import { many } from './many.ts';

type Policy = RunSpec['policy'];
type Training = RunSpec['training'];

const checks: Readonly<Record<Policy['check'], string>> = {
  off: 'nobody, as the run was made',
  'if-present': 'a referee, while one is there',
  always: 'a referee, and each version waits for one',
};

export const settings = {
  data: 'Data',
  dataset: 'Data set',
  drawn: 'drawn by each device from the seed; nothing is downloaded',
  hosted: 'downloaded by those who train, part by part',
  examples: (kind: ExampleKind) => examples[kind].title,
  exampleCounts: (train: string, test: string) => `${train} to train on, ${test} to test on`,
  shape: 'Size',
  columns: (count: string) => `${count} columns`,
  shapeOf: (height: number, width: number, channels: number) =>
    `${height} × ${width}, ${channels === 1 ? 'grey' : channels === 3 ? 'colour' : `${channels} channels`}`,
  classCount: 'Classes',
  classNames: (count: string, names: string) => (names === '' ? count : `${count}: ${names}`),
  partition: 'How they are spread',
  evenly: (kind: ExampleKind) => `evenly: each part has ${examples[kind].more} of all classes`,
  skewed: (alpha: string) => `unevenly: parts differ in their classes (Dirichlet, α ${alpha})`,
  heldBack: 'Held back',
  heldBackParts: (parts: number) => `${many(parts, 'part')}, on which nobody but referees trains`,

  network: 'Network',
  model: 'Name',
  parameters: 'Parameters',
  segments: 'Segments',
  segment: (id: string, parameters: string, layers: string) => `${id}, ${parameters} parameters: ${layers}`,

  plan: 'Learning plan',
  planName: 'Plan',
  planSummary: (plan: PlanName): string => planSummary(plan),
  planLabel: (setting: PlanSetting): string => setting.text.label,
  planChoice: (setting: PlanSetting, choice: string): string => setting.text.choices?.[choice] ?? choice,

  training: 'Training',
  batch: (kind: ExampleKind) => `${examples[kind].title} a step`,
  learningRate: 'Learning rate',
  rateFalls: (rate: string) => `${rate} at the start; a cosine takes it to 0 by the last round`,
  momentum: 'Momentum',
  weightDecay: 'Weight decay',
  augment: (kind: ExampleKind) => `Changes of the ${examples[kind].more}`,
  augmentOf: (augment: Training['augment']): string =>
    augment === 'none' ? 'none' : 'flipped and cropped, drawn anew for each task',
  parts: 'Parts of the data for a task',
  partsFor: 'Who trains on which part',
  partsForOf: (whose: Training['partsFor']): string =>
    whose === 'anyone' ? 'anyone, on the next ones' : 'each volunteer on parts of its own',
  seed: 'Seed',
  seedHint: (seed: string) => `${seed}; by it the same is drawn again`,

  rounds: 'Rounds',
  roundCount: 'Rounds planned',
  target: 'Target accuracy',
  targetOf: (target: string, stops: boolean) =>
    `${target}; ${stops ? 'the run ends there' : 'the run goes on'}`,
  updates: 'Updates wanted a round',
  updatesOf: (wanted: string, least: string, issued: string) =>
    `${wanted}, at least ${least} of a role; ${issued} × as many tasks are given out`,
  late: 'Late updates',
  lateOf: (rounds: Policy['rounds'], staleness: number) =>
    rounds === 'synchronous'
      ? 'count no more'
      : `count up to ${many(staleness, 'round')} later, and weigh less`,
  task: 'Time for a task',
  round: 'Time for a round',
  atMost: (time: string) => `at most ${time}`,
  people: 'Volunteers',
  peopleOf: (least: string, most: string) => `from ${least} on, at most ${most}`,
  tests: 'Who tests versions',
  testsOf: (who: Policy['evaluators']): string => (who === 'volunteers' ? 'any volunteer' : 'referees only'),
  kept: 'Kept',
  keptOf: (rounds: number) =>
    rounds === 0 ? 'updates and versions for good' : `updates and versions for ${many(rounds, 'round')}`,

  together: 'How updates become a version',
  rule: 'Rule',
  ruleText: (rule: AggregationName): string => aggregationTexts[rule],
  codec: 'How updates are sent',
  codecs: { f32: '32 bits a weight (f32)', f16: '16 bits a weight (f16)' },
  hostile: 'Share that may be hostile',
  check: 'Who checks versions first',
  checkOf: (check: Policy['check']): string => checks[check],
  drop: 'If the accuracy falls',
  dropOf: (drop: string | null) =>
    drop === null ? 'the run goes on' : `by more than ${drop} in all, the run returns to its best version`,
};
export type SettingsWords = Readonly<typeof settings>;
