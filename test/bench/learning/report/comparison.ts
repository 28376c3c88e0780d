import type { LearningRow } from '../rows.ts';
import { type Difference, pairedDifference, type Spread, spreadOf } from './statistics.ts';

/** The runs of one plan at one rate with one set of settings; they differ in their seed. */
export interface ArmResult {
  readonly rows: readonly LearningRow[];
  /** The first of them, for what they have in common. */
  readonly sample: LearningRow;
  /** Shares of right pictures, in [0, 1]. */
  readonly accuracy: Spread;
  /** Difference to the baseline; null for that arm itself, and if there is none. */
  readonly difference: Difference | null;
  readonly isBaseline: boolean;
  readonly failures: readonly LearningRow[];
}

/** Everything that ran under the same terms on one model. */
export interface Comparison {
  readonly sample: LearningRow;
  readonly arms: readonly ArmResult[];
}

/** Groups rows that can be compared; each plan stands beside the baseline. */
export const comparisonsOf = (rows: readonly LearningRow[]): Comparison[] =>
  groupBy(rows, termsKey).flatMap(group => {
    const [sample] = group;
    return sample ? [{ sample, arms: armsOf(group) }] : [];
  });

function armsOf(rows: readonly LearningRow[]): ArmResult[] {
  const arms = groupBy(rows, armKey);
  const baseline = bestOf(arms.filter(([first]) => first && isExclusive(first)));
  return arms.flatMap(arm => {
    const [sample] = arm;
    if (!sample) return [];
    const isBaseline = arm === baseline;
    return {
      rows: arm,
      sample,
      accuracy: spreadOf(accuraciesOf(arm)),
      difference: isBaseline || !baseline ? null : pairedDifference(bySeed(baseline), bySeed(arm)),
      isBaseline,
      failures: arm.filter(({ accuracy }) => accuracy === null),
    };
  });
}

/**
 * Whether a run is of what the others must beat: conventional training. If devices differ, this leaves out the weak ones,
 * and the student alone leaves out the later layers: the better of both counts. What needs other devices is no baseline.
 */
export const isExclusive = ({ plan, devices, allStrong }: LearningRow): boolean =>
  !allStrong && (plan === 'conventional' || (devices !== null && plan === 'student-alone'));

/** Of several arms, for example of several rates, the one with the highest mean, among those that have failed least. */
export function bestOf(arms: readonly (readonly LearningRow[])[]): readonly LearningRow[] | null {
  const most = Math.max(0, ...arms.map(arm => accuraciesOf(arm).length));
  const whole = arms.filter(arm => most > 0 && accuraciesOf(arm).length === most);
  const means = whole.map(arm => spreadOf(accuraciesOf(arm)).mean);
  return whole[means.indexOf(Math.max(...means))] ?? null;
}

const accuraciesOf = (rows: readonly LearningRow[]): number[] =>
  rows.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));

const bySeed = (rows: readonly LearningRow[]): Map<number, number> =>
  new Map(rows.flatMap(({ seed, accuracy }) => (accuracy === null ? [] : [[seed, accuracy] as const])));

const termsKey = (row: LearningRow): string => {
  const { model, dataset, trainExamples, match, budget, split, batch, leaseExamples } = row;
  const { federated, volunteers, partition, devices, ownPictures } = row;
  return JSON.stringify([
    model,
    dataset,
    trainExamples,
    match,
    budget,
    split,
    batch,
    leaseExamples,
    federated,
    volunteers,
    partition,
    devices,
    ownPictures,
  ]);
};

const armKey = (row: LearningRow): string => {
  const { plan, planSettings, cut, heads, learningRate, localEpochs, allStrong } = row;
  return JSON.stringify([plan, planSettings, cut, heads, learningRate, localEpochs, allStrong]);
};

/** In the order in which each key came first. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}
