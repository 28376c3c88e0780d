import { createRandom, shuffled } from '../../math/random.ts';
import type { FoundData, FoundItem } from './found-data.ts';

export interface SplitChoice {
  /** The share of each class that is tested with and never trained on, if the source does not say it. */
  readonly testShare: number;
  readonly seed: number;
}

export interface FoundSplit {
  readonly train: number[];
  readonly test: number[];
  /** Whether the source says which are for testing. */
  readonly isGiven: boolean;
}

/**
 * The indices of the items that are trained on and tested with. If the source does not say, the same share of every class is
 * drawn by the seed. A class of two or more has at least one of each; the only one of a class is trained on.
 */
export function splitFound(
  { items }: Pick<FoundData, 'items'>,
  { testShare, seed }: SplitChoice,
): FoundSplit {
  const isGiven = (['train', 'test'] as const).every(split => items.some(item => item.split === split));
  const test = isGiven ? undefined : drawTest(items, testShare, seed);
  const isTest = (item: FoundItem, i: number): boolean => (test ? test.has(i) : item.split === 'test');
  const indices = items.map((_, i) => i);
  return {
    train: indices.filter(i => !isTest(items[i] as FoundItem, i)),
    test: indices.filter(i => isTest(items[i] as FoundItem, i)),
    isGiven,
  };
}

function drawTest(items: readonly FoundItem[], share: number, seed: number): Set<number> {
  const classes = new Map<number, number[]>();
  for (const [i, { label }] of items.entries()) {
    const members = classes.get(label);
    if (members) members.push(i);
    else classes.set(label, [i]);
  }
  const drawn = [...classes].flatMap(([label, members]) => {
    const wanted = Math.min(members.length - 1, Math.max(1, Math.round(share * members.length)));
    return shuffled(createRandom('test-split', seed, label), members).slice(0, wanted);
  });
  return new Set(drawn);
}
