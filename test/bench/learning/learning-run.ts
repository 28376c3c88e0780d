import type { Partition } from '../../../shared/protocol/dataset.ts';
import type { HeadStyle } from '../../../shared/protocol/head-style.ts';
import type { PlanSpec } from '../../../shared/protocol/plan-spec.ts';
import { type DeviceClass, describeDevices } from './devices/device-classes.ts';

/** What is made equal between plans (shared/plan/README.md, "A fair comparison"). */
export const MATCHES = ['flops', 'steps', 'bytes', 'rounds'] as const;
export type Match = (typeof MATCHES)[number];

/** `dev`: 2,000 training pictures kept apart, for tuning; `test`: used once, at the end. */
export const SPLITS = ['dev', 'test'] as const;
export type BenchSplit = (typeof SPLITS)[number];

/** One contender: a plan with its settings on a model, at its own learning rate. */
export interface Arm {
  /** What tables call it, for example `all-shallow`; it identifies nothing by itself. */
  readonly arm: string | null;
  /** A name in the zoo. */
  readonly model: string;
  readonly plan: PlanSpec;
  readonly rate: number;
  /** How the model is cut: into so many segments, or after these layers. If both are null, the zoo decides. */
  readonly segments: number | null;
  readonly cuts: readonly string[] | null;
  /** Style of its auxiliary heads; null takes the plan's. */
  readonly heads: HeadStyle | null;
  /** Whether every device has room for all, whatever the classes of the comparison: the bound. */
  readonly isAllStrong: boolean;
}

export interface Federated {
  readonly volunteers: number;
  readonly partition: Partition;
  /** Passes over a lease; null takes the plan's. */
  readonly localEpochs: number | null;
  /** What the volunteers' devices have room for; null if all have room for everything. */
  readonly devices: readonly DeviceClass[] | null;
  /** Whether each volunteer has pictures of its own, the same in every round. */
  readonly ownPictures: boolean;
}

/** What all arms of a comparison share. */
export interface Terms {
  readonly dataset: string;
  readonly examples: number;
  readonly match: Match;
  /** The budget in passes of conventional training over the pictures, by everyone. */
  readonly budget: number;
  readonly split: BenchSplit;
  readonly leaseExamples: number;
  readonly batch: number;
  readonly federated: Federated | null;
}

/** One training from a seed to an accuracy. */
export interface LearningRun extends Terms, Arm {
  readonly seed: number;
}

/** Leases of a round in all. */
export const leasesPerRound = ({ federated }: Terms): number => federated?.volunteers ?? 1;

/** A plan's settings in one text, in the order of its schema: `growAt=0.5 lambda=0.5`. */
export const describeSettings = ({ name: _, ...settings }: PlanSpec): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** `pool3`, `pool2+pool4`, `3 segments`, or nothing if the zoo decides. */
export const describeCut = ({ segments, cuts }: Pick<Arm, 'segments' | 'cuts'>): string => {
  if (cuts) return cuts.join('+');
  return segments === null ? '' : `${segments} segments`;
};

export const describePartition = (partition: Partition): string =>
  partition.kind === 'iid' ? 'iid' : `dirichlet:${partition.alpha}`;

/** What decides whether a run is the same as one that already has a row. */
export type RunFields = ReturnType<typeof fieldsOf>;

/** The run as flat fields: the beginning of its row, and what identifies it. */
export const fieldsOf = (run: LearningRun) => ({
  arm: run.arm,
  model: run.model,
  plan: run.plan.name as string,
  planSettings: describeSettings(run.plan),
  cut: describeCut(run),
  heads: run.heads as string | null,
  learningRate: run.rate,
  dataset: run.dataset,
  trainExamples: run.examples,
  seed: run.seed,
  match: run.match as string,
  budget: run.budget,
  split: run.split as string,
  batch: run.batch,
  leaseExamples: run.leaseExamples,
  federated: run.federated !== null,
  volunteers: run.federated?.volunteers ?? null,
  partition: run.federated ? describePartition(run.federated.partition) : null,
  localEpochs: run.federated?.localEpochs ?? null,
  devices: run.federated?.devices ? describeDevices(run.federated.devices) : null,
  allStrong: run.isAllStrong,
  ownPictures: run.federated?.ownPictures ?? false,
});

const KEY: readonly (keyof RunFields)[] = [
  'model',
  'plan',
  'planSettings',
  'cut',
  'heads',
  'learningRate',
  'dataset',
  'trainExamples',
  'seed',
  'match',
  'budget',
  'split',
  'batch',
  'leaseExamples',
  'federated',
  'volunteers',
  'partition',
  'localEpochs',
  'devices',
  'allStrong',
  'ownPictures',
];

/** Two runs with the same key are the same run. */
export const keyOf = (fields: RunFields): string => JSON.stringify(KEY.map(name => fields[name]));
