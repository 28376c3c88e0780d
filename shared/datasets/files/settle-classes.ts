import { MAX_CLASSES } from '../../protocol/part-size.ts';
import { accepted, type Result, refused } from '../../protocol/refusals.ts';
import { type Examples, isSameShape, type LabelledPictures } from '../examples.ts';
import type { ReadPictures, SlotSource } from './dataset-format.ts';
import { describeShape, type KnownSet } from './known-sets.ts';

interface Settled {
  readonly train: Examples;
  readonly test: Examples;
}

/**
 * Decides how many classes there are and makes the labels begin at 0. A known set says both. Otherwise the labels of both
 * splits do: EMNIST's letters and others count from 1. Refused as `malformed`: splits of different shapes, and one class.
 */
export function settleClasses(
  { train, test, classes }: ReadPictures,
  known: KnownSet | undefined,
  note: SlotSource['note'],
): Result<Settled> {
  if (!isSameShape(train.shape, test.shape))
    return refused(
      'malformed',
      `training pictures are ${describeShape(train.shape)}, test pictures ${describeShape(test.shape)}: they must be alike`,
    );
  const lowest = Math.min(least(train.labels), least(test.labels));
  const highest = Math.max(most(train.labels), most(test.labels));
  const first = classes === undefined ? firstLabel(lowest, known) : 0;
  if (first > 0) note(`labels begin at ${first}: label ${first} is class 0`);
  const count = classes ?? Math.max(known?.classes ?? 0, highest - first + 1);
  if (count < 2)
    return refused('malformed', `every picture has label ${highest}: there is nothing to tell apart`);
  return accepted({ train: relabel(train, first, count), test: relabel(test, first, count) });
}

/** A few pictures of a known set may lack its first class. Other data that begin at 1 count from 1. */
function firstLabel(lowest: number, known: KnownSet | undefined): number {
  const usual = known ? (known.firstLabel ?? 0) : 1;
  return (known ? lowest >= usual : lowest === usual) ? usual : 0;
}

const least = (labels: Uint8Array): number => labels.reduce((a, b) => Math.min(a, b), MAX_CLASSES);
const most = (labels: Uint8Array): number => labels.reduce((a, b) => Math.max(a, b), 0);

const relabel = (pictures: LabelledPictures, first: number, classes: number): Examples => ({
  ...pictures,
  classes,
  labels: first === 0 ? pictures.labels : pictures.labels.map(label => label - first),
});
