import { fieldsOf, keyOf, type LearningRun } from '../learning-run.ts';
import type { Pair } from '../report/pairs.ts';
import { spreadOf } from '../report/statistics.ts';
import { isDone, type LearningRow } from '../rows.ts';
import type { ArmRequest } from '../settings/read-arms.ts';
import type { BenchTerms } from '../settings/read-terms.ts';

/** One comparison of a queue: its arms at its seeds under its terms. */
export interface BenchEntry {
  /** Null if the flags say what is compared. */
  readonly name: string | null;
  /** The file of its rows. */
  readonly out: string;
  readonly terms: BenchTerms;
  readonly arms: readonly EntryArm[];
  readonly seeds: readonly number[];
  /** Seeds on the development split by which an arm's rate is chosen, if it has several. */
  readonly tuneSeeds: readonly number[];
  readonly pairs: readonly Pair[];
}

export interface EntryArm extends Omit<ArmRequest, 'rate'> {
  /** The arm's rate. If there are several, the best on the development split. */
  readonly rates: readonly number[];
}

/** A run of an entry. The rate of some is known only when others are done. */
export interface Item {
  readonly entry: BenchEntry;
  readonly arm: EntryArm;
  readonly seed: number;
  /** The rate that is tried on the development split; null if the run has the arm's rate, on the split of the terms. */
  readonly tries: number | null;
}

/** Newest rows by the key of their run. */
export type RowsByKey = ReadonlyMap<string, LearningRow>;

/** All runs of an entry in their order: first those that choose rates, then the others. Seed by seed, arm by arm. */
export function itemsOf(entry: BenchEntry): Item[] {
  const tuned = entry.arms.filter(({ rates }) => rates.length > 1);
  const tries = entry.tuneSeeds.flatMap(seed =>
    tuned.flatMap(arm => arm.rates.map(rate => ({ entry, arm, seed, tries: rate }))),
  );
  const own = entry.seeds.flatMap(seed => entry.arms.map(arm => ({ entry, arm, seed, tries: null })));
  return [...tries, ...own];
}

/** The run of an item; null as long as its rate is not chosen. */
export function runOf({ entry, arm, seed, tries }: Item, rows: RowsByKey): LearningRun | null {
  if (tries !== null) return runAt(entry, arm, seed, tries, true);
  const rate = arm.rates.length > 1 ? chooseRate(entry, arm, rows) : arm.rates[0];
  return rate === undefined || rate === null ? null : runAt(entry, arm, seed, rate, false);
}

/** The same with a rate that it may have, for what does not depend on the rate. */
export const sampleRun = ({ entry, arm, seed, tries }: Item): LearningRun =>
  runAt(entry, arm, seed, tries ?? arm.rates[0] ?? 1, tries !== null);

/** Whether it is known that the item's rate cannot be chosen: all rates were tried, and none learns. */
export const isHopeless = ({ entry, arm, tries }: Item, rows: RowsByKey): boolean =>
  tries === null &&
  arm.rates.length > 1 &&
  isTried(entry, arm, rows) &&
  chooseRate(entry, arm, rows) === null;

/** Why an item is not run, for people, if all others are done. */
export function whyHeldBack(item: Item, rows: RowsByKey): string {
  const { arm, seed } = item;
  const name = `${arm.model} ${arm.arm ?? arm.plan.name} seed ${seed}`;
  const rates = arm.rates.join(', ');
  return isHopeless(item, rows)
    ? `${name} is not run: at each of the rates ${rates} the loss left the range of numbers.`
    : `${name} is held back: a try of one of its rates ${rates} has failed, which the next start repeats.`;
}

export const isItemDone = (item: Item, rows: RowsByKey): boolean => {
  const run = runOf(item, rows);
  const row = run && rows.get(keyOf(fieldsOf(run)));
  return row !== null && row !== undefined && isDone(row);
};

function runAt(
  { terms }: BenchEntry,
  { rates: _, ...arm }: EntryArm,
  seed: number,
  rate: number,
  isTry: boolean,
): LearningRun {
  return { ...terms, ...(isTry ? { split: 'dev' } : {}), ...arm, rate, seed };
}

/**
 * The rate with the highest mean accuracy on the development split, among those that diverged at the fewest seeds. Null
 * if some try is missing, or if all diverged. It is read from the rows, so that a bench that goes on chooses the same.
 */
function chooseRate(entry: BenchEntry, arm: EntryArm, rows: RowsByKey): number | null {
  if (!isTried(entry, arm, rows)) return null;
  const tried = arm.rates.map(rate => {
    const accuracies = triesOf(entry, arm, rate, rows).flatMap(row => row?.accuracy ?? []);
    return { rate, count: accuracies.length, mean: spreadOf(accuracies).mean };
  });
  const most = Math.max(...tried.map(({ count }) => count));
  if (most === 0) return null;
  const whole = tried.filter(({ count }) => count === most);
  return whole.reduce((best, one) => (one.mean > best.mean ? one : best)).rate;
}

const isTried = (entry: BenchEntry, arm: EntryArm, rows: RowsByKey): boolean =>
  arm.rates.every(rate => triesOf(entry, arm, rate, rows).every(row => row && isDone(row)));

const triesOf = (entry: BenchEntry, arm: EntryArm, rate: number, rows: RowsByKey) =>
  entry.tuneSeeds.map(seed => rows.get(keyOf(fieldsOf(runAt(entry, arm, seed, rate, true)))));
